"""Sound at another rate is the same sound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_marks.resampling import resampled
from scipy.signal import resample_poly


def tone(hertz, rate, seconds=1.0):
    return np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate).astype(np.float32)


@pytest.mark.parametrize(("up", "down", "rate"), [(1, 3, 48_000), (160, 441, 44_100), (2, 1, 8_000), (147, 640, 48_000)])
def test_a_tone_stays_the_tone_that_it_is(up, down, rate):
    heard = resampled(tone(440, rate), up, down)
    away = np.abs(heard - tone(440, rate * up / down)[: len(heard)])
    assert away[100:-100].max() < 0.01


def test_what_the_lower_rate_cannot_hold_is_gone():
    assert np.abs(resampled(tone(11_000, 48_000), 1, 3)[100:-100]).max() < 0.01


@given(st.integers(1, 3_000), st.integers(1, 7), st.integers(1, 7), st.integers(1, 2))
def test_it_is_as_long_as_scipys_and_keeps_channels(count, up, down, channels):
    samples = np.ones((count, channels), np.float32)
    assert resampled(samples, up, down).shape == resample_poly(samples, up, down, axis=0).shape
