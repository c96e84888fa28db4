"""What a maker does with videos, over gRPC."""

import asyncio
import json

import grpc
import pytest
from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user

MODERATOR = Identity("acct_mo", "moderator", frozenset({"admin"}))


async def test_a_prompt_is_directed_and_queued(ada, platform):
    video = await ada.create("A woman waves in a park.", size="1280x720", seconds=8, seed=3)
    assert (video.status, video.size, video.seconds, video.seed) == (pb.VIDEO_STATUS_QUEUED, "1280x720", 8, 3)
    assert video.model == "world-1"
    assert '"shots"' in video.storyboard_json
    assert [event.video_id for event in await platform.published(events_pb2.VideoQueued)] == [video.id]


async def test_what_is_left_out_has_defaults(ada):
    video = await ada.create("A woman waves in a park.")
    assert (video.model, video.size, video.seconds) == ("world-1", "720x1280", 4)


async def test_an_alias_names_the_engine(ada):
    assert (await ada.create(model="sora-2-pro")).model == "world-1"


async def test_a_storyboard_is_taken_as_it_is(ada):
    video = await ada.create(storyboard_json='{"seed": 9, "shots": [{"duration": 2.5, "place": "park"}]}')
    assert (video.seconds, video.seed, video.prompt) == (3, 9, "")


async def test_a_seed_and_a_style_go_over_a_storyboard(ada):
    video = await ada.create(seed=5, style="anime")
    assert (video.seed, '"style":"anime"' in video.storyboard_json) == (5, True)


async def test_the_same_request_twice_makes_one_video(ada):
    first, second = await asyncio.gather(*(ada.create("A dog runs.", request_id="once", seed=1) for _ in range(2)))
    assert first.id == second.id
    assert len((await ada.page()).videos) == 1


async def test_the_same_request_id_with_another_body_is_refused(ada):
    await ada.create("A dog runs.", request_id="once")
    refused = await ada.refused(ada.create("A cat runs.", request_id="once"))
    assert (refused.code, refused.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "RequestIdReused")


async def test_a_client_that_repeats_without_an_id_of_its_own_gets_the_first_video(ada):
    first = await ada.create("A dog runs.")
    assert (await ada.create("A dog runs.", is_retry=True)).id == first.id
    assert (await ada.create("A dog runs.")).id != first.id


async def test_nobody_sees_anothers_video(ada, bob):
    video = await ada.create()
    for call in (bob.get, bob.cancel, bob.delete, bob.content, lambda video_id: bob.remix(video_id, "bluer")):
        refused = await bob.refused(call(video.id))
        assert (refused.code, refused.message) == (grpc.StatusCode.NOT_FOUND, "No such video")
    assert (await bob.page()).videos == []
    assert (await ada.get(video.id)).status == pb.VIDEO_STATUS_QUEUED


async def test_nobody_watches_anothers_video(ada, bob):
    watch = bob.watch((await ada.create()).id)
    assert (await bob.refused(watch.read())).code == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("video_id", ["", "video_", "video_\0", "video_" + "0" * 32, "../etc/passwd", "x" * 10_000])
async def test_an_odd_id_is_no_video(ada, video_id):
    assert (await ada.refused(ada.get(video_id))).code == grpc.StatusCode.NOT_FOUND


async def test_pages_hold_every_video_once_newest_first(ada):
    made = [(await ada.create()).id for _ in range(5)]
    first = await ada.page(limit=2)
    second = await ada.page(limit=2, after=first.videos[-1].id)
    third = await ada.page(limit=2, after=second.videos[-1].id)
    assert [video.id for page in (first, second, third) for video in page.videos] == made[::-1]
    assert [page.has_more for page in (first, second, third)] == [True, True, False]


async def test_pages_may_be_read_oldest_first(ada):
    made = [(await ada.create()).id for _ in range(3)]
    assert [video.id for video in (await ada.page(ascending=True)).videos] == made


async def test_a_page_goes_on_behind_a_deleted_video(ada):
    made = [(await ada.create()).id for _ in range(3)]
    await ada.delete(made[1])
    assert [video.id for video in (await ada.page(after=made[1])).videos] == [made[0]]


async def test_a_queued_video_is_cancelled_at_once(ada, platform):
    video = await ada.create()
    cancelled = await ada.cancel(video.id)
    assert (cancelled.status, cancelled.error_code, cancelled.eta_seconds) == (pb.VIDEO_STATUS_CANCELLED, "cancelled", 0)
    assert [event.code for event in await platform.published(events_pb2.VideoFailed)] == ["cancelled"]
    assert (await ada.cancel(video.id)).status == pb.VIDEO_STATUS_CANCELLED


async def test_a_deleted_video_is_gone_with_its_words_and_files(ada, platform, eventually):
    video = await ada.create("A secret dance.")
    await platform.media.put(f"videos/{video.id}/a/raw.mp4", b"x", content_type="video/mp4")
    assert await ada.delete(video.id) == video.id
    assert (await ada.refused(ada.get(video.id))).code == grpc.StatusCode.NOT_FOUND
    assert [row.prompt for row in await platform.sql("SELECT prompt FROM videos")] == [""]
    assert [event.video_id for event in await platform.published(events_pb2.VideoDeleted)] == [video.id]
    await eventually(lambda: platform.gone(f"videos/{video.id}/a/raw.mp4"))


async def test_deleting_twice_is_refused(ada):
    video = await ada.create()
    await ada.delete(video.id)
    assert (await ada.refused(ada.delete(video.id))).code == grpc.StatusCode.NOT_FOUND


async def test_the_place_in_the_queue_counts_others_fairly(ada, bob):
    mine = [await ada.create() for _ in range(4)]
    other = await bob.create()
    assert [(await ada.get(video.id)).queue_position for video in mine] == [0, 2, 3, 4]
    assert (await bob.get(other.id)).queue_position == 1


async def test_the_wait_is_estimated(ada):
    first, second = await ada.create(), await ada.create()
    assert 0 < first.eta_seconds < second.eta_seconds


async def test_only_so_many_may_wait(ada, bob):
    for _ in range(20):
        await ada.create()
    refused = await ada.refused(ada.create())
    assert (refused.code, refused.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "QueueFull")
    assert (await bob.create()).status == pb.VIDEO_STATUS_QUEUED


async def test_a_watcher_sees_the_present_state_at_once_and_then_the_end(ada):
    video = await ada.create()
    watch = ada.watch(video.id)
    assert (await watch.read()).video.status == pb.VIDEO_STATUS_QUEUED
    await ada.cancel(video.id)
    assert [reply.video.status async for reply in watch] == [pb.VIDEO_STATUS_CANCELLED]


async def test_a_watcher_of_an_ended_video_hears_so_and_is_done(ada):
    video = await ada.create()
    await ada.cancel(video.id)
    assert [reply.video.status async for reply in ada.watch(video.id)] == [pb.VIDEO_STATUS_CANCELLED]


async def test_a_watcher_sees_its_place_in_the_queue_move(ada, bob):
    ahead, video = await ada.create(), await bob.create()
    watch = bob.watch(video.id)
    assert (await watch.read()).video.queue_position == 1
    await ada.cancel(ahead.id)
    assert (await watch.read()).video.queue_position == 0


async def test_a_server_that_shuts_down_sends_its_watchers_away(short_lived):
    close, ada = short_lived
    watch = ada.watch((await ada.create()).id)
    await watch.read()
    closing = asyncio.create_task(close())
    assert (await ada.refused(watch.read())).reason == "WatchInterrupted"
    await asyncio.wait_for(closing, 5)


async def test_a_draft_queues_nothing(ada):
    draft = await ada.ask("DraftStoryboard", pb.DraftStoryboardRequest(prompt="A dog runs.", seed=1))
    assert draft.engine_seconds > 0
    assert (await ada.create(storyboard_json=draft.storyboard_json)).seconds == 4


async def test_the_models_say_what_they_can(ada):
    world, *_ = (await ada.ask("ListModels", pb.ListModelsRequest())).models
    assert (world.id, world.trained, world.first_frame, list(world.aliases)) == ("world-1", False, True, ["sora-2", "sora-2-pro"])
    assert (list(world.seconds), len(world.sizes)) == ([4, 8, 12, 16, 20, 30, 40, 60], 6)


@pytest.mark.parametrize(
    ("size", "small"), [("1280x720", "640x360"), ("720x1280", "360x640"), ("1024x1792", "360x630"), ("1920x1080", "640x360")]
)
async def test_a_draft_is_the_same_shape_with_360_pixels_on_its_short_side(ada, size, small):
    assert (await ada.create(size=size, draft=True)).size == small


async def test_a_loop_is_told_to_the_engine(ada):
    assert json.loads((await ada.create(loop=True)).storyboard_json)["loop"]


async def test_variants_are_queued_together_each_by_its_own_seed(ada):
    request = pb.CreateVideoRequest(request_id="four", prompt="A woman waves", seed=7, variants=4)
    first = await ada.ask("CreateVideo", request)
    videos = [first.video, *first.others]
    assert [video.seed for video in videos] == [7, 8, 9, 10]
    assert len({video.storyboard_json for video in videos}) == 4
    assert await ada.ask("CreateVideo", request) == first
    assert len((await ada.page()).videos) == 4


async def test_drawn_passes_take_longer_and_an_unknown_one_is_named(ada):
    plain, drawn = await ada.ask("ListModels", pb.ListModelsRequest()), await ada.create(passes=["depth", "depth"])
    assert list(plain.models[0].passes) == ["depth", "segmentation", "motion", "pose"]
    assert list(drawn.passes) == ["depth"]
    posed = await ada.create(passes=["pose"])
    await ada.cancel(drawn.id)
    assert (await ada.get(posed.id)).eta_seconds < drawn.eta_seconds
    assert (await ada.refused(ada.create(passes=["albedo"]))).param == "passes"


async def test_each_variant_is_a_video_of_its_own(ada):
    made = await ada.ask("CreateVideo", pb.CreateVideoRequest(request_id="three", prompt="A woman waves", seed=7, variants=3))
    first, second, third = (video.id for video in (made.video, *made.others))
    assert [video.id for video in (await ada.page()).videos] == [third, second, first]
    await ada.delete(first)
    assert (await ada.cancel(second)).status == pb.VIDEO_STATUS_CANCELLED
    assert (await ada.get(third)).status == pb.VIDEO_STATUS_QUEUED
    assert (await ada.refused(ada.get(first))).reason == "NoSuchVideo"


async def test_variants_are_queued_all_or_none(ada):
    for _ in range(18):
        await ada.create()
    refused = await ada.refused(ada.create("A woman waves", variants=4))
    assert (refused.reason, len((await ada.page()).videos)) == ("QueueFull", 18)


async def test_a_moderator_traces_anybodys_video_to_its_prompt(ada, bob, platform):
    video = await bob.create("A woman waves in a park.", seed=3)
    traced = await as_moderator(platform, video.id)
    assert (traced.account_id, traced.prompt, traced.seed) == (bob.who.account_id, video.prompt, 3)


async def test_nobody_else_does(bob, platform):
    video = await bob.create("A woman waves in a park.")
    for who in (bob.who, Identity("acct_mo", "moderator"), Identity("acct_mo", "moderator", frozenset({"admin"}), session_id="s")):
        with pytest.raises(RemoteError, match="Only moderators"):
            await as_moderator(platform, video.id, who)


async def test_a_deleted_video_leads_to_no_prompt(bob, platform):
    video = await bob.create("A woman waves in a park.")
    await bob.delete(video.id)
    with pytest.raises(RemoteError, match="No such video"):
        await as_moderator(platform, video.id)


async def as_moderator(platform, video_id, who=MODERATOR):
    with remote_errors():
        reply = await platform.stub.TraceVideo(pb.TraceVideoRequest(video_id=video_id), metadata=as_user(who))
    return reply.video
