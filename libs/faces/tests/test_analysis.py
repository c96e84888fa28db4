"""Clips of people and of attackers, from bytes to verdict."""

from dataclasses import replace

import pytest
from kinora_faces.analysis import Outcome, Reason, analyse
from kinora_faces.challenge import Attempt, Challenge, Item, Move, Needs
from kinora_testkit.enrolment import ATTACKS, Take

UNPROVEN = {"curved print"}  # a known gap: stopped by the mesh here, not by design
OF_A_PERSON = {"other person"}  # needs an enrolled vector


@pytest.fixture(scope="session")
def approved(enrolment):
    made = enrolment()
    return analyse(made.clip, made.attempt)


def test_who_does_what_is_asked_is_approved(approved):
    assert (approved.outcome, approved.reasons) == (Outcome.APPROVED, ())
    assert len(approved.vector) == 128


@pytest.mark.slow
def test_the_enrolled_person_is_known_again_and_another_is_declined(enrolment, approved):
    made = enrolment()
    again = analyse(made.clip, replace(made.attempt, enrolled=approved.vector))
    assert again.outcome == Outcome.APPROVED
    other = enrolment("other person")
    declined = analyse(other.clip, replace(other.attempt, enrolled=approved.vector))
    assert (declined.outcome, declined.reasons) == (Outcome.DECLINED, (Reason.NOT_THE_SAME_PERSON,))
    assert declined.vector is None


def test_a_clip_that_answered_another_challenge_does_not_answer_this_one(enrolment):
    made = enrolment()
    items = (Item(1.1, move=Move.DOWN), Item(2.9, "tiger"), Item(4.2, move=Move.RIGHT), Item(6.0, "potato"))
    attempt = Attempt(Challenge("en", items, 7.4, 3.0), tuple(item.after_s for item in items), made.attempt.received_s)
    verdict = analyse(made.clip, attempt)
    assert verdict.outcome == Outcome.RETRY
    assert {Reason.MOVES_OUT_OF_ORDER, Reason.WORDS_NOT_HEARD} <= set(verdict.reasons)


def test_a_clip_that_came_in_half_its_time_is_declined(enrolment):
    made = enrolment()
    verdict = analyse(made.clip, replace(made.attempt, received_s=2 * made.attempt.received_s))
    assert (verdict.outcome, verdict.reasons) == (Outcome.DECLINED, (Reason.TIMES_DO_NOT_FIT,))


@pytest.mark.slow
def test_typed_words_stand_in_for_speech_but_a_person_then_looks(enrolment):
    made = enrolment()
    asked = replace(made.attempt.challenge, needs=Needs(cannot_speak=True))
    typed = analyse(made.clip, replace(made.attempt, challenge=asked, typed=("Banana", "window ")))
    assert (typed.outcome, typed.reasons) == (Outcome.REVIEW, (Reason.NEEDS_A_PERSON,))
    wrong = analyse(made.clip, replace(made.attempt, challenge=asked, typed=("banana",)))
    assert Reason.WORDS_NOT_TYPED in wrong.reasons


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", Reason.NOT_A_VIDEO), (b"\0\0\0\x20ftypisom" + b"\xff" * 3000, Reason.CUT_OFF), (bytes(50_000_000), Reason.CLIP_TOO_LARGE)],
)
def test_bytes_that_are_no_clip_get_a_verdict_too(enrolment, data, reason):
    verdict = analyse(data, enrolment().attempt)
    assert (verdict.outcome, verdict.reasons) == (Outcome.RETRY, (reason,))


@pytest.mark.slow
@pytest.mark.parametrize("species", sorted(set(ATTACKS) - UNPROVEN - OF_A_PERSON))
def test_attacks_are_not_approved(enrolment, species):
    made = enrolment(species)
    verdict = analyse(made.clip, made.attempt)
    assert verdict.outcome != Outcome.APPROVED
    assert verdict.vector is None


@pytest.mark.slow
def test_who_cannot_turn_opens_the_mouth_shuts_the_eyes_and_leans_in(enrolment):
    items = (
        Item(1.1, move=Move.LEAN_IN),
        Item(3.0, "banana"),
        Item(4.4, move=Move.CLOSE_EYES),
        Item(6.3, "window"),
        Item(7.7, move=Move.OPEN_MOUTH),
    )
    asked = Challenge("en", items, 9.6, 3.0, Needs(cannot_turn=True))
    made = enrolment("genuine", asked, Take(seed=4, person="grace", voice="en-us+f2"))
    verdict = analyse(made.clip, made.attempt)
    assert verdict.outcome in {Outcome.APPROVED, Outcome.REVIEW}
    assert set(verdict.reasons) <= {Reason.NEEDS_A_PERSON}
    still = enrolment("static photo", asked)
    assert Reason.MOVE_NOT_SEEN in analyse(still.clip, still.attempt).reasons
