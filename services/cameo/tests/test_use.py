"""A video's way from submission to publication, and what stops it."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoUsed, CameoUseRevoked, CameoVideoRemoved
from kinora.generation.v1.events_pb2 import VideoCompleted, VideoDeleted, VideoFailed
from kinora_cameo import store
from kinora_testkit.figures import figure


@pytest.fixture
async def open_cameo(bob, enrol_old):
    """bob's, which everyone may use."""
    return await share(bob, await enrol_old(bob), audience=pb.AUDIENCE_EVERYONE)


async def share(owner, cameo, **fields):
    return (await owner("ChangeConsent", cameo_id=cameo.id, **fields)).cameo


async def test_a_video_with_consent_goes_all_the_way(cleo, open_cameo, video, told):
    shown = await video(cleo, open_cameo).rendered()
    (cleared,) = await shown.asks(pb.STAGE_PUBLISH)
    assert (cleared.cameo_id, cleared.handle) == (open_cameo.id, open_cameo.handle)
    (use,) = await shown.uses()
    assert (use.stage, use.user_account_id) == ("published", cleo.id)
    assert [used.video_id for used in await told(CameoUsed, open_cameo.id)] == [shown.id]


async def test_the_owner_uses_it_without_being_told(bob, enrol, video, told):
    cameo = await enrol(bob)
    await video(bob, cameo).rendered()
    assert await told(CameoUsed, cameo.id) == []


async def test_a_submission_leaves_no_trace(cleo, open_cameo, video):
    asked = video(cleo, open_cameo)
    await asked.asks(pb.STAGE_SUBMIT)
    assert await asked.uses() == []


async def test_a_strangers_cameo_and_none_at_all_sound_alike(bob, cleo, enrol, video, refused):
    hidden = await enrol(bob)
    for cameo in (hidden, pb.Cameo(handle="@nobody_here"), pb.Cameo(handle="@"), pb.Cameo(handle="' or 1=1")):
        with refused("CameoNotForYou") as caught:
            await video(cleo, cameo).asks(pb.STAGE_SUBMIT)
        assert caught.value.message == f"{cameo.handle} is no cameo that you may use: there is none, or its owner has not let you."


async def test_a_dispatch_before_the_fact_waits(cleo, open_cameo, video, refused):
    early = video(cleo, open_cameo)
    with refused("UseNotKnown"):
        await early.asks(pb.STAGE_DISPATCH)
    await early.queued()
    await early.asks(pb.STAGE_DISPATCH)


async def test_a_dispatch_while_the_fact_arrives_waits_too(monkeypatch, cleo, open_cameo, video, refused):
    """Held grudge: it had locked no cameo yet, saw the use, and told that its owner's consent had ended."""
    asked, locks = video(cleo, open_cameo), store.lock_shared

    async def late(tx, cameo_ids):
        if not await asked.uses():
            await asked.queued()
        return await locks(tx, cameo_ids)

    monkeypatch.setattr(store, "lock_shared", late)
    with refused("UseNotKnown"):
        await asked.asks(pb.STAGE_DISPATCH)
    monkeypatch.undo()
    if not await asked.uses():
        await asked.queued()
    await asked.asks(pb.STAGE_DISPATCH)


CLOSINGS = {
    "closed": lambda bob, _, cameo: share(bob, cameo, audience=pb.AUDIENCE_ONLY_ME),
    "refused by name": lambda bob, cleo, cameo: bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=False),
    "limited in words": lambda bob, _, cameo: share(bob, cameo, limits=pb.Limits(texts=["no politics"])),
    "strict": lambda bob, _, cameo: share(bob, cameo, strict=True),
    "withdrawn": lambda bob, _, cameo: bob("WithdrawCameo", cameo_id=cameo.id),
}


@pytest.mark.parametrize("closing", CLOSINGS)
@pytest.mark.parametrize("at", [pb.STAGE_DISPATCH, pb.STAGE_PUBLISH])
async def test_consent_that_ends_stops_the_video(bob, cleo, open_cameo, video, told, refused, closing, at):
    queued = video(cleo, open_cameo, speaks=True)
    await queued.queued()
    if at == pb.STAGE_PUBLISH:
        await queued.asks(pb.STAGE_DISPATCH)
    await CLOSINGS[closing](bob, cleo, open_cameo)
    (revoked,) = await told(CameoUseRevoked, queued.id)
    assert (revoked.cameo_id, "consent has ended" in revoked.message) == (open_cameo.id, True)
    with refused("ConsentRevoked") as caught:
        await queued.asks(at)
    assert open_cameo.handle in caught.value.message


async def test_consent_given_again_does_not_revive_a_stopped_video(bob, cleo, open_cameo, video, refused):
    queued = video(cleo, open_cameo)
    await queued.queued()
    for audience in (pb.AUDIENCE_ONLY_ME, pb.AUDIENCE_EVERYONE):
        await share(bob, open_cameo, audience=audience)
    with refused("ConsentRevoked"):
        await queued.asks(pb.STAGE_DISPATCH)


async def test_consent_that_ended_before_the_queue_told_stops_the_video(bob, cleo, open_cameo, video, told):
    late = video(cleo, open_cameo)
    await late.asks(pb.STAGE_SUBMIT)
    await share(bob, open_cameo, audience=pb.AUDIENCE_ONLY_ME)
    await late.queued()
    assert [revoked.cameo_id for revoked in await told(CameoUseRevoked, late.id)] == [open_cameo.id]
    assert await told(CameoUsed, open_cameo.id) == []


async def test_a_video_finished_in_the_moment_of_the_revocation_is_removed(bob, cleo, open_cameo, video, told, eventually):
    shown = await video(cleo, open_cameo).rendered()
    await share(bob, open_cameo, audience=pb.AUDIENCE_ONLY_ME)
    await shown.says(VideoCompleted(video_id=shown.id, account_id=cleo.id, video_key="videos/v/a/video.mp4"))
    (removed,) = await eventually(lambda: told(CameoVideoRemoved, shown.id))
    assert removed.cameo_id == open_cameo.id


async def test_a_finished_video_outlives_the_consent_until_its_owner_removes_it(bob, cleo, open_cameo, video, told, eventually):
    shown = await video(cleo, open_cameo).rendered()
    await shown.says(VideoCompleted(video_id=shown.id, account_id=cleo.id, video_key="videos/v/a/video.mp4"))

    async def finished():
        return [use for use in await shown.uses() if use.stage == "completed"]

    await eventually(finished)
    await share(bob, open_cameo, audience=pb.AUDIENCE_ONLY_ME)
    assert await told(CameoUseRevoked, shown.id) == await told(CameoVideoRemoved, shown.id) == []


@pytest.mark.parametrize("event", [VideoFailed, VideoDeleted])
async def test_what_was_never_shown_or_is_gone_is_no_use(cleo, open_cameo, video, eventually, event):
    gone = await video(cleo, open_cameo).rendered()
    await gone.says(event(video_id=gone.id))

    async def forgotten():
        return not await gone.uses()

    await eventually(forgotten)


async def test_limits_say_what_they_forbid(bob, cleo, open_cameo, video, refused):
    await share(bob, open_cameo, strict=True)
    await video(cleo, open_cameo).asks(pb.STAGE_SUBMIT)
    with refused("CameoLimited") as caught:
        await video(cleo, open_cameo, speaks=True).asks(pb.STAGE_SUBMIT)
    assert "leave its lines out" in caught.value.message
    await share(bob, open_cameo, limits=pb.Limits(texts=["always a red hat"]))
    with refused("CameoLimited") as caught:
        await video(cleo, open_cameo).asks(pb.STAGE_SUBMIT)
    assert "cannot be checked here yet" in caught.value.message
    await video(bob, open_cameo, speaks=True).asks(pb.STAGE_SUBMIT)


async def test_a_strict_cameo_stands_beside_its_owners_others_alone(bob, cleo, enrol_old, open_cameo, video, refused):
    await share(bob, open_cameo, strict=True)
    rex = await share(bob, await enrol_old(bob, kind=pb.CAMEO_KIND_PET, name="rex"), audience=pb.AUDIENCE_EVERYONE)
    own = await enrol_old(cleo)
    await video(cleo, open_cameo, rex).asks(pb.STAGE_SUBMIT)
    with refused("CameoLimited"):
        await video(cleo, open_cameo, own).asks(pb.STAGE_SUBMIT)


async def test_the_likeness_opens_for_a_dispatched_video_alone(bob, cleo, generation, open_cameo, video, refused):
    asked = video(cleo, open_cameo)
    await asked.queued()
    wanted = {"video_id": asked.id, "cameo_id": open_cameo.id}
    with refused("CameoNotFound", "cameo_id"):
        await generation("OpenLikeness", **wanted)
    await asked.asks(pb.STAGE_DISPATCH)
    assert b"a face" in (await generation("OpenLikeness", **wanted)).package
    await bob("WithdrawCameo", cameo_id=open_cameo.id)
    with refused("ConsentRevoked"):
        await generation("OpenLikeness", **wanted)


async def test_a_likeness_that_is_lost_ends_the_video_instead_of_letting_it_wait(served, bob, cleo, generation, open_cameo, video, refused):
    asked = video(cleo, open_cameo)
    await asked.queued()
    await asked.asks(pb.STAGE_DISPATCH)
    await served.adapters.media.delete_prefix(f"cameos/{bob.id}/{open_cameo.id}/")
    with refused("LikenessLost"):
        await generation("OpenLikeness", video_id=asked.id, cameo_id=open_cameo.id)


@pytest.mark.parametrize("rpc", ["Authorize", "OpenLikeness"])
async def test_people_and_operators_do_not_authorize(bob, operator, rpc, refused):
    for caller in (bob, operator):
        with refused("ServicesOnly"):
            await caller(rpc)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"cast": []}, "cast"),
        ({"cast": [pb.CastMember(handle=f"@a{n}") for n in range(4)]}, "cast"),
        ({"cast": [pb.CastMember(handle="@a")] * 2}, "cast"),
        ({"account_id": ""}, "account_id"),
        ({"stage": 0, "video_id": "video_1"}, "stage"),
        ({"stage": pb.STAGE_DISPATCH, "video_id": ""}, "video_id"),
    ],
)
async def test_bad_input_is_named(generation, fields, param, refused):
    defaults = {"stage": pb.STAGE_SUBMIT, "account_id": "acct_x", "cast": [pb.CastMember(handle="@a")]}
    with refused("BadField", param):
        await generation("Authorize", **defaults | fields)


async def test_operators_are_told_what_was_decided_and_of_nobody(bob, cleo, open_cameo, video, refused):
    def told(**labels):
        return figure("kinora_cameo_decisions_total", route="submit", **labels)

    allowed, closed = told(outcome="allowed", reason="everyone"), told(outcome="refused", reason="only_me")
    await video(cleo, open_cameo).asks(pb.STAGE_SUBMIT)
    await share(bob, open_cameo, audience=pb.AUDIENCE_ONLY_ME)
    with refused("CameoNotForYou"):
        await video(cleo, open_cameo).asks(pb.STAGE_SUBMIT)
    assert told(outcome="allowed", reason="everyone") == allowed + 1
    assert told(outcome="refused", reason="only_me") == closed + 1
