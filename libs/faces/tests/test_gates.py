"""What each gate says to measures, one thing wrong at a time."""

from dataclasses import replace

import numpy as np
import pytest
from kinora_faces.analysis.gates import decide
from kinora_faces.analysis.measures import Measures
from kinora_faces.analysis.verdict import Outcome, Reason, Remark
from kinora_faces.challenge import Attempt, Challenge, Item, Move, Needs
from kinora_faces.listening import Heard
from kinora_faces.moves import Made, turns

TIMES = np.arange(105) / 15
ITEMS = (Item(1.1, "banana"), Item(2.4, move=Move.LEFT), Item(4.3, "window"), Item(5.3, move=Move.UP))
ATTEMPT = Attempt(Challenge("en", ITEMS, 7.0, 3.0), tuple(item.after_s for item in ITEMS), 7.1)


def talking(times):
    return np.where((abs(times - 1.8) < 0.3) | (abs(times - 4.9) < 0.3), 0.3 + 0.2 * np.sin(times * 25), 0.0)


@pytest.fixture
def good():
    ones = np.ones(len(TIMES))
    eyes = np.where(abs(TIMES - 3.5) < 0.1, 0.1, 0.3)
    fine = np.arange(0, 7, 0.02)
    return Measures(
        times=TIMES,
        faces=ones,
        yaw=0 * ones,
        pitch=0 * ones,
        lips=talking(TIMES),
        eyes=eyes,
        width=0.3 * ones,
        light=130 * ones,
        inside=ones,
        seconds=6.95,
        intervals=np.full(104, 1 / 15),
        moves=(Made(Move.LEFT, 3.1, 3.8, 0.4), Made(Move.UP, 6.0, 6.6, 0.4)),
        depth=(0.02, 0.025),
        heard=(Heard("banana", 1.5), Heard("window", 4.6)),
        loudness=talking(fine),
        vectors=np.zeros((5, 128)),
        pattern=1.2,
    )


def test_nothing_wrong_is_approved(good):
    verdict = decide(good, ATTEMPT)
    assert (verdict.outcome, verdict.reasons, verdict.remarks) == (Outcome.APPROVED, (), ())


def changed(part, fraction, value):
    array = part.copy()
    array[: int(fraction * len(array))] = value
    return array


PER_FRAME = ("times", "faces", "yaw", "pitch", "lips", "eyes", "width", "light", "inside")
WRONG = {
    Reason.TOO_DARK: lambda g: {"light": g.light * 0.2},
    Reason.TOO_BRIGHT: lambda g: {"light": g.light * 1.9},
    Reason.FACE_TOO_SMALL: lambda g: {"width": g.width * 0.3},
    Reason.TOO_FEW_FRAMES: lambda g: {name: getattr(g, name)[::2] for name in PER_FRAME},
    Reason.NO_FACE: lambda g: {"faces": 0 * g.faces},
    Reason.FACE_LEFT_PICTURE: lambda g: {"faces": changed(g.faces, 0.2, 0)},
    Reason.TWO_FACES: lambda g: {"faces": changed(g.faces, 0.03, 2)},
    Reason.MOVE_NOT_SEEN: lambda g: {"moves": g.moves[:1]},
    Reason.MOVES_OUT_OF_ORDER: lambda g: {"moves": (replace(g.moves[0], move=Move.RIGHT), g.moves[1])},
    Reason.MOVE_TOO_EARLY: lambda g: {"moves": (g.moves[0], replace(g.moves[1], start_s=5.0, end_s=5.6))},
    Reason.MOVE_TOO_LATE: lambda g: {"moves": (replace(g.moves[0], start_s=5.6, end_s=6.2), g.moves[1])},
    Reason.MOVE_TOO_FAST: lambda g: {"moves": (replace(g.moves[0], rise_s=0.07), g.moves[1])},
    Reason.WORDS_NOT_HEARD: lambda _: {"heard": (Heard("tiger", 1.5), Heard("", 4.3))},
    Reason.WORDS_NOT_IN_TIME: lambda g: {"heard": (Heard("banana", 1.12), g.heard[1])},
    Reason.AUDIO_NOT_IN_STEP: lambda g: {"loudness": np.roll(g.loudness, 35)},
    Reason.LOOKS_FLAT: lambda _: {"depth": (0.006, 0.007)},
    Reason.FACE_CHANGED: lambda _: {"vectors": np.eye(5, 128) * 0.5},
    Reason.TIMES_DO_NOT_FIT: lambda _: {"intervals": np.tile([0.02, 0.12, 0.2, 0.01], 26)},
}


@pytest.mark.parametrize("reason", WRONG, ids=str)
def test_each_thing_wrong_is_named_and_not_approved(good, reason):
    verdict = decide(replace(good, **WRONG[reason](good)), ATTEMPT)
    assert reason in verdict.reasons
    assert verdict.outcome == reason.outcome != Outcome.APPROVED


def test_a_slow_device_that_drops_pictures_may_try_again(good):
    dropping = {name: getattr(good, name)[::2] for name in PER_FRAME} | {"intervals": np.tile([0.13, 0.4, 0.13, 0.7], 13)}
    verdict = decide(replace(good, **dropping), ATTEMPT)
    assert (verdict.outcome, Reason.TIMES_DO_NOT_FIT in verdict.reasons) == (Outcome.RETRY, False)


def test_one_misheard_word_is_forgiven(good):
    assert decide(replace(good, heard=(Heard("monkey", 1.5), Heard("window", 4.6))), ATTEMPT).outcome == Outcome.APPROVED


def test_lips_that_rest_agree_with_nothing(good):
    asleep = 0.23 + 0.03 * good.lips  # what landmarks tremble by, even if it is in step
    assert Reason.AUDIO_NOT_IN_STEP in decide(replace(good, lips=asleep), ATTEMPT).reasons


def test_a_clip_that_ends_before_the_first_word_agrees_with_nothing(good):
    late = replace(ATTEMPT, reveals=tuple(at + 60 for at in ATTEMPT.reveals))
    assert Reason.AUDIO_NOT_IN_STEP in decide(good, late).reasons


def test_remarks_decide_nothing(good):
    verdict = decide(replace(good, eyes=0 * TIMES + 0.3, pattern=3.0), ATTEMPT)
    assert (verdict.outcome, verdict.remarks) == (Outcome.APPROVED, (Remark.NO_BLINK, Remark.SCREEN_PATTERN))


def test_a_person_looks_only_at_what_nothing_else_speaks_against(good):
    asked = replace(ATTEMPT, challenge=replace(ATTEMPT.challenge, needs=Needs(cannot_speak=True)), typed=("banana", "window"))
    assert decide(good, asked).outcome == Outcome.REVIEW
    wrong = decide(replace(good, depth=(0.006, 0.007)), asked)
    assert (wrong.outcome, wrong.reasons) == (Outcome.RETRY, (Reason.NEEDS_A_PERSON, Reason.LOOKS_FLAT))


def test_every_reason_has_advice_for_people():
    assert all(reason.advice.endswith(".") for reason in Reason)


def test_turns_are_read_from_angles_with_their_times():
    def bump(at, size):
        return size * np.clip(np.minimum(TIMES - at, at + 1.2 - TIMES) / 0.4, 0, 1)

    made = turns(TIMES, bump(2, 20) + bump(5, -20) + 4, bump(3.5, 15) - 7, 1.0)
    assert [one.move for one in made] == [Move.LEFT, Move.UP, Move.RIGHT]
    assert made[0].start_s == pytest.approx(2.27, abs=0.1)
    assert 0.25 < made[0].rise_s < 0.5


def test_a_head_that_sways_before_it_turns_has_not_begun_to_turn():
    sway = np.clip(TIMES - 1.5, 0, 1.5) * 2  # degrees: 2 a second
    made = turns(TIMES, 0 * TIMES, sway + 17 * np.clip((TIMES - 3) / 0.4, 0, 1), 1.0)
    assert made[0].rise_s == pytest.approx(0.35, abs=0.1)


def test_a_face_that_is_never_at_rest_makes_no_moves():
    assert turns(TIMES, np.full(len(TIMES), np.nan), np.full(len(TIMES), np.nan), 1.0) == []
