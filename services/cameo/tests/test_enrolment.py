import asyncio
import time
from dataclasses import replace
from uuid import uuid4

import grpc
import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora_kit.errors import FailedPrecondition, NotFound, ResourceExhausted

NEAR, FAR = (0.5,) + (0.0,) * 127, (0.51,) + (0.0,) * 127  # from the face of all zeros


class LivenessNotApproved(FailedPrecondition):
    pass


class NoFace(FailedPrecondition):
    pass


class ClipMissing(NotFound):
    pass


class EyesBusy(ResourceExhausted):
    pass


@pytest.fixture
def session():
    """An approved liveness session of this test's own."""
    return f"live_{uuid4().hex}"


@pytest.fixture
def clip(session):
    return f"liveness/{session}.webm"


async def test_a_fresh_cameo_is_its_owners_alone(bob, cleo, session, enrol, told, refused):
    cameo = await enrol(bob, session_id=session)
    assert (cameo.handle, cameo.audience, cameo.account_id) == (f"@{bob.id[5:]}", pb.AUDIENCE_ONLY_ME, bob.id)
    assert cameo.only_me_until - time.time() == pytest.approx(24 * 3600, abs=60)
    assert (await bob("FindCameo", handle=cameo.handle)).mine
    with refused("CameoNotFound", "handle"):
        await cleo("FindCameo", handle=cameo.handle)
    event = CameoEnrolled(cameo_id=cameo.id, account_id=bob.id, handle=cameo.handle, liveness_session_id=session)
    assert await told(CameoEnrolled, cameo.id) == [event]


async def test_a_fresh_cameo_stays_its_owners_alone_for_a_day_whatever_is_set(bob, cleo, enrol, refused):
    cameo = await enrol(bob)
    opened = (await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)).cameo
    assert "counts from only_me_until on" in opened.notes[0]
    with refused("CameoNotFound", "handle"):
        await cleo("FindCameo", handle=cameo.handle)


@pytest.mark.parametrize("age_band", ["teen", "unknown"])
async def test_only_adults_lend_their_own_face(bob, as_caller, enrol, refused, age_band):
    with refused("AdultsOnly"):
        await enrol(as_caller(replace(bob.identity, age_band=age_band)))


async def test_a_face_is_lent_by_who_has_just_proved_who_they_are(bob, as_caller, enrol, refused):
    with refused("StepUpNeeded"):
        await enrol(as_caller(replace(bob.identity, stepped_up=False)))


async def test_the_voice_is_taken_by_consent_alone(bob, likeness, clip, session):
    await bob("EnrolPerson", session_id=session, voice=True)
    await bob("EnrolPerson", session_id=session + "_2")
    assert [asked.voice for key in (clip, f"liveness/{session}_2.webm") for asked in likeness.about(key)] == [True, False]


async def test_a_session_that_is_not_approved_gives_nothing(bob, identities, session, enrol, refused):
    identities.refusals[session] = LivenessNotApproved("This session is still being looked at.", param="session_id")
    with refused("LivenessNotApproved", "session_id"):
        await enrol(bob, session_id=session)
    assert list((await bob("ListCameos")).cameos) == []


@pytest.mark.parametrize(
    "refusal", [NoFace("The clip shows no face that is turned to the camera.", param="clip_key"), EyesBusy("All are busy; ask again.")]
)
async def test_what_the_eyes_refuse_is_told_and_the_session_stays_good(bob, likeness, session, clip, enrol, refused, refusal):
    likeness.refusals[clip] = refusal
    with refused(refusal.reason, refusal.param and "session_id") as caught:
        await enrol(bob, session_id=session)
    assert caught.value.message == refusal.message
    del likeness.refusals[clip]
    assert (await enrol(bob, session_id=session)).handle


async def test_a_session_gives_one_likeness(bob, session, enrol, refused):
    await enrol(bob, session_id=session)
    with refused("SessionUsed", "session_id"):
        await enrol(bob, session_id=session)


async def test_a_session_is_used_up_by_a_withdrawn_cameo_too(bob, session, enrol, refused):
    cameo = await enrol(bob, session_id=session)
    await bob("WithdrawCameo", cameo_id=cameo.id)
    with refused("SessionUsed", "session_id"):
        await enrol(bob, session_id=session)


async def test_a_repeated_request_enrols_once(bob, session, clip, likeness, told):
    first, second = [(await bob("EnrolPerson", request_id="same", session_id=session)).cameo for _ in range(2)]
    assert first == second
    assert len(await told(CameoEnrolled, first.id)) == 1
    assert len(likeness.about(clip)) == 1


async def test_a_request_id_is_not_used_for_another_session(bob, session, refused):
    await bob("EnrolPerson", request_id="same", session_id=session)
    with refused("RequestIdReused", "request_id"):
        await bob("EnrolPerson", request_id="same", session_id=session + "_2")


async def test_who_redeemed_and_then_fell_silent_enrols_by_asking_again(bob, session, likeness, clip, refused):
    likeness.refusals[clip] = EyesBusy("All are busy; ask again.")
    with refused("EyesBusy"):
        await bob("EnrolPerson", request_id="one", session_id=session)
    del likeness.refusals[clip]
    for request_id in ("one", "one"):
        assert (await bob("EnrolPerson", request_id=request_id, session_id=session)).cameo.account_id == bob.id
    assert len((await bob("ListCameos")).cameos) == 1


async def test_ten_at_once_give_one_cameo(bob, enrol):
    made = await asyncio.gather(*(enrol(bob) for _ in range(10)), return_exceptions=True)
    assert {one.reason for one in made if not isinstance(one, pb.Cameo)} <= {"EnrolmentOverlapped"}
    assert len({one.id for one in made if isinstance(one, pb.Cameo)}) == len((await bob("ListCameos")).cameos) == 1


async def test_a_cameo_that_is_withdrawn_while_the_clip_is_looked_at_is_not_missed(bob, enrol, likeness, session, clip):
    old = await enrol(bob)
    likeness.meanwhile[clip] = lambda: bob("WithdrawCameo", cameo_id=old.id)
    assert (await enrol(bob, session_id=session)).id != old.id


async def test_the_same_face_renews_the_likeness_and_keeps_consent(
    bob, cleo, enrol_old, enrol, likeness, session, clip, operator, eventually
):
    old = await enrol_old(bob)
    await bob("DecideOnPerson", cameo_id=old.id, account_id=cleo.id, approved=True)
    await bob("ChangeConsent", cameo_id=old.id, audience=pb.AUDIENCE_APPROVED)
    likeness.faces[clip] = NEAR
    renewed = await enrol(bob, session_id=session)
    assert (renewed.id, renewed.handle, renewed.audience) == (old.id, old.handle, pb.AUDIENCE_APPROVED)
    assert (await cleo("FindCameo", handle=old.handle)).cameo_id == old.id

    async def one_package():
        left = await operator("FindRemains", cameo_id=old.id)
        return (left.keys, left.blobs) == (1, 1)

    await eventually(one_package)


async def test_the_renewed_likeness_is_what_engines_are_given(bob, enrol_old, enrol, likeness, session, clip, video, generation):
    cameo = await enrol_old(bob)
    likeness.faces[clip], likeness.words[clip] = NEAR, b"a newer face"
    await enrol(bob, session_id=session)
    shown = video(bob, cameo)
    await shown.queued()
    await shown.asks(pb.STAGE_DISPATCH)
    assert b"a newer face" in (await generation("OpenLikeness", video_id=shown.id, cameo_id=cameo.id)).package


async def test_another_face_never_takes_a_cameos_place(bob, enrol, likeness, session, clip, refused, told):
    cameo = await enrol(bob)
    likeness.faces[clip] = FAR
    with refused("OtherFace", "session_id"):
        await enrol(bob, session_id=session)
    assert len(await told(CameoEnrolled, cameo.id)) == 1


async def test_after_a_withdrawal_there_is_a_new_cameo_under_the_same_handle(bob, enrol):
    first = await enrol(bob)
    await bob("WithdrawCameo", cameo_id=first.id)
    second = await enrol(bob)
    assert (second.handle, second.id != first.id) == (first.handle, True)


async def test_a_clip_that_is_gone_is_told(bob, likeness, session, clip, enrol, refused):
    likeness.refusals[clip] = ClipMissing("nothing there")
    with refused("FileGone", "session_id") as caught:
        await enrol(bob, session_id=session)
    assert caught.value.code is grpc.StatusCode.FAILED_PRECONDITION


@pytest.mark.parametrize("session_id", ["", "\0", "../elsewhere", "x" * 65])
async def test_bad_input_is_named(bob, session_id, refused):
    with refused("BadField", "session_id"):
        await bob("EnrolPerson", session_id=session_id)


@pytest.mark.parametrize("unknown", ["", "cameo_" + "0" * 32, "\0", "' or 1=1", "ä" * 10_000])
async def test_an_unknown_or_anothers_cameo_is_not_found(bob, cleo, enrol, unknown, refused):
    cameo = await enrol(bob)
    for rpc, fields in (
        ("GetCameo", {}),
        ("ChangeConsent", {}),
        ("ListPeople", {}),
        ("WithdrawCameo", {}),
        ("DecideOnPerson", {"account_id": "a"}),
    ):
        for cameo_id in (unknown, cameo.id):
            with refused("CameoNotFound", "cameo_id"):
                await cleo(rpc, cameo_id=cameo_id, **fields)


@pytest.mark.parametrize("unknown", ["", "@", "@nobody", "\0", "@' or 1=1", "@" + "x" * 10_000])
async def test_an_unknown_handle_is_not_found(bob, unknown, refused):
    with refused("CameoNotFound", "handle"):
        await bob("FindCameo", handle=unknown)


@pytest.mark.parametrize("unknown", ["cameo_" + "0" * 32, "\0", "' or 1=1", "@" + "x" * 10_000])
async def test_an_unknown_id_is_not_found(bob, unknown, refused):
    with refused("CameoNotFound", "cameo_id"):
        await bob("FindCameo", cameo_id=unknown)


async def test_a_cameo_is_found_by_its_id_as_by_its_handle(bob, cleo, enrol_old, refused):
    cameo = await enrol_old(bob)
    with refused("CameoNotFound", "cameo_id"):
        await cleo("FindCameo", cameo_id=cameo.id)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    found = await cleo("FindCameo", cameo_id=cameo.id)
    assert found == await cleo("FindCameo", handle=cameo.handle)
    assert (found.handle, found.mine, found.enrolled_at) == (cameo.handle, False, cameo.enrolled_at)
