"""The laws of the weighted fair queue, on the real tables."""

import asyncio
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
accounts = st.sampled_from(["ada", "bob", "cleo", "dan"])
jobs = st.lists(st.tuples(accounts, st.sampled_from([1.0, 3.0, 10.0])), min_size=1, max_size=20)


async def emptied(queue):
    turns = []
    while (lease := await queue.take()) is not None:
        turns.append(lease.video)
    return turns


async def started_over(platform):
    await platform.sql("TRUNCATE videos, shares, pool_shares, pool_clocks, ledger")


@few
@given(jobs)
async def test_ones_own_jobs_keep_their_order(platform, queue, jobs):
    await started_over(platform)
    put = {account: [] for account, _ in jobs}
    for account, cost in jobs:
        put[account].append(await queue.put(account, cost))
    turns = await emptied(queue)
    assert {account: [video.id for video in turns if video.account_id == account] for account in put} == put


@few
@given(backlog=jobs, served=st.integers(0, 10))
async def test_a_newcomer_waits_for_at_most_one_job_of_each_other_account(platform, queue, backlog, served):
    await started_over(platform)
    for account, cost in backlog:
        await queue.put(account, cost)
    for _ in range(min(served, len(backlog))):
        await queue.take()
    await queue.put("newcomer")
    order = [video.account_id for video in await emptied(queue)]
    before = Counter(order[: order.index("newcomer")])
    assert all(count == 1 for count in before.values())


@few
@given(weight=st.sampled_from([2.0, 3.0, 4.0]), costs=st.lists(st.sampled_from([1.0, 2.0, 5.0]), min_size=24, max_size=24))
async def test_engine_time_is_shared_by_weight(platform, queue, weight, costs):
    await started_over(platform)
    for cost in costs:
        await queue.put("ada", cost)
        await queue.put("bob", cost, weight=weight)
    given_s = Counter()
    for _ in range(len(costs)):
        lease = await queue.take()
        given_s[lease.video.account_id] += lease.video.estimate
    assert abs(given_s["bob"] / weight - given_s["ada"]) <= max(costs) * (1 + 1 / weight)  # Goyal et al., theorem 1


@few
@given(jobs)
async def test_the_place_that_is_shown_is_the_place_that_is_served(platform, queue, jobs):
    await started_over(platform)
    put = [await queue.put(account, cost) for account, cost in jobs]
    shown = await queue.places()
    assert sorted(put, key=lambda video_id: shown[video_id].ahead) == [video.id for video in await emptied(queue)]


async def test_one_account_with_a_long_queue_does_not_delay_the_others(queue):
    for _ in range(30):
        await queue.put("ada")
    for account in ("bob", "cleo", "dan"):
        await queue.put(account)
    first = [(await queue.take()).video.account_id for _ in range(4)]
    assert set(first) == {"ada", "bob", "cleo", "dan"}


async def test_idleness_earns_no_credit(queue):
    for _ in range(10):
        await queue.put("ada")
    for _ in range(5):
        await queue.take()
    for _ in range(5):
        await queue.put("bob")
    order = [video.account_id for video in await emptied(queue)]
    assert Counter(order[:4]) == {"ada": 2, "bob": 2}


async def test_many_workers_never_get_the_same_job(queue):
    put = [await queue.put(account) for account in ("ada", "bob", "cleo") for _ in range(10)]
    taken = await asyncio.gather(*(emptied(queue) for _ in range(4)))
    assert sorted(video.id for turns in taken for video in turns) == sorted(put)


async def test_a_cancelled_job_was_free_of_charge(queue, platform):
    cancelled = await queue.put("ada", cost=100)
    await queue.put("ada")
    await queue.put("bob")
    await platform.sql("UPDATE videos SET state = 'cancelled' WHERE id = :id", id=cancelled)
    assert (await queue.take()).video.account_id == "ada"


async def test_the_queue_survives_a_restart(queue, platform):
    for account in ("ada", "ada", "bob"):
        await queue.put(account)
    await queue.take()
    await platform.db._engine.dispose()
    assert (await queue.take()).video.account_id == "bob"


async def test_tags_that_ran_ahead_at_one_engine_delay_nobody_at_another(queue):
    for _ in range(3):
        await queue.put("ada", cost=1000, model="ltx-2")
        await queue.take("ltx-2")
    for _ in range(5):
        await queue.put("cleo")
    for account in ("ada", "bob"):
        await queue.put(account)
    assert {(await queue.take()).video.account_id for _ in range(3)} == {"ada", "bob", "cleo"}


@few
@given(st.lists(st.tuples(accounts, st.sampled_from(["world-1", "ltx-2"]), st.sampled_from([1.0, 100.0])), min_size=1, max_size=20))
async def test_workers_of_two_engines_serve_each_as_fairly_as_one_of_its_own_would(platform, queue, jobs):
    await started_over(platform)
    for account, model, cost in jobs:
        await queue.put(account, cost, model=model)
    places = await queue.places()
    turns = {"world-1": [], "ltx-2": []}
    while (lease := await queue.take("world-1", "ltx-2")) is not None:
        turns[lease.video.model].append(places[lease.video.id].ahead)
    assert all(ahead == list(range(len(ahead))) for ahead in turns.values())


async def test_the_engine_whose_turn_came_first_is_served_first(queue):
    for _ in range(3):
        await queue.put("ada", cost=1000, model="ltx-2")
        await queue.take("ltx-2")
    older = await queue.put("ada", model="ltx-2")
    await queue.put("bob")
    assert (await queue.take("world-1", "ltx-2")).video.id == older


async def test_a_video_that_the_release_before_has_queued_is_served(queue, platform):
    await queue.put("ada")
    await platform.sql("TRUNCATE pool_shares, pool_clocks, ledger")
    assert (await queue.take()).video.account_id == "ada"
    assert await platform.sql("SELECT 1 FROM shares") != []
