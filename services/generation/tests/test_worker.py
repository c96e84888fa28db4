"""The worker at a scripted engine that speaks Triton's protocol."""

import asyncio
import time

import pytest
from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb


async def test_a_queued_video_is_rendered_and_handed_on_for_signing(ada, platform, make_engine, work):
    video = await ada.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    [request], [event] = engine.requests, await platform.published(events_pb2.VideoRendered)
    assert request.output_prefix == f"videos/{video.id}/{event.attempt_id}"
    assert (request.width, request.height, request.fps) == (720, 1280, 24)
    assert event.sealed_key == f"{request.output_prefix}/sealed/video.mp4"
    assert [(still.key, still.sealed_key, still.content_type) for still in event.stills] == [
        (f"{request.output_prefix}/{name}", f"{request.output_prefix}/sealed/{name}", content_type)
        for name, content_type in (("thumbnail.webp", "image/webp"), ("spritesheet.jpg", "image/jpeg"))
    ]


async def test_an_idle_worker_hears_of_a_new_video_at_once(ada, platform, make_engine, work):
    async with make_engine() as engine, work(engine.url, poll_s=60):
        await asyncio.sleep(0.5)  # it has looked, and there was nothing
        await ada.create()
        await platform.rendered()


async def test_a_watcher_sees_progress_and_a_preview(ada, platform, make_engine, work):
    video = await ada.create()
    async with make_engine() as engine, work(engine.url):
        seen = [reply async for reply in sealed_when_rendered(ada, platform, video.id)]
    assert {reply.video.progress for reply in seen} >= {0, 50, 99, 100}
    assert [reply.preview_webp for reply in seen if reply.preview_webp] == [b"webp"]
    assert seen[-1].video.status == pb.VIDEO_STATUS_COMPLETED


async def sealed_when_rendered(ada, platform, video_id):
    async for reply in ada.watch(video_id):
        yield reply
        if reply.video.stage == "signing":
            await platform.seal(video_id)


async def test_passes_are_made_found_and_deleted_with_the_video(ada, platform, make_engine, work, eventually):
    video = await ada.create(passes=["depth", "pose"])
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    await platform.seal(video.id)
    done = await ada.becomes(video.id, pb.VIDEO_STATUS_COMPLETED)
    found = [await ada.content(video.id, variant) for variant in (pb.VARIANT_DEPTH, pb.VARIANT_POSE, pb.VARIANT_PASSES)]
    assert list(done.passes) == list(engine.requests[0].passes) == ["depth", "pose"]
    assert [(file.content_type, await platform.stored(file.key)) for file in found] == [
        ("video/x-matroska", True), ("application/json", True), ("application/json", True),
    ]  # fmt: skip
    assert (await ada.refused(ada.content(video.id, pb.VARIANT_MOTION))).reason == "NoSuchVariant"
    assert list((await ada.remix(video.id, "bluer")).passes) == ["depth", "pose"]
    await ada.delete(video.id)
    await eventually(lambda: platform.gone(found[0].key))


async def test_a_refused_video_fails_at_once_and_says_why(ada, make_engine, work):
    video = await ada.create()
    async with make_engine("refuses") as engine, work(engine.url):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, failed.error_message) == ("invalid_storyboard", "shots[0]: nobody there")
    assert (failed.attempts, len(engine.requests)) == (1, 1)


async def test_an_engine_that_breaks_every_time_fails_the_video(ada, make_engine, work):
    video = await ada.create()
    async with make_engine("breaks") as engine, work(engine.url, max_losses=3):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, len(engine.requests)) == ("engine_unavailable", 3)


async def test_a_crash_in_the_middle_is_survived(ada, platform, make_engine, work, eventually):
    async def hangs_once(engine, request):
        if len(engine.requests) == 1:
            await asyncio.sleep(60)
        yield await engine.store(request)

    video = await ada.create()
    async with make_engine(hangs_once) as engine, work(engine.url):
        await eventually(lambda: engine.requests)
        await engine.crash()
        await ada.becomes(video.id, pb.VIDEO_STATUS_QUEUED)
        await engine.start()
        await platform.rendered()
    assert [request.attempt_id for request in engine.requests][1] == await platform.attempt(video.id)
    assert len(await platform.published(events_pb2.VideoRendered)) == 1


async def test_an_engine_that_is_away_costs_no_tries(ada, platform, make_engine, work):
    video = await ada.create()
    async with make_engine() as engine:
        await engine.crash()
        async with work(engine.url):
            await asyncio.sleep(0.5)
            waiting = await ada.get(video.id)
            await engine.start()
            await platform.rendered()
    assert (waiting.status, waiting.attempts) == (pb.VIDEO_STATUS_QUEUED, 0)


async def test_a_silent_engine_counts_as_lost(ada, make_engine, work):
    video = await ada.create()
    async with make_engine("hangs") as engine, work(engine.url, engine_silence_s=0.2, max_losses=1):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert failed.error_code == "engine_unavailable"


@pytest.mark.parametrize("ending", ["cancel", "delete"])
async def test_cancelling_reaches_the_engine_within_a_second(ada, make_engine, work, ending, eventually):
    video = await ada.create()
    async with make_engine("hangs") as engine, work(engine.url, beat_s=0.25):
        await ada.becomes(video.id, pb.VIDEO_STATUS_IN_PROGRESS)
        await eventually(lambda: engine.requests)
        began = time.monotonic()
        await getattr(ada, ending)(video.id)
        await asyncio.wait_for(engine.cancelled.wait(), 5)
    assert time.monotonic() - began < 1


async def test_a_cancelled_video_stays_cancelled_and_its_worker_goes_on(ada, platform, make_engine, work, eventually):
    async def stubborn(engine, request):
        if len(engine.requests) == 1:
            await asyncio.sleep(60)
        yield await engine.store(request)

    video = await ada.create()
    async with make_engine(stubborn) as engine, work(engine.url):
        await eventually(lambda: engine.requests)
        assert (await ada.cancel(video.id)).status == pb.VIDEO_STATUS_CANCELLED
        other = await ada.create()
        await platform.rendered()
    assert (await ada.get(video.id)).error_code == "cancelled"
    assert [event.video_id for event in await platform.published(events_pb2.VideoRendered)] == [other.id]


async def test_a_worker_that_is_stopped_gives_its_job_back(ada, make_engine, work, eventually):
    video = await ada.create()
    async with make_engine("hangs") as engine, work(engine.url):
        await eventually(lambda: engine.requests)
    assert (await ada.get(video.id)).status == pb.VIDEO_STATUS_QUEUED


async def test_a_clip_stored_elsewhere_is_not_accepted(ada, platform, make_engine, work):
    async def elsewhere(engine, request):
        request.output_prefix = "videos/another"
        yield await engine.store(request)

    video = await ada.create()
    async with make_engine(elsewhere) as engine, work(engine.url, max_losses=1):
        await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert await platform.published(events_pb2.VideoRendered) == []


async def test_two_workers_render_every_video_exactly_once(ada, bob, platform, make_engine, work):
    made = [await user.create() for user in (ada, bob) for _ in range(5)]
    async with make_engine() as engine, work(engine.url), work(engine.url):
        await platform.rendered(len(made))
    assert sorted(event.video_id for event in await platform.published(events_pb2.VideoRendered)) == sorted(video.id for video in made)
    assert len(engine.requests) == len(made)


async def test_a_database_that_breaks_off_mid_job_loses_and_doubles_nothing(ada, platform, make_engine, work, eventually):
    made = [await ada.create() for _ in range(5)]
    async with make_engine() as engine, work(engine.url, lease_s=1.5), work(engine.url, lease_s=1.5):
        for _ in range(5):
            await eventually(lambda: engine.requests)
            await break_connections(platform)
            await asyncio.sleep(0.1)
        rendered = await platform.rendered(len(made))
    assert sorted(event.video_id for event in rendered) == sorted(video.id for video in made)


async def break_connections(platform):
    admin = await platform.db.dedicated()
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    await admin.close()
