"""Who holds a job, on the database's clock."""

import asyncio

import pytest
from kinora.engine.v1.engine_pb2 import RenderProgress, RenderResult
from kinora.generation.v1 import events_pb2
from kinora_generation import run_video
from kinora_generation.engines import WORLD
from kinora_generation.errors import LeaseLost


async def run_out(platform):
    await platform.sql("UPDATE videos SET lease_until = now() - interval '1 second' WHERE state = 'running'")


async def waited(platform):
    await platform.sql("UPDATE videos SET not_before = now()")


def result(lease):
    return RenderResult(video_key=f"{lease.video.attempt_folder}/raw.mp4", engine="scripted", engine_version="1")


async def test_a_leased_job_is_not_given_twice(queue):
    await queue.put("ada")
    assert await queue.take() is not None
    assert await queue.take() is None


async def test_a_silent_workers_job_is_retaken(queue, platform):
    video_id = await queue.put("ada")
    first = await queue.take()
    await run_out(platform)
    assert await queue.take() is None  # it went back, and waits out its delay
    await waited(platform)
    second = await queue.take()
    assert second.video.id == video_id
    assert (first.attempt, second.attempt) == (1, 2)


async def test_a_stale_workers_result_is_refused(queue, platform):
    await queue.put("ada")
    stale = await queue.take()
    await run_out(platform)
    await run_video.reap(queue.db, queue.settings)
    await waited(platform)
    fresh = await queue.take()
    with pytest.raises(LeaseLost):
        await run_video.rendered(queue.db, stale, result(stale))
    await run_video.rendered(queue.db, fresh, result(fresh))
    assert [event.attempt_id for event in await platform.published(events_pb2.VideoRendered)] == [fresh.video.attempt_id]


async def test_a_stale_worker_can_neither_beat_nor_give_up_nor_give_back(queue, platform):
    await queue.put("ada")
    stale = await queue.take()
    await run_out(platform)
    await run_video.reap(queue.db, queue.settings)
    await waited(platform)
    await queue.take()
    for late in (
        run_video.beat(queue.db, queue.settings, stale, RenderProgress(fraction=0.9)),
        run_video.lost(queue.db, queue.settings, stale, "late"),
        run_video.give_back(queue.db, queue.settings, stale),
    ):
        with pytest.raises(LeaseLost):
            await late


async def test_a_result_counts_once(queue, platform):
    await queue.put("ada")
    lease = await queue.take()
    done = await asyncio.gather(*(run_video.rendered(queue.db, lease, result(lease)) for _ in range(5)), return_exceptions=True)
    assert sum(each is None for each in done) == 1
    assert len(await platform.published(events_pb2.VideoRendered)) == 1


async def test_beats_keep_the_lease(queue, platform):
    await queue.put("ada")
    lease = await queue.take()
    await run_out(platform)
    await run_video.beat(queue.db, queue.settings, lease, None)
    await run_video.reap(queue.db, queue.settings)
    await run_video.rendered(queue.db, lease, result(lease))
    assert len(await platform.published(events_pb2.VideoRendered)) == 1


async def test_a_job_that_loses_its_engine_keeps_its_place(queue, platform):
    first = await queue.put("ada")
    await queue.put("ada")
    await queue.put("bob")
    await run_video.lost(queue.db, queue.settings, await queue.take(), "gone")
    await waited(platform)
    assert (await queue.take()).video.id == first


async def test_after_five_losses_it_fails(queue, platform):
    video_id = await queue.put("ada")
    for _ in range(5):
        await waited(platform)
        await run_video.lost(queue.db, queue.settings, await queue.take(), "gone")
    [failed] = await platform.published(events_pb2.VideoFailed)
    assert (failed.video_id, failed.code) == (video_id, "engine_unavailable")


async def test_a_worker_that_shuts_down_costs_the_job_nothing(queue):
    video_id = await queue.put("ada")
    await run_video.give_back(queue.db, queue.settings, await queue.take())
    again = await queue.take()
    assert (again.video.id, again.video.losses, again.attempt) == (video_id, 0, 2)


async def test_the_estimate_learns_from_finished_jobs(queue, platform):
    await queue.put("ada", cost=1)
    lease = await queue.take()
    await platform.sql("UPDATE videos SET leased_at = now() - interval '101 seconds'")
    await run_video.rendered(queue.db, lease, result(lease))
    [row] = await platform.sql("SELECT rate FROM engine_rates")
    assert 20 < row.rate < 22


async def test_an_engine_has_no_more_jobs_at_once_than_instances(queue, platform):
    for _ in range(2):
        await queue.put("ada")
    bounded = queue.with_settings(engines=(WORLD.model_copy(update={"at_once": 1}),))
    first = await bounded.take()
    assert await bounded.take() is None
    await run_video.rendered(queue.db, first, result(first))
    assert await bounded.take() is not None
