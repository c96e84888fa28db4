"""Pools that stand at zero, and KEDA's way of asking."""

import asyncio

import pytest

POOL = "kinora-pool-world"


@pytest.fixture
def watched(scaler):
    def watching(engine="world-1", minimum=0, idle_s=300, name=POOL, **settings):
        return scaler({name: {"engine": engine, "min": minimum, "idle_s": idle_s}}, **settings)

    return watching


async def test_a_pool_at_zero_is_woken_by_the_first_video(watched, generation, cluster, eventually):
    async with watched():
        await asyncio.sleep(0.3)
        assert cluster.replicas == 0
        generation.waits(1, 30)
        await eventually(lambda: cluster.replicas == 1)


async def test_what_runs_keeps_it_awake_and_idleness_puts_it_to_sleep(watched, generation, cluster, eventually):
    cluster.resize(3)
    generation.waits(0, jobs_running=1)
    async with watched(idle_s=0.2):
        await asyncio.sleep(0.6)
        assert cluster.replicas == 3
        generation.waits(0)
        await eventually(lambda: cluster.replicas == 0)


async def test_a_pool_with_a_minimum_never_sleeps_and_is_woken_to_it(watched, generation, cluster, eventually):
    generation.waits(1)
    async with watched(minimum=2, idle_s=0):
        await eventually(lambda: cluster.replicas == 2)
        generation.waits(0)
        await asyncio.sleep(0.3)
    assert cluster.replicas == 2


async def test_between_zero_and_many_it_is_the_autoscalers(watched, generation, cluster):
    cluster.resize(2)
    generation.waits(500, 20_000)
    async with watched():
        await asyncio.sleep(0.3)
    assert cluster.replicas == 2


async def test_silence_changes_nothing(watched, generation, cluster):
    cluster.resize(1)
    generation.away = True
    async with watched(idle_s=0):
        await asyncio.sleep(0.3)
    assert cluster.replicas == 1


async def test_who_scales_a_pool_meanwhile_is_not_overruled(watched, cluster, capsys):
    cluster.resize(1)
    cluster.between.append(lambda: cluster.resize(4))
    async with watched(idle_s=0, look_every_s=60):
        await asyncio.sleep(0.5)
    assert cluster.replicas == 4
    assert "the object has been modified" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pool", "reason"),
    [({"name": "another"}, '"another" is forbidden'), ({"engine": "world-2"}, "there is no engine world-2; there are: world-1, ltx-2")],
)
async def test_an_operator_reads_why_a_pool_is_not_scaled(watched, capsys, pool, reason):
    async with watched(**pool):
        await asyncio.sleep(0.3)
    assert reason in capsys.readouterr().out


async def test_keda_is_told_the_same_without_a_certificate(scaler, caller, generation):
    generation.waits(3, 90, running_engine_seconds=10, jobs_running=1, wait_p95_seconds=61.5)
    async with scaler(external_metrics=False) as url, caller(url) as client:
        told = await client.get("/engines/world-1")
        assert told.json() == {"engine_seconds": 100, "wait_p95_seconds": 61.5, "jobs_waiting": 3, "jobs_running": 1}
        unknown = await client.get("/engines/world-2")
        assert (unknown.status_code, unknown.json()["message"]) == (404, "there is no engine world-2; there are: world-1, ltx-2")
        assert (await client.get("/apis")).status_code == 404
