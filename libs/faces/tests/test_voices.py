"""Voices to vectors and pitches."""

import numpy as np
import pytest
from kinora_faces.listening import speech_of
from kinora_faces.voices import RATE, pitch_hz, voice_vector
from kinora_testkit.enrolment.voices import RATE as SPOKEN_RATE
from kinora_testkit.enrolment.voices import say
from scipy.signal import resample_poly


def spoken(text, voice):
    return resample_poly(say(text, voice), RATE, SPOKEN_RATE).astype(np.float32)


def test_a_voice_is_nearer_to_itself_with_other_words_than_to_another_voice():
    one, same = (voice_vector(spoken(text, "en-us+m3")) for text in ("banana window potato", "tiger and pencil and summer"))
    other = voice_vector(spoken("banana window potato", "en-us+f2"))
    assert np.linalg.norm(one) == pytest.approx(1)
    assert one @ same > one @ other + 0.05


def test_pitch_is_that_of_the_voice():
    t = np.arange(2 * RATE) / RATE
    hum = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 6)).astype(np.float32)
    middle, spread = pitch_hz(hum)
    assert middle == pytest.approx(140, rel=0.02)
    assert spread < 3
    assert pitch_hz(np.zeros(RATE, np.float32)) is None


def test_pauses_are_no_speech():
    loud = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert len(speech_of(np.concatenate([0.001 * loud, loud, 0.001 * loud]))) == pytest.approx(RATE, rel=0.1)
