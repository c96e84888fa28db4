"""Fingerprints: what looks and sounds alike has like prints, and what does not has not."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_marks.prints import Printer, queries
from kinora_marks.prints.chromaprint import RATE, SHORTEST, SILENCE, words
from kinora_marks.prints.pdq import TURNS, distance, pdq, turned

NEAR = 31
CLIMBING = [
    2090725548,
    1821307564,
    2089721420,
    1956547085,
    1417136654,
    1378175518,
    1378625582,
    3593219110,
    3593216230,
    1450975399,
    2140803236,
]
WIDTH, HEIGHT = 480, 270


@cache
def photograph(seed=1):
    """Leaves of all sizes, fallen on each other: the statistics of photographs (A. Lee et al., Int. J. Computer Vision 41, 2001)."""
    random, luma = np.random.default_rng(seed), np.full((HEIGHT, WIDTH), 128, np.uint8)
    for radius in 3 / random.uniform(0.03, 1, 1500):
        middle = random.integers(0, luma.shape[::-1])
        cv2.circle(luma, [int(side) for side in middle], int(radius), int(random.integers(16, 235)), -1, cv2.LINE_AA)
    return luma


def printed(*pictures, every_s=0.5, details=8):
    printer = Printer(details=details)
    for number, luma in enumerate(pictures):
        printer.luma(number * every_s, np.ascontiguousarray(luma))
    return printer.finish()


def tune(seconds, seed=1, rate=RATE):
    """Notes of a quarter of a second, two at a time, in float32 of shape (samples, 2)."""
    random, time = np.random.default_rng(seed), np.arange(round(rate / 4)) / rate
    chords = [sum(np.sin(2 * np.pi * 220 * 2 ** (note / 12) * time) for note in random.integers(0, 24, 2)) for _ in range(int(4 * seconds))]
    return np.repeat(0.2 * np.concatenate(chords)[:, None], 2, 1).astype(np.float32)


def heard(sound, rate=RATE):
    printer = Printer()
    printer.sound(sound, rate)
    return printer.finish().sound


def wrong(one, other):
    """Share of bits."""
    count = min(len(one), len(other))
    return np.bitwise_count(one[:count] ^ other[:count]).mean() / 32


CHANGES = {
    "smaller": lambda luma: cv2.resize(luma, (240, 136), interpolation=cv2.INTER_AREA),
    "brighter": lambda luma: (luma * 0.8 + 40).astype(np.uint8),
    "blurred": lambda luma: cv2.GaussianBlur(luma, (0, 0), 2),
    "framed in black": lambda luma: cv2.copyMakeBorder(luma, 45, 45, 15, 15, cv2.BORDER_CONSTANT, value=16),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_picture_that_was_changed_a_little_has_nearly_the_same_print(change):
    (kept, *_), (now, *_) = printed(photograph()).pictures, printed(CHANGES[change](photograph())).pictures
    assert distance(kept.bits, now.bits) <= NEAR


def test_other_pictures_have_other_prints():
    bits = [pdq(photograph(seed)).bits for seed in range(12)]
    assert min(distance(one, other) for one in bits for other in bits if one is not other) > 2 * NEAR


@pytest.mark.parametrize("corner", [(0, 0), (30, 60), (67, 120)])
def test_details_of_a_crop_are_those_of_the_picture(corner):
    down, across = corner
    for seed in range(1, 5):
        luma = photograph(seed)
        kept, cropped = printed(luma).pictures, printed(luma[down : down + 203, across : across + 360], details=24).pictures
        assert any(distance(one.bits, other.bits) <= NEAR for one in kept for other in cropped if one.place and other.place)


WAYS = [
    lambda luma: luma,
    lambda luma: luma[:, ::-1],
    lambda luma: luma[::-1],
    lambda luma: luma[::-1, ::-1],
]


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_print_can_be_turned_without_its_picture(turn):
    luma = photograph()
    now = WAYS[turn % 4](luma.T if turn >= 4 else luma)
    assert distance(turned(pdq(luma).bits, turn), pdq(np.ascontiguousarray(now)).bits) <= 16


@given(st.binary(min_size=32, max_size=32), st.integers(0, TURNS - 1))
def test_turning_back_gives_the_same_print(bits, turn):
    back = {5: 6, 6: 5}.get(turn, turn)
    assert turned(turned(bits, turn), back) == bits


def test_blank_pictures_leave_no_print():
    assert printed(np.full((HEIGHT, WIDTH), 16, np.uint8), np.full((HEIGHT, WIDTH), 235, np.uint8)).pictures == ()


def test_two_pictures_a_second_are_looked_at_and_every_cut():
    films = [photograph(seed=1 + (number >= 30)) for number in range(48)]
    times = {seen.at_s for seen in printed(*films, every_s=1 / 24).pictures}
    assert sorted(times) == [pytest.approx(number / 24) for number in (0, 12, 24, 30, 42)]


def test_the_same_film_has_the_same_prints():
    one, other = (printed(photograph(1), photograph(2)) for _ in range(2))
    assert one.pictures == other.pictures


@pytest.mark.parametrize("rate", [RATE, 44_100, 48_000])
def test_sound_has_the_same_words_at_any_rate_and_loudness(rate):
    assert wrong(heard(tune(6)).words, heard(0.3 * tune(6, rate=rate), rate).words) < 0.06


def test_other_sound_has_other_words():
    assert wrong(heard(tune(8, seed=1)).words, heard(tune(8, seed=2)).words) > 0.25


def test_in_noise_most_bits_that_turn_are_among_those_that_were_unsure():
    clean = tune(20)
    noisy = heard(clean + np.random.default_rng(1).normal(0, 0.05, clean.shape).astype(np.float32))
    flipped = heard(clean).words ^ noisy.words
    told = np.bitwise_or.reduce(noisy.unsure[:, :4], axis=1)
    assert np.bitwise_count(flipped).sum() > 10
    assert np.bitwise_count(flipped & told).sum() > 0.5 * np.bitwise_count(flipped).sum()


def test_the_words_are_chromaprints():
    """Three tones that climb, as `fpcalc -raw` of Chromaprint 1.5.1 hears them."""
    time = np.arange(4 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * hertz * time * (1 + time / 8)) for hertz in (220, 277.2, 700))
    assert words((8000 * tones).astype(np.int16)).words.tolist() == CLIMBING


def test_silence_and_what_is_too_short_say_nothing():
    assert set(words(np.zeros(3 * SHORTEST, np.int16)).words) == {SILENCE}
    assert len(words(np.zeros(SHORTEST - 1, np.int16)).words) == 0
    assert queries(printed()).pictures == ()
    assert queries(Printer().finish()._replace(sound=words(np.zeros(SHORTEST, np.int16)))).sound == ()


@pytest.mark.parametrize(("thorough", "ways"), [(False, 2), (True, 8)])
def test_what_is_looked_up_is_bounded(thorough, ways):
    asked = queries(printed(*(photograph(seed) for seed in range(40)), details=20), thorough=thorough)
    assert {query.turn for query in asked.pictures} == set(range(ways))
    assert len(asked.pictures) <= ways * (16 + 6 * 12)
