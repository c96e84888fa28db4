"""The live capture, and what becomes of it."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_identity.liveness import analysing, capture, intake, store
from prometheus_client import REGISTRY


def codes(session):
    return [reason.code for reason in session.reasons]


async def test_who_was_there_is_approved_for_a_day(eyes, bob, clips, clip_that_is):
    session = await bob.starts(language="en-GB")
    told = await bob.films(session, clip_that_is("approved", id="bob's"))
    assert (told.id, told.state) == (session.id, pb.LIVENESS_STATE_ANALYSING)
    approved = await bob.comes_to("approved", session)
    assert approved.expires_at == pytest.approx(time.time() + 24 * 3600, abs=60)
    assert (approved.tries_left, codes(approved)) == (3, [])
    [shown] = eyes.shown["bob's"]
    assert [shown.clip_key] == await clips(bob)
    assert shown.challenge_json == "a challenge in en-GB"
    assert [0.15 <= shown.reveals[0] < 1.15, 0.3 <= shown.reveals[1] < 1.3] == [True, True]
    assert 0.45 <= shown.received_s < 2


async def test_each_prompt_is_told_at_its_moment_after_the_first_bytes(bob):
    camera = await bob.opens(await bob.starts())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(camera.hears(), 0.5)


async def test_prompts_come_in_their_order_and_then_the_stop(bob):
    camera = await bob.opens(await bob.starts())
    await camera.says(chunk=b"x")
    began = time.monotonic()
    first, second = await camera.until_stop()
    assert time.monotonic() - began > 0.4
    assert (first.number, first.of, first.word, first.move) == (0, 2, "lantern", "")
    assert (second.number, second.of, second.word, second.move) == (1, 2, "", "left")


async def test_typed_words_go_along(eyes, bob, clip_that_is):
    session = await bob.starts(needs=pb.LivenessNeeds(cannot_speak=True, slow=True))
    assert session.needs == pb.LivenessNeeds(cannot_speak=True, slow=True)
    assert session.expires_at - session.created_at == pytest.approx(360, abs=1)
    await bob.films(session, clip_that_is("approved", id="typed"), typed=["lantern", "wombat"])
    await bob.comes_to("approved", session)
    assert eyes.shown["typed"][0].typed == ["lantern", "wombat"]


@pytest.mark.parametrize("state", ["retry", "declined"])
async def test_a_clip_that_came_to_nothing_is_removed_at_once(bob, clips, eventually, state):
    ended = await bob.tries(state, reasons=["TOO_DARK"])
    assert [(reason.code, reason.advice) for reason in ended.reasons] == [("TOO_DARK", "About TOO_DARK.")]
    assert (ended.tries_left, ended.expires_at) == (2, 0)

    async def gone():
        return not await clips(bob)

    await eventually(gone)


async def test_operators_are_told_what_came_of_sessions_and_why(bob):
    def told(name, **labels):
        return REGISTRY.get_sample_value(f"kinora_identity_liveness_{name}_total", labels) or 0

    sessions, reasons = told("sessions", state="retry"), told("reasons", state="retry", reason="TOO_DARK")
    await bob.tries("retry", reasons=["TOO_DARK"])
    assert told("sessions", state="retry") == sessions + 1
    assert told("reasons", state="retry", reason="TOO_DARK") == reasons + 1


@pytest.mark.parametrize("band", ["teen", "unknown"])
async def test_only_adults_lend_their_likeness(bob, band, refused):
    bob.caller.identity = bob.caller.identity.__class__(**{**vars(bob.caller.identity), "age_band": band})
    with refused("AdultsOnly"):
        await bob.starts()


async def test_a_stolen_session_starts_nothing(bob, refused):
    bob.caller.identity = bob.caller.identity.__class__(**{**vars(bob.caller.identity), "stepped_up": False})
    with refused("StepUpNeeded"):
        await bob.starts()


async def test_a_language_without_a_model_is_refused_by_name(bob, refused):
    with refused("InvalidArgument", "language"):
        await bob.starts(language="xx")


async def test_a_repeated_start_is_the_same_session(bob):
    first = await bob.starts(request_id="r1")
    assert await bob.starts(request_id="r1") == first


async def test_another_persons_session_is_unknown(bob, cleo, refused):
    session = await bob.starts()
    with refused("LivenessNotFound", "session_id"):
        await cleo.session(session)
    with refused("LivenessNotFound", "session_id"):
        await (await cleo.opens(session)).hears()


async def test_starting_again_ends_the_one_before_without_costing_a_try(bob, refused):
    first, second = await bob.starts(), await bob.starts()
    assert (await bob.session(first)).state == pb.LIVENESS_STATE_EXPIRED
    assert second.tries_left == 3
    with refused("LivenessOver", "session_id"):
        await (await bob.opens(first)).hears()


async def test_starting_again_during_a_capture_ends_that_and_costs_a_try(bob, refused):
    first = await bob.starts()
    camera = await bob.opens(first)
    await camera.says(chunk=b"x")
    assert (await camera.hears()).HasField("prompt")
    assert (await bob.starts()).tries_left == 2
    with refused("LivenessOver", "session_id"):
        await camera.verdict()
    assert (await bob.session(first)).state == pb.LIVENESS_STATE_EXPIRED


async def test_of_two_captures_of_one_session_one_goes_on(bob, clip_that_is):
    session = await bob.starts()
    ends = await asyncio.gather(*(bob.films(session, clip_that_is("approved")) for _ in range(2)), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["LivenessSession", "RemoteError"]
    await bob.comes_to("approved", session)
    assert (await bob.session(session)).state == pb.LIVENESS_STATE_APPROVED


async def test_a_session_not_captured_in_time_is_over(bob, sql, refused):
    session = await bob.starts()
    await sql("update liveness_sessions set expires_at = now() where id = :id", id=session.id)
    assert (await bob.session(session)).state == pb.LIVENESS_STATE_EXPIRED
    with refused("LivenessOver", "session_id"):
        await (await bob.opens(session)).hears()
    assert (await bob.starts()).tries_left == 3


# --- Captures that go wrong


async def goes_away(camera):
    camera.goes_away()


async def is_silent(camera):
    assert codes(await camera.verdict()) == ["CAPTURE_BROKEN_OFF"]


async def is_done_too_early(camera):
    await camera.says(done=pb.Stop())
    assert codes(await camera.verdict()) == ["CAPTURE_BROKEN_OFF"]


async def sends_a_huge_piece(camera):
    await camera.says(chunk=bytes(1024 * 1024 + 1))
    assert codes(await camera.verdict()) == ["CLIP_TOO_LARGE"]


async def sends_too_much(camera):
    for _ in range(5):
        await camera.says(chunk=bytes(1000))
    assert codes(await camera.verdict()) == ["CLIP_TOO_LARGE"]


async def never_says_done(camera):
    await camera.until_stop()
    assert codes(await camera.verdict()) == ["CAPTURE_BROKEN_OFF"]


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (goes_away, "CAPTURE_BROKEN_OFF"),
        (is_silent, "CAPTURE_BROKEN_OFF"),
        (is_done_too_early, "CAPTURE_BROKEN_OFF"),
        (sends_a_huge_piece, "CLIP_TOO_LARGE"),
        (sends_too_much, "CLIP_TOO_LARGE"),
        (never_says_done, "CAPTURE_BROKEN_OFF"),
    ],
)
async def test_a_capture_that_goes_wrong_says_why_and_leaves_nothing(monkeypatch, bob, clips, ending, code):
    monkeypatch.setattr(intake, "SILENCE_S", 0.5 if ending is is_silent else 5)
    monkeypatch.setattr(intake, "MAX_CLIP_BYTES", 4000 if ending is sends_too_much else 40 * 2**20)
    monkeypatch.setattr(capture, "REST_S", 0.2 if ending is never_says_done else 5)
    session = await bob.starts()
    camera = await bob.opens(session)
    await camera.says(chunk=b"x")
    assert (await camera.hears()).HasField("prompt")
    await ending(camera)
    ended = await bob.comes_to("retry", session)
    assert (codes(ended), ended.tries_left) == ([code], 2)
    assert not await clips(bob)


async def test_who_lost_the_connection_before_any_prompt_has_lost_no_try(bob):
    session = await bob.starts(language="en-x-long")
    camera = await bob.opens(session)
    await camera.says(chunk=b"x")
    await bob.comes_to("capturing", session)
    camera.goes_away()
    assert (await bob.comes_to("retry", session)).tries_left == 3


async def test_who_goes_away_while_the_capture_is_being_opened_leaves_no_session_behind(monkeypatch, served, bob):
    """Held grudge: the commit counted, its answer came to nobody, and the session was being captured until its time had run out."""
    database, opening = served.services[0].database, []
    begin, open_capture = database.begin, store.open_capture

    async def noted(tx, *args):
        opening.append(tx)
        return await open_capture(tx, *args)

    @asynccontextmanager
    async def slow_to_come_back():
        async with begin() as tx:
            yield tx
        await asyncio.sleep(1 if tx in opening else 0)

    monkeypatch.setattr(store, "open_capture", noted)
    monkeypatch.setattr(database, "begin", slow_to_come_back)
    session = await bob.starts(language="en-x-long")
    camera = await bob.opens(session)
    await bob.comes_to("capturing", session)
    camera.goes_away()
    await bob.comes_to("retry", session)


async def test_a_capture_ends_with_its_time(bob, sql):
    session = await bob.starts(language="en-x-long")
    await sql("update liveness_sessions set expires_at = now() + interval '1 s' where id = :id", id=session.id)
    camera = await bob.opens(session)
    await camera.says(chunk=b"x")
    assert codes(await camera.verdict()) == ["CAPTURE_TOO_LATE"]


async def test_a_client_that_never_sends_a_byte_ends_with_its_time(bob, sql):
    session = await bob.starts()
    await sql("update liveness_sessions set expires_at = now() + interval '1 s' where id = :id", id=session.id)
    assert codes(await (await bob.opens(session)).verdict()) == ["CAPTURE_TOO_LATE"]


async def test_a_capture_whose_server_died_ends_by_itself(bob, sql):
    session = await bob.starts()
    await sql("update liveness_sessions set state = 'capturing', expires_at = now() - interval '31 s' where id = :id", id=session.id)
    assert codes(await bob.comes_to("retry", session)) == ["CAPTURE_TOO_LATE"]


@pytest.mark.parametrize(("first", "param"), [({"chunk": b"x"}, "session_id"), ({}, "session_id")])
async def test_a_capture_begins_with_its_session(bob, first, param, refused):
    await bob.starts()
    camera = await bob.opens(pb.LivenessSession())
    await camera.says(**first)
    with refused("CaptureInvalid", param):
        await camera.hears()


@pytest.mark.parametrize(("message", "param"), [({"session_id": "live_1"}, "message"), ({"typed": "a\x00b"}, "typed")])
async def test_what_makes_no_sense_in_a_capture_is_named(bob, message, param, refused):
    session = await bob.starts()
    camera = await bob.opens(session)
    await camera.says(chunk=b"x")
    await camera.says(**message)
    with refused("CaptureInvalid", param):
        await camera.verdict()
    assert codes(await bob.comes_to("retry", session)) == ["CAPTURE_BROKEN_OFF"]


# --- Tries


async def test_three_tries_that_come_to_nothing_make_a_pause(bob, sql, refused):
    left = [(await bob.tries(state)).tries_left for state in ("retry", "declined", "retry")]
    assert left == [2, 1, 0]
    with refused("LivenessPaused"):
        await bob.starts()
    await sql(
        "update liveness_sessions set failed_at = failed_at - interval '1 hour' where id ="
        " (select min(id) from liveness_sessions where account_id = :id)", id=bob.id,
    )  # fmt: skip
    assert (await bob.starts()).tries_left == 1


async def test_the_pause_says_until_when(bob, sql):
    for _ in range(3):
        await bob.tries("retry")
    [(oldest,)] = await sql("select min(failed_at) from liveness_sessions where account_id = :id", id=bob.id)
    with pytest.raises(Exception, match=r"3 tries came to nothing. You can try again at \d\d:\d\d UTC") as caught:
        await bob.starts()
    assert int(caught.value.metadata["until"]) == int(oldest.timestamp()) + 3600


async def test_recordings_that_nobody_has_judged_count_as_tries_meanwhile(bob, refused):
    for _ in range(3):
        await bob.tries("review")
    with refused("LivenessPaused"):
        await bob.starts()


async def test_starts_in_parallel_leave_one_session(bob, sql):
    await asyncio.gather(*(bob.starts() for _ in range(8)))
    assert await sql("select count(*) from liveness_sessions where account_id = :id and state = 'created'", id=bob.id) == [(1,)]


# --- The analysis


async def test_when_no_slot_is_free_the_clip_waits(monkeypatch, eyes, bob):
    monkeypatch.setattr(analysing, "AGAIN_S", 0.02)
    await bob.tries("approved", id="busy", busy=5)
    assert len(eyes.shown["busy"]) == 6


@pytest.mark.parametrize(("breaks", "state"), [(2, "approved"), (3, "retry")])
async def test_a_broken_analysis_is_tried_three_times(monkeypatch, eyes, bob, clip_that_is, breaks, state):
    monkeypatch.setattr(analysing, "AGAIN_S", 0.02)
    session = await bob.starts()
    await bob.films(session, clip_that_is("approved", id=f"breaks {breaks}", breaks=breaks))
    ended = await bob.comes_to(state, session)
    assert codes(ended) == (["NOT_ANALYSED"] if state == "retry" else [])
    assert len(eyes.shown[f"breaks {breaks}"]) == 3


async def _so(found):
    return found


async def test_a_clip_whose_worker_died_is_taken_over_and_the_dead_ones_word_counts_no_more(eyes, bob, sql, clip_that_is, eventually):
    async def shown(times):
        await eventually(lambda: _so(len(eyes.shown.get("died", [])) == times))

    session = await bob.starts()
    await bob.films(session, clip_that_is("approved", id="died", takes_s=1))
    await shown(1)
    await sql("update liveness_sessions set lease_until = now() where id = :id", id=session.id)
    await shown(2)
    await sql("update liveness_sessions set lease_until = now() + interval '1 hour', lease = 'another' where id = :id", id=session.id)
    await eventually(lambda: _so(eyes.answered.count("died") == 2))
    await asyncio.sleep(0.2)  # the answers are heard
    assert (await bob.session(session)).state == pb.LIVENESS_STATE_ANALYSING


async def test_a_clip_that_kills_its_workers_is_given_up(bob, sql, clip_that_is):
    session = await bob.starts()
    await bob.films(session, clip_that_is("approved", takes_s=0.5))
    await sql("update liveness_sessions set tries = 3, lease = 'dead', lease_until = now() where id = :id", id=session.id)
    assert codes(await bob.comes_to("retry", session)) == ["NOT_ANALYSED"]


async def test_what_was_decided_is_in_the_audit_log(bob, ada):
    approved, declined = await bob.tries("approved"), await bob.tries("declined")
    found = [(entry.action, entry.details_json) for entry in (await bob("ListAudit")).entries if entry.subject == bob.id]
    for action, session in (("started", approved), ("approved", approved), ("started", declined), ("declined", declined)):
        assert (f"liveness.{action}", f'{{"session": "{session.id}"}}') in found
    assert (await ada("CheckAudit")).first_broken == 0
