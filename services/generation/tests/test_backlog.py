"""What waits and runs at each engine, as whoever scales them is told."""

import asyncio
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_generation.backlog import watch_backlog
from kinora_generation.domain import remaining
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user
from prometheus_client import REGISTRY

SCALER = Identity("scaler", "service")
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def backlog(platform):
    async def of_world():
        world, *_ = (await platform.stub.GetBacklog(pb.GetBacklogRequest(), metadata=as_user(SCALER))).engines
        assert world.model == "world-1"
        return world

    return of_world


async def test_an_engine_without_work_has_none_before_it(backlog):
    assert await backlog() == pb.EngineBacklog(model="world-1")


async def test_engine_seconds_of_waiting_and_running_videos_are_told_apart(backlog, queue):
    for cost in (30, 20, 10):
        await queue.put("ada", cost)
    await queue.take()
    world = await backlog()
    assert (world.jobs_waiting, world.waiting_engine_seconds) == (2, 30)
    assert (world.jobs_running, round(world.running_engine_seconds)) == (1, 30)


async def test_the_job_of_a_worker_that_fell_silent_waits(backlog, queue, platform):
    await queue.put("ada", 30)
    await queue.take()
    await platform.sql("UPDATE videos SET lease_until = now() - interval '1 second'")
    world = await backlog()
    assert (world.jobs_waiting, world.waiting_engine_seconds, world.jobs_running, world.running_engine_seconds) == (1, 30, 0, 0)


async def test_one_in_twenty_waits_for_longer_than_the_95th_percentile(backlog, queue, platform):
    for _ in range(100):
        await queue.put("ada")
    await platform.sql(
        "UPDATE videos SET created_at = now() - interval '1 second' * (SELECT count(*) FROM videos v WHERE v.place > videos.place)"
    )
    world = await backlog()
    assert (round(world.wait_p95_seconds), round(world.oldest_wait_seconds)) == (95, 99)


@few
@given(estimate=st.floats(1, 600), elapsed=st.floats(0, 900), fraction=st.sampled_from([0, 0.0625, 0.125, 0.5, 0.75, 1]))
async def test_what_running_videos_still_need_is_what_their_makers_are_told(backlog, queue, platform, estimate, elapsed, fraction):
    await platform.sql("TRUNCATE videos, shares")
    await queue.put("ada", estimate)
    await queue.take()
    changed = "UPDATE videos SET leased_at = now() - make_interval(secs => :elapsed), fraction = :fraction"
    await platform.sql(changed, elapsed=elapsed, fraction=fraction)
    expected = remaining(estimate, elapsed, fraction)
    assert abs((await backlog()).running_engine_seconds - expected) < 0.01 * expected + 5  # the clock goes on


async def test_prometheus_is_told_by_engine(queue, platform, eventually):
    await queue.put("ada", 30)
    watching = asyncio.create_task(watch_backlog(platform.db, queue.settings.engines))
    name, engine = "kinora_generation_queued_engine_seconds", {"engine": "world-1"}
    await eventually(lambda: REGISTRY.get_sample_value(name, engine) == 30)
    assert REGISTRY.get_sample_value("kinora_generation_jobs", engine | {"state": "waiting"}) == 1
    watching.cancel()


async def test_people_are_not_told(ada):
    assert (await ada.refused(ada.ask("GetBacklog", pb.GetBacklogRequest()))).reason == "ServicesOnly"


@pytest.mark.slow
async def test_a_hundred_thousand_that_wait_are_summed_at_once(backlog, queue, platform):
    await queue.put("ada", 30)
    columns = (
        "account_id, model, prompt, negative_prompt, width, height, fps, duration, seconds, seed, storyboard, notes, "
        "first_frame_key, remixed_from, traceparent, estimate"
    )
    await platform.sql(f"INSERT INTO videos (id, {columns}) SELECT 'v' || n, {columns} FROM videos, generate_series(2, 100000) n")  # noqa: S608
    await platform.sql("ANALYZE videos")
    began = time.monotonic()
    world = await backlog()
    took_s = time.monotonic() - began
    await platform.sql("TRUNCATE videos")
    assert (world.jobs_waiting, world.waiting_engine_seconds) == (100_000, 3_000_000)
    assert took_s < 0.5
    print(f"100,000 waiting videos summed in {1000 * took_s:.0f} ms")  # noqa: T201
