"""The sound of a film is that of its shots."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_diffusion.soundtrack import finished, joined, resampled
from kinora_world.sound.mastering import loudness


def steady(frames, spare=1):
    """A constant that lasts `spare` frames longer."""
    return np.full(((frames + spare) * 2000, 2), 0.25, np.float32)


@given(st.lists(st.integers(2, 40), min_size=1, max_size=5))
def test_shots_cross_over_without_a_dip_and_last_as_long_as_their_pictures(frames):
    sound = joined([steady(count) for count in frames], frames, 24, loop=False)
    assert sound.shape == (sum(frames) * 2000, 2)
    inner = sound[: -960 or None]
    assert np.allclose(inner, 0.25, atol=1e-3)


def test_a_loop_crosses_over_into_its_beginning():
    sound = joined([steady(12)], [12], 24, loop=True)
    assert np.allclose(sound, 0.25, atol=1e-3)


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100, 48_000])
def test_sound_of_any_rate_keeps_its_length_and_level(rate):
    tone = np.tile(np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32), (2, 1))
    heard = resampled(tone, rate)
    assert heard.shape == (48_000, 2)
    assert np.std(heard) == pytest.approx(np.std(tone), rel=0.01)


def test_films_are_of_one_loudness_and_silence_stays_silent():
    quiet = 0.02 * np.random.default_rng(0).standard_normal((96_000, 2)).astype(np.float32)
    assert loudness(finished(quiet, None, loop=False)) == pytest.approx(-16, abs=0.5)
    assert np.abs(finished(quiet * 1e-4, None, loop=False)).max() < 1e-4
