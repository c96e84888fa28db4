"""Progress as people see it: it never falls, comes at most twice a second, and its pictures are small."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_engine import studio as module
from kinora_engine.studio import PREVIEW_BYTES, LiveStudio, preview_of
from PIL import Image


@pytest.fixture
def clock(monkeypatch):
    """Seconds, to be put forward."""
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def studio(sent):
    return LiveStudio(None, send=sent.append, cancelled=lambda: False, counted=lambda _: None)


def test_progress_comes_at_most_twice_a_second_and_pictures_are_made_for_it_alone(clock):
    told, made = [], []
    live = studio(told)
    for step in range(100):
        clock[0] += 0.25
        live.tell(step / 100, "drawing", lambda: made.append(1))
    assert len(told) == len(made) == 50


@given(st.lists(st.floats(-1, 2, width=32), min_size=1))
def test_progress_never_falls_and_stays_between_0_and_1(fractions):
    told = []
    live = studio(told)
    for fraction in fractions:
        live._told = -np.inf
        live.tell(fraction, "drawing")
    seen = [event.progress.fraction for event in told]
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1


@pytest.mark.parametrize("shape", [(720, 1280), (1280, 720), (64, 64), (36, 64)])
def test_a_preview_is_small_even_of_noise(shape):
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    preview = preview_of(noise)
    assert 0 < len(preview) <= PREVIEW_BYTES
    assert Image.open(io.BytesIO(preview)).format == "WEBP"
