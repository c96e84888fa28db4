"""Videos with likenesses in them: asked for at submission, at dispatch and before signing."""

import asyncio
import json
import time

import grpc
import pytest
from kinora.cameo.v1.cameo_service_pb2 import STAGE_DISPATCH, STAGE_PUBLISH, STAGE_SUBMIT
from kinora.cameo.v1.events_pb2 import CameoUseRevoked, CameoVideoRemoved
from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.errors import FailedPrecondition, NotFound, PermissionDenied, Unavailable

CLEO = {"id": "cleo", "name": "Cleo", "handle": "@cleo"}
WITH_CLEO = json.dumps(
    {
        "characters": [CLEO, {"id": "rex", "name": "Rex", "handle": "@bob.rex"}, {"id": "dan", "name": "Dan"}],
        "shots": [{"duration": 4, "place": "park", "marks": [{"character": "cleo"}], "dialogue": [{"speaker": "cleo", "text": "Hi"}]}],
    }
)


class CameoNotForYou(PermissionDenied):
    pass


class CameoNotFound(NotFound):
    pass


class ConsentRevoked(FailedPrecondition):
    pass


class UseNotKnown(Unavailable):
    pass


@pytest.fixture
def cameos(platform):
    return platform.cameos


def revoked(video):
    return CameoUseRevoked(video_id=video.id, cameo_id="cameo_cleo", message="@cleo has taken it back")


async def test_a_handle_in_a_prompt_is_a_cameo(ada, platform, cameos):
    await ada.create("@cleo waves in a park.")
    [asked], [event] = cameos.asked, await platform.published(events_pb2.VideoQueued)
    assert (asked.stage, asked.account_id, [member.handle for member in asked.cast]) == (STAGE_SUBMIT, "acct_ada", ["@cleo"])
    assert [(cameo.cameo_id, cameo.handle) for cameo in event.cameos] == [("cameo_cleo", "@cleo")]


async def test_a_storyboard_says_who_is_a_cameo_and_who_speaks(ada, platform, cameos):
    await ada.create(storyboard_json=WITH_CLEO)
    [event] = await platform.published(events_pb2.VideoQueued)
    assert [(cameo.handle, cameo.speaks) for cameo in event.cameos] == [("@cleo", True), ("@bob.rex", False)]


async def test_an_object_that_is_a_cameo_is_asked_for_once(ada, cameos):
    shot = {"duration": 2, "place": "park", "props": [{"id": "teapot", "kind": "teapot", "handle": "@bob.teapot"}]}
    await ada.create(storyboard_json=json.dumps({"shots": [shot, shot]}), seconds=4)
    [asked] = cameos.asked
    assert [(member.handle, member.speaks) for member in asked.cast] == [("@bob.teapot", False)]


async def test_a_video_without_cameos_asks_nobody(ada, platform, cameos, make_engine, work):
    await ada.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    assert cameos.asked == []


@pytest.mark.parametrize(("fields", "param"), [({"prompt": "@cleo waves."}, "prompt"), ({"storyboard_json": WITH_CLEO}, "storyboard")])
async def test_a_cameo_that_is_not_for_the_maker_queues_nothing(ada, cameos, fields, param):
    cameos.refusals[STAGE_SUBMIT] = CameoNotForYou("@cleo is no cameo that you may use.")
    refused = await ada.refused(ada.create(**fields))
    assert (refused.code, refused.reason, refused.param) == (grpc.StatusCode.PERMISSION_DENIED, "CameoNotForYou", param)
    assert (await ada.page()).videos == []


@pytest.mark.parametrize("prompt", ["Cleo plays with Rex in a park.", "@cleo plays with bob.rex.", "A dog runs.", "Rex barks."])
async def test_characters_are_in_the_video_however_the_prompt_calls_them(bob, platform, prompt):
    video = await bob.create(prompt, characters=["cameo_cleo", "cameo_rex", "cameo_cleo"])
    [event] = await platform.published(events_pb2.VideoQueued)
    assert {(cameo.cameo_id, cameo.handle) for cameo in event.cameos} == {("cameo_cleo", "@cleo"), ("cameo_bob.rex", "@bob.rex")}
    assert video.prompt == prompt


async def test_characters_of_a_storyboard_are_in_it(bob, platform):
    await bob.create(storyboard_json=WITH_CLEO, characters=["cameo_cleo"])
    [event] = await platform.published(events_pb2.VideoQueued)
    assert [cameo.handle for cameo in event.cameos] == ["@cleo", "@bob.rex"]


async def test_a_character_that_a_storyboard_lacks_is_named(bob):
    storyboard = json.dumps({"characters": [CLEO], "shots": [{"duration": 4, "place": "park"}]})
    refused = await bob.refused(bob.create(storyboard_json=storyboard, characters=["cameo_rex"]))
    assert (refused.reason, refused.param) == ("BadField", "characters")
    assert refused.message.startswith("@bob.rex is not in the storyboard; give one of its characters or props this handle")


@pytest.mark.parametrize("unknown", ["cameo_of_dan", "", "x" * 10_000, "@cleo"])
async def test_a_character_that_is_not_for_the_maker_queues_nothing(bob, unknown):
    refused = await bob.refused(bob.create("Cleo waves.", characters=["cameo_cleo", unknown]))
    assert (refused.code, refused.reason, refused.param) == (grpc.StatusCode.NOT_FOUND, "CameoNotFound", "characters")
    assert (await bob.page()).videos == []


async def test_too_many_characters_are_refused_before_anybody_is_asked(bob):
    refused = await bob.refused(bob.create("A party.", characters=[f"cameo_{number}" for number in range(13)]))
    assert (refused.reason, refused.param) == ("BadField", "characters")


@pytest.mark.parametrize(("handle", "param"), [("@cleo", "characters"), ("@dan", "prompt")])
async def test_who_is_refused_is_looked_for_where_they_were_asked_for(bob, cameos, handle, param):
    cameos.refusals[STAGE_SUBMIT] = CameoNotForYou(f"{handle} is no cameo that you may use.", handle=handle)
    refused = await bob.refused(bob.create("Cleo meets @dan.", characters=["cameo_cleo"]))
    assert (refused.reason, refused.param) == ("CameoNotForYou", param)


async def test_variants_ask_once_and_each_tells(ada, platform, cameos):
    await ada.create("@cleo waves.", variants=3)
    assert cameos.stages() == [STAGE_SUBMIT]
    assert [len(event.cameos) for event in await platform.published(events_pb2.VideoQueued)] == [1, 1, 1]


async def test_a_video_with_a_cameo_is_asked_for_three_times(ada, platform, cameos, make_engine, work):
    video = await ada.create("@cleo waves.")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    assert cameos.stages() == [STAGE_SUBMIT, STAGE_DISPATCH, STAGE_PUBLISH]
    assert {request.video_id for request in cameos.asked[1:]} == {video.id}
    assert [list(event.consent_receipts) for event in await platform.published(events_pb2.VideoRendered)] == [["a receipt"]]


async def test_without_consent_at_dispatch_no_engine_is_asked(ada, cameos, make_engine, work):
    video = await ada.create("@cleo waves.")
    cameos.refusals[STAGE_DISPATCH] = ConsentRevoked("@cleo may not be used any more")
    async with make_engine() as engine, work(engine.url):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, failed.error_message, engine.requests) == ("consent_revoked", "@cleo may not be used any more", [])


async def test_without_consent_before_signing_nothing_is_shown(ada, platform, cameos, make_engine, work, eventually):
    video = await ada.create("@cleo waves.")
    cameos.refusals[STAGE_PUBLISH] = ConsentRevoked("@cleo may not be used any more")
    async with make_engine() as engine, work(engine.url):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
        await eventually(lambda: platform.gone(f"{engine.requests[0].output_prefix}/raw.mp4"))
    assert failed.error_code == "consent_revoked"
    assert await platform.published(events_pb2.VideoRendered) == []


@pytest.mark.parametrize("stage", [STAGE_DISPATCH, STAGE_PUBLISH])
async def test_while_nobody_can_say_the_video_waits(ada, platform, cameos, make_engine, work, eventually, stage):
    await ada.create("@cleo waves.")
    cameos.refusals[stage] = UseNotKnown("ask again in a moment")
    async with make_engine() as engine, work(engine.url):
        await eventually(lambda: cameos.stages().count(stage) >= 2)
        assert await platform.published(events_pb2.VideoRendered) == []
        cameos.refusals.clear()
        await platform.rendered()
    assert len(engine.requests) == 1
    assert (await platform.sql("SELECT losses FROM videos"))[0].losses == 0


async def test_the_engine_is_given_exactly_the_likenesses_of_the_storyboard(ada, platform, make_engine, work):
    await ada.create(storyboard_json=WITH_CLEO)
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    given = {likeness.handle: likeness.package for likeness in engine.requests[0].likenesses}
    assert given == {"@cleo": b"likeness of cameo_cleo", "@bob.rex": b"likeness of cameo_bob.rex"}


async def test_without_cameos_the_engine_is_given_no_likeness(ada, platform, make_engine, work):
    await ada.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    assert list(engine.requests[0].likenesses) == []


async def test_three_of_the_largest_likenesses_reach_the_engine(ada, platform, cameos, make_engine, work):
    handles = ["cleo", "bob.rex", "dan"]
    cameos.packages = {f"cameo_{handle}": bytes(6 * 1024 * 1024) for handle in handles}
    cast = [{"id": handle[-3:], "name": "X", "handle": "@" + handle} for handle in handles]
    await ada.create(storyboard_json=json.dumps({"characters": cast, "shots": [{"duration": 4, "place": "park"}]}))
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    assert [len(likeness.package) for likeness in engine.requests[0].likenesses] == [6 * 1024 * 1024] * 3


@pytest.mark.parametrize("refusal", [ConsentRevoked("@cleo may not be used any more"), CameoNotFound("You have no such cameo.")])
async def test_consent_that_ends_between_dispatch_and_opening_asks_no_engine(ada, cameos, make_engine, work, refusal):
    video = await ada.create("@cleo waves.")
    cameos.refusals["OpenLikeness"] = refusal
    async with make_engine() as engine, work(engine.url):
        failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, engine.requests) == ("consent_revoked", [])
    assert "consent" in failed.error_message or "may not be used" in failed.error_message


async def test_a_likeness_that_cannot_be_opened_now_is_waited_for(ada, platform, cameos, make_engine, work, eventually):
    await ada.create("@cleo waves.")
    cameos.refusals["OpenLikeness"] = UseNotKnown("ask again in a moment")
    async with make_engine() as engine, work(engine.url):
        await eventually(lambda: cameos.stages().count(STAGE_DISPATCH) >= 2)
        assert engine.requests == []
        cameos.refusals.clear()
        await platform.rendered()


async def test_nothing_of_a_likeness_is_logged_stored_or_told(ada, platform, cameos, make_engine, work, capfd):
    cameos.packages["cameo_cleo"] = b"an unmistakable face"
    await ada.create("@cleo waves.")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    kept = str([await platform.sql(f"table {name}") for name in ("videos", "outbox", "replies", "discarded")])
    assert engine.requests[0].likenesses[0].package == b"an unmistakable face"
    assert "unmistakable" not in kept + "".join(capfd.readouterr())


async def test_others_are_served_while_a_cameo_waits(ada, bob, cameos, make_engine, work):
    cameos.refusals[STAGE_DISPATCH] = UseNotKnown("ask again in a moment")
    await ada.create("@cleo waves.")
    other = await bob.create()
    async with make_engine("refuses") as engine, work(engine.url):
        await bob.becomes(other.id, pb.VIDEO_STATUS_FAILED)


async def test_a_revocation_ends_a_queued_video_with_its_reason(ada, platform):
    video = await ada.create("@cleo waves.")
    await platform.tell(revoked(video))
    failed = await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    assert (failed.error_code, failed.error_message) == ("consent_revoked", "@cleo has taken it back")


async def test_a_revocation_stops_a_running_engine_within_two_seconds(ada, platform, make_engine, work):
    video = await ada.create("@cleo waves.")
    async with make_engine("hangs") as engine, work(engine.url):
        await ada.becomes(video.id, pb.VIDEO_STATUS_IN_PROGRESS)
        began = time.monotonic()
        await platform.tell(revoked(video))
        async with asyncio.timeout(10):
            await engine.cancelled.wait()
    assert time.monotonic() - began < 2
    assert (await ada.get(video.id)).error_code == "consent_revoked"


async def test_a_revocation_ends_a_video_that_is_being_signed(ada, platform, make_engine, work, eventually):
    video = await ada.create("@cleo waves.")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    await platform.tell(revoked(video))
    await ada.becomes(video.id, pb.VIDEO_STATUS_FAILED)
    await eventually(lambda: platform.gone(f"{engine.requests[0].output_prefix}/raw.mp4"))


@pytest.fixture
async def finished(ada, platform, make_engine, work):
    video = await ada.create("@cleo waves.")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    await platform.seal(video.id)
    return await ada.becomes(video.id, pb.VIDEO_STATUS_COMPLETED)


async def test_a_revocation_leaves_a_finished_video_as_it_is(ada, platform, finished):
    await platform.tell(revoked(finished))
    other = await ada.create()
    await platform.tell(revoked(other))
    await ada.becomes(other.id, pb.VIDEO_STATUS_FAILED)  # so the first one is through as well
    assert (await ada.get(finished.id)).status == pb.VIDEO_STATUS_COMPLETED


async def test_the_owner_of_a_likeness_has_a_finished_video_deleted(ada, platform, finished, eventually):
    key = (await ada.content(finished.id)).key
    await platform.tell(CameoVideoRemoved(video_id=finished.id, cameo_id="cameo_cleo"))
    await eventually(lambda: platform.gone(key))
    assert (await ada.refused(ada.get(finished.id))).code == grpc.StatusCode.NOT_FOUND
    assert [event.video_id for event in await platform.published(events_pb2.VideoDeleted)] == [finished.id]


async def test_a_remix_and_an_extension_ask_anew(ada, cameos, finished):
    cameos.refusals[STAGE_SUBMIT] = CameoNotForYou("@cleo is no cameo that you may use.")
    for call in (ada.remix(finished.id, "at night"), ada.extend(finished.id, "Then she jumps")):
        assert (await ada.refused(call)).reason == "CameoNotForYou"
