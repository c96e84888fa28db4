"""What an approved session is good for, and how its clip goes."""

import json

import pytest
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_identity.liveness import sweep


@pytest.fixture
def redeem(cameo):
    async def asked(session, account, request_id="r1"):
        return await cameo("RedeemLiveness", session_id=session.id, account_id=account.id, request_id=request_id)

    return asked


async def test_an_approved_session_gives_its_clip_once(adapters, bob, redeem, refused):
    session = await bob.tries("approved")
    given = await redeem(session, bob)
    assert json.loads(await adapters.media.get(given.clip_key))["outcome"] == "approved"
    assert given.account_handle.startswith("bob_")
    assert (await bob.session(session)).state == pb.LIVENESS_STATE_USED
    assert await redeem(session, bob) == given
    with refused("LivenessUsed", "session_id"):
        await redeem(session, bob, "r2")


@pytest.mark.parametrize("state", ["created", "retry", "review", "declined"])
async def test_a_session_that_is_not_approved_gives_nothing(bob, redeem, state, refused):
    session = await (bob.starts() if state == "created" else bob.tries(state))
    with refused("LivenessNotApproved", "session_id"):
        await redeem(session, bob)


async def test_a_session_is_good_for_its_own_account_alone(bob, cleo, cameo, redeem, refused):
    session = await bob.tries("approved")
    with refused("LivenessNotFound", "session_id"):
        await redeem(session, cleo)
    with refused("LivenessNotFound", "session_id"):
        await cameo("RedeemLiveness", session_id=session.id)


async def test_neither_its_owner_nor_an_operator_redeems_a_session(ada, bob, refused):
    session = await bob.tries("approved")
    for caller in (bob, ada):
        with refused("ServicesOnly"):
            await caller("RedeemLiveness", session_id=session.id, account_id=bob.id)


async def test_once_the_cameo_is_enrolled_the_clip_is_gone(bob, redeem, tell, clips, eventually, refused):
    session = await bob.tries("approved")
    await redeem(session, bob)
    await tell(CameoEnrolled(cameo_id="cameo_1", account_id=bob.id, handle="@bob", liveness_session_id=session.id), "cameo_1")

    async def gone():
        return not await clips(bob)

    await eventually(gone)
    with refused("LivenessUsed", "session_id"):
        await redeem(session, bob)


async def test_an_enrolment_of_a_pet_or_of_anothers_session_takes_no_clip(bob, cleo, redeem, tell, clips, sql):
    session = await bob.tries("approved")
    await redeem(session, bob)
    await tell(CameoEnrolled(cameo_id="cameo_2", account_id=bob.id, handle="@bob.rex"), "cameo_2")
    await tell(CameoEnrolled(cameo_id="cameo_3", account_id=cleo.id, liveness_session_id=session.id), "cameo_3")
    other = await cleo.tries("approved")
    await redeem(other, cleo)
    await tell(CameoEnrolled(cameo_id="cameo_3", account_id=cleo.id, liveness_session_id=other.id), "cameo_3")  # after those before
    assert len(await clips(bob)) == 1


async def test_an_approved_session_that_nobody_uses_is_over_after_a_day(bob, redeem, sql, clips, eventually, refused):
    session = await bob.tries("approved")
    await sql("update liveness_sessions set expires_at = now() where id = :id", id=session.id)
    await sql("update liveness_clips set due = now() where account_id = :id", id=bob.id)
    assert (await bob.session(session)).state == pb.LIVENESS_STATE_EXPIRED
    with refused("LivenessNotApproved", "session_id"):
        await redeem(session, bob)

    async def gone():
        return not await clips(bob)

    await eventually(gone)
    assert (await bob.session(session)).tries_left == 3


async def test_a_clip_that_cannot_be_removed_is_tried_again_until_it_is_gone(monkeypatch, adapters, bob, clips, sql, eventually):
    monkeypatch.setattr(sweep, "_AGAIN_AFTER_S", 0.05)
    delete, refusals = adapters.media.delete, []

    async def sometimes(key):
        if bob.id in key and len(refusals) < 3:
            refusals.append(key)
            raise OSError("the store is away")
        await delete(key)

    monkeypatch.setattr(adapters.media, "delete", sometimes)
    await bob.tries("retry")

    async def nothing_due():
        return not await sql("select 1 from liveness_clips where account_id = :id", id=bob.id)

    await eventually(nothing_due)
    assert len(refusals) == 3
    assert not await clips(bob)


async def test_an_erased_account_leaves_no_clip_and_no_session(ada, bob, clips, sql, eventually):
    await bob.tries("approved")
    waiting = await bob.tries("review")
    await bob("EraseAccount")

    async def gone():
        return not await clips(bob) and not await sql("select 1 from liveness_clips where account_id = :id", id=bob.id)

    await eventually(gone)
    assert not await sql("select 1 from liveness_sessions where account_id = :id or id = :session", id=bob.id, session=waiting.id)


async def test_an_account_erased_during_its_capture_leaves_no_clip(bob, clips, sql, eventually, clip_that_is, refused):
    camera = await bob.opens(await bob.starts())
    await camera.says(chunk=clip_that_is("approved"))
    await camera.until_stop()
    await bob("EraseAccount")
    await camera.says(done=pb.Stop())
    with refused("LivenessOver", "session_id"):
        await camera.verdict()

    async def gone():
        return not await clips(bob) and not await sql("select 1 from liveness_clips where account_id = :id", id=bob.id)

    await eventually(gone)


async def test_an_export_tells_of_the_sessions_and_links_to_what_is_kept(adapters, bob):
    lost, session = await bob.tries("retry"), await bob.tries("approved")
    gone, told = json.loads((await bob("ExportAccount")).export_json)["liveness"]
    assert (gone["id"], gone["state"], gone["recording"]) == (lost.id, "retry", None)
    assert (told["id"], told["state"], told["language"]) == (session.id, "approved", "en")
    assert told["recording_kept_until"]
    key = adapters.media.open_token(told["recording"].rpartition("/")[2]).key
    assert b"approved" in await adapters.media.get(key)
    assert "challenge" not in str(told)
