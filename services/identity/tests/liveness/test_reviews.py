"""What a moderator has to look at."""

import time
from dataclasses import replace

import pytest
from kinora.identity.v1 import liveness_service_pb2 as pb


@pytest.fixture
async def waiting(bob):
    """A session of bob's that waits for a moderator."""
    return await bob.tries("review", id="reviewed", reasons=["LOOK"], remarks=["NO_BLINK"])


async def mine(moderator, session):
    return [review for review in (await moderator("ListReviews", limit=100)).reviews if review.session.id == session.id]


async def test_a_moderator_sees_what_was_asked_and_when_and_what_was_remarked(bob, moderator, clip_that_is):
    session = await bob.starts(needs=pb.LivenessNeeds(cannot_speak=True))
    await bob.films(session, clip_that_is("review", remarks=["NO_BLINK"]), typed=["lantern"])
    await bob.comes_to("review", session)
    [review] = await mine(moderator, session)
    assert (review.session.account_id, review.remarks, review.typed) == (bob.id, ["NO_BLINK"], ["lantern"])
    assert [prompt.text for prompt in review.prompts] == ["Say lantern", "Turn your head to your left, and back"]
    assert [0.15 <= review.prompts[0].at_s < 1.15, 0.3 <= review.prompts[1].at_s < 1.3] == [True, True]


async def test_a_moderator_looks_and_approves_and_the_day_begins_then(adapters, ada, bob, cameo, moderator, waiting, sql):
    clip = await moderator("GetReviewClip", session_id=waiting.id)
    assert b"reviewed" in await adapters.media.get(clip.clip_key)
    await sql("update liveness_sessions set created_at = now() - interval '5 days' where id = :id", id=waiting.id)
    decided = (await moderator("DecideReview", session_id=waiting.id, approved=True)).session
    assert (decided.state, list(decided.reasons)) == (pb.LIVENESS_STATE_APPROVED, [])
    assert decided.expires_at == pytest.approx(time.time() + 24 * 3600, abs=60)
    given = await cameo("RedeemLiveness", session_id=waiting.id, account_id=bob.id)
    assert given.clip_key == clip.clip_key
    seen = [entry.action for entry in (await ada("ListAudit")).entries if waiting.id in entry.details_json]
    assert {"liveness.clip_seen", "liveness.review_approved"} <= set(seen)


async def test_whoever_declines_tells_the_person_why(bob, moderator, waiting, clips, eventually):
    await moderator("DecideReview", session_id=waiting.id, approved=False, note="Somebody else stands behind you.")
    ended = await bob.session(waiting)
    assert (ended.state, ended.tries_left) == (pb.LIVENESS_STATE_DECLINED, 2)
    assert [(reason.code, reason.advice) for reason in ended.reasons] == [("REVIEWED_DECLINED", "Somebody else stands behind you.")]

    async def gone():
        return not await clips(bob)

    await eventually(gone)


@pytest.mark.parametrize("note", ["", "   ", "x" * 501, "a\x00b"])
async def test_a_refusal_needs_words_that_can_be_shown(moderator, waiting, note, refused):
    with refused("NoteInvalid", "note"):
        await moderator("DecideReview", session_id=waiting.id, note=note)


async def test_a_decision_is_made_once(ada, moderator, waiting, refused):
    first = await moderator("DecideReview", session_id=waiting.id, approved=True, request_id="d1")
    assert await moderator("DecideReview", session_id=waiting.id, approved=True, request_id="d1") == first
    for rpc, fields in (("DecideReview", {"approved": True}), ("GetReviewClip", {})):
        with refused("NotInReview", "session_id"):
            await ada(rpc, session_id=waiting.id, **fields)


async def test_nobody_decides_about_themselves(bob, waiting, refused):
    as_moderator = replace(bob.caller, identity=replace(bob.caller.identity, role="moderator"))
    with refused("OwnReview", "session_id"):
        await as_moderator("DecideReview", session_id=waiting.id, approved=True)


@pytest.mark.parametrize("lack", [{"role": "user"}, {"scopes": frozenset({"videos:read"})}, {"stepped_up": False}, {"role": "service"}])
async def test_who_is_no_moderator_sees_and_decides_nothing(moderator, waiting, lack, refused):
    other = replace(moderator, identity=replace(moderator.identity, **lack))
    for rpc, fields in (("ListReviews", {}), ("GetReviewClip", {"session_id": waiting.id}), ("DecideReview", {"session_id": waiting.id})):
        with refused("ModeratorsOnly"):
            await other(rpc, **fields)


async def test_the_oldest_come_first_and_each_listing_is_in_the_audit_log(bob, moderator, waiting):
    later = await bob.tries("review")
    listed = [review.session.id for review in (await moderator("ListReviews", limit=100)).reviews]
    assert listed.index(waiting.id) < listed.index(later.id)
    entry = next(entry for entry in (await moderator("ListAudit")).entries if entry.action == "liveness.reviews_listed")
    assert (entry.actor, waiting.id in entry.details_json) == (moderator.identity.account_id, True)


async def test_a_listing_has_bounds(moderator, refused):
    with refused("LimitInvalid", "limit"):
        await moderator("ListReviews", limit=101)


async def test_what_nobody_reviews_for_thirty_days_costs_no_try_and_leaves_no_clip(bob, waiting, sql, clips, eventually):
    kept = "select due - now() between interval '29 days 23 hours' and interval '30 days' from liveness_clips where account_id = :id"
    assert await sql(kept, id=bob.id) == [(True,)]
    await sql("update liveness_sessions set expires_at = now() where id = :id", id=waiting.id)
    await sql("update liveness_clips set due = now() where account_id = :id", id=bob.id)
    ended = await bob.comes_to("retry", waiting)
    assert ([reason.code for reason in ended.reasons], ended.tries_left) == (["NOT_REVIEWED"], 3)

    async def gone():
        return not await clips(bob)

    await eventually(gone)


@pytest.mark.parametrize("rpc", ["GetReviewClip", "DecideReview"])
async def test_an_unknown_session_is_not_found(moderator, rpc, refused):
    with refused("LivenessNotFound", "session_id"):
        await moderator(rpc, session_id="live_none", **({"approved": True} if rpc == "DecideReview" else {}))
