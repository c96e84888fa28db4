"""From a rendered video to a finished one, by events."""

import json

import pytest
from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_testkit.figures import figure


@pytest.fixture
async def rendered(ada, platform, make_engine, work):
    """A video that waits to be signed."""
    video = await ada.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    return await ada.get(video.id)


async def test_a_signed_video_is_completed_and_its_files_are_found(ada, platform, rendered, eventually):
    key = await platform.seal(rendered.id)
    video = await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    assert (video.progress, video.notes, video.completed_at >= video.created_at) == (100, ["no birds"], True)
    assert (await ada.content(video.id)).key == key
    assert (await ada.content(video.id, pb.VARIANT_CAPTIONS)).content_type == "text/vtt"
    assert [event.video_key for event in await platform.published(events_pb2.VideoCompleted)] == [key]


async def test_thumbnail_and_sprite_sheet_are_the_signed_ones(ada, platform, rendered):
    key = await platform.seal(rendered.id)
    await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    assert (await ada.content(rendered.id, pb.VARIANT_THUMBNAIL)).key == key.replace("video.mp4", "thumbnail.webp")
    assert (await ada.content(rendered.id, pb.VARIANT_SPRITESHEET)).key == key.replace("video.mp4", "spritesheet.jpg")


async def test_what_is_unsigned_is_removed_and_the_rest_stays(ada, platform, rendered, eventually):
    key = await platform.seal(rendered.id)
    for unsigned in ("raw.mp4", "thumbnail.webp", "spritesheet.jpg"):
        await eventually(lambda unsigned=unsigned: platform.gone(key.replace("sealed/video.mp4", unsigned)))
    for kept in (key, key.replace("video.mp4", "thumbnail.webp"), key.replace("sealed/video.mp4", "captions.vtt")):
        assert await platform.stored(kept)


async def test_a_seal_told_twice_counts_once(ada, platform, rendered, eventually):
    key = await platform.seal(rendered.id)
    await platform.seal(rendered.id)
    await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    await eventually(lambda: platform.gone(key.replace("sealed/video.mp4", "raw.mp4")))
    assert len(await platform.published(events_pb2.VideoCompleted)) == 1
    assert await platform.stored(key)


async def test_the_seal_of_another_attempt_does_not_count(ada, platform, rendered, eventually):
    stale = await platform.seal(rendered.id, attempt_id="stale")
    for name in ("video.mp4", "thumbnail.webp"):
        await eventually(lambda name=name: platform.gone(stale.replace("video.mp4", name)))
    assert (await ada.get(rendered.id)).status == pb.VIDEO_STATUS_IN_PROGRESS


async def test_a_video_that_cannot_be_signed_fails(ada, platform, rendered, eventually):
    await platform.cannot_seal(rendered.id, "the file is broken")
    failed = await ada.becomes(rendered.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, "the file is broken" in failed.error_message) == ("seal_failed", True)


@pytest.mark.parametrize("ending", ["cancel", "delete"])
async def test_a_video_that_was_ended_while_it_was_signed_leaves_no_file(ada, platform, rendered, eventually, ending):
    attempt_id = await platform.attempt(rendered.id)
    await getattr(ada, ending)(rendered.id)
    key = await platform.seal(rendered.id, attempt_id)
    await eventually(lambda: platform.gone(key))
    assert await platform.published(events_pb2.VideoCompleted) == []


async def test_a_remix_keeps_the_size_the_seed_and_its_source(ada, platform, rendered, eventually):
    await platform.seal(rendered.id)
    source = await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    remix = await ada.remix(source.id, "at night")
    assert (remix.remixed_from_video_id, remix.size, remix.seed, remix.prompt) == (source.id, source.size, source.seed, "at night")
    assert remix.status == pb.VIDEO_STATUS_QUEUED


async def test_an_extension_tells_the_old_story_and_goes_on(ada, platform, rendered, eventually):
    await platform.seal(rendered.id)
    source = await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    longer = await ada.extend(source.id, "Then she waves", seconds=8)
    assert (longer.remixed_from_video_id, longer.size, longer.seconds) == (source.id, source.size, source.seconds + 8)
    before, after = (json.loads(video.storyboard_json) for video in (source, longer))
    assert after["shots"][: len(before["shots"])] == before["shots"]
    assert sum(shot["duration"] for shot in after["shots"]) == pytest.approx(source.seconds + 8)


async def test_a_video_is_not_extended_beyond_two_minutes(ada, platform, rendered, eventually):
    await platform.seal(rendered.id)
    await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    await platform.sql("UPDATE videos SET duration = 110")
    refused = await ada.refused(ada.extend(rendered.id, "and on", seconds=20))
    assert (refused.param, "at most 10 s" in refused.message) == ("seconds", True)


async def test_a_deleted_video_takes_all_its_files_along(ada, platform, rendered, eventually):
    key = await platform.seal(rendered.id)
    await ada.becomes(rendered.id, pb.VIDEO_STATUS_COMPLETED)
    await ada.delete(rendered.id)
    await eventually(lambda: platform.gone(key))
    assert await eventually(lambda: platform.gone(key.replace("sealed/video.mp4", "captions.vtt")))


async def test_operators_are_told_how_long_it_took_to_begin_and_to_be_shown(ada, platform, make_engine, work):
    def counted():
        return [figure(f"kinora_generation_{what}_seconds_count", engine="world-1") for what in ("wait", "engine", "shown")]

    before, waited, shown = counted(), figure("kinora_generation_wait_seconds_sum"), figure("kinora_generation_shown_seconds_sum")
    ended = figure("kinora_generation_videos_ended_total", state="completed")
    video = await ada.create()
    await platform.sql("UPDATE videos SET created_at = created_at - interval '100 s'")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    await platform.seal(video.id)
    await ada.becomes(video.id, pb.VIDEO_STATUS_COMPLETED)
    assert counted() == [count + 1 for count in before]
    assert 100 <= figure("kinora_generation_wait_seconds_sum") - waited < 115
    assert 100 <= figure("kinora_generation_shown_seconds_sum") - shown < 115
    assert figure("kinora_generation_videos_ended_total", state="completed") == ended + 1


async def test_operators_are_told_why_videos_fail(ada, platform, rendered):
    before = figure("kinora_generation_videos_ended_total", state="failed", reason="seal_failed")
    await platform.cannot_seal(rendered.id, "the file is broken")
    await ada.becomes(rendered.id, pb.VIDEO_STATUS_FAILED)
    assert figure("kinora_generation_videos_ended_total", state="failed", reason="seal_failed") == before + 1
