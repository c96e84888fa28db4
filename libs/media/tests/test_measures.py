"""Measures of films without trained models: each tells the fault it is for, and does not mind the others."""

import numpy as np
import pytest
from kinora_media.encode import Mp4Writer
from kinora_media.measures import SAMPLE_RATE, consistency, cuts, measure, smoothness

FPS, COUNT = 24, 96
HITS = (8, 30, 41, 69, 84)  # frames at which the square jumps, in no rhythm


def pictures():
    """A square that drifts, and jumps at every hit."""
    made = np.full((COUNT, 72, 128, 3), 60, np.uint8)
    made[..., 1] += np.arange(128, dtype=np.uint8)
    for index in range(COUNT):
        left, top = 10 + index, 10 + 8 * sum(hit <= index for hit in HITS)
        made[index, top : top + 16, left : left + 24] = (220, 40, 40)
    return made


def clicks(late_s=0.0):
    sound = np.random.default_rng(0).normal(0, 1e-3, (COUNT * SAMPLE_RATE // FPS, 1))
    ring = 0.5 * np.sin(np.arange(4000) * 0.2) * np.exp(-np.arange(4000) / 900)
    for hit in HITS:
        at = int((hit / FPS + late_s) * SAMPLE_RATE)
        sound[at : at + len(ring), 0] += ring[: len(sound) - at]
    return np.repeat(sound, 2, axis=1).astype(np.float32)


@pytest.fixture
def measured(tmp_path):
    def of(shown=None, sound=None):
        shown = pictures() if shown is None else shown
        with Mp4Writer(tmp_path / "film.mp4", 128, 72, FPS) as out:
            for picture in shown:
                out.frame(picture)
            out.audio(clicks() if sound is None else sound)
        return measure(tmp_path / "film.mp4")

    return of


def test_a_sound_film_shows_no_fault(measured):
    found = measured()
    assert found.av_offset_ms == pytest.approx(0, abs=1000 / FPS)
    assert (found.duration_s, round(found.fps, 3), found.frames, found.cuts) == (4, 24, COUNT, 0)
    assert found.flicker < 0.5
    assert found.unevenness_ms < 0.1
    assert 0 <= found.sound_longer_ms < 22  # AAC's last packet


@pytest.mark.parametrize("late_ms", [200, -120, 60])
def test_sound_beside_its_picture_is_told_in_milliseconds(measured, late_ms):
    offset = measured(sound=clicks(late_ms / 1000)).av_offset_ms
    assert offset == pytest.approx(late_ms, abs=1000 / FPS)
    assert offset - measured().av_offset_ms == pytest.approx(late_ms, abs=10)


def test_sounds_that_have_nothing_to_do_with_the_picture_have_no_offset(measured):
    found = measured(sound=np.random.default_rng(1).normal(0, 0.1, (COUNT * 2000, 2)).astype(np.float32))
    assert found.av_offset_ms is None


def test_frozen_pictures_are_dead(measured):
    shown = pictures()
    shown[52:88] = shown[52]
    found = measured(shown)
    assert found.longest_freeze_s == pytest.approx(35 / 24, abs=0.1)
    assert found.dead_frames > measured().dead_frames + 0.1


def test_one_colour_alone_is_dead(measured):
    assert measured(np.zeros((COUNT, 72, 128, 3), np.uint8)).dead_frames == 1


def test_flicker_is_told_in_levels(measured):
    shown = pictures()
    shown[::2] = shown[::2] // 2
    assert measured(shown).flicker > 20
    assert measured().flicker < 0.5


def test_smoothness_falls_from_smooth_to_stutter_to_noise():
    x = np.arange(128)
    slide = np.stack([np.tile(np.sin((x + index) / 9)[None, :, None], (72, 1, 3)) for index in range(48)]).astype(np.float32) * 90 + 120
    noise = np.random.default_rng(0).normal(128, 60, slide.shape).astype(np.float32)
    whole = np.zeros(47, np.bool_)
    smooth, stutter, noisy = (smoothness(film, whole) for film in (slide, slide[np.arange(48) // 2 * 2], noise))
    assert smooth > 0.8 > stutter > noisy
    assert stutter == pytest.approx(0.5, abs=0.05)
    assert noisy == pytest.approx(1 / (1 + 3**0.5), abs=0.02)


def test_a_subject_that_changes_its_colour_is_less_consistent():
    shown = pictures().astype(np.float32)
    changed = shown.copy()
    red = np.all(pictures()[48:] == (220, 40, 40), axis=3)
    changed[48:][red] = (40, 200, 220)
    whole = np.zeros(COUNT - 1, np.bool_)
    assert consistency(changed, whole) < consistency(shown, whole) - 0.1


def test_cuts_are_found_and_are_no_flicker(measured):
    shown = pictures()
    shown[48:] = 255 - shown[48:]
    assert np.flatnonzero(cuts(shown.astype(np.float32))).tolist() == [47]
    assert measured(shown).flicker < 0.5


def test_loudness_is_that_of_ebu_r128(measured):
    """A tone of 1 kHz at -23 dBFS in both ears measures -23 LUFS (EBU Tech 3341, case 1)."""
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(COUNT * 2000) / SAMPLE_RATE)
    found = measured(sound=np.stack([tone, tone], axis=1).astype(np.float32))
    assert found.loudness_lufs == pytest.approx(-23, abs=0.2)
    assert found.silence == 0


def test_silence_is_silent(measured):
    found = measured(sound=np.zeros((COUNT * 2000, 2), np.float32))
    assert (found.silence, found.loudness_lufs, found.av_offset_ms) == (1, -70, None)


def test_a_film_without_a_sound_track_is_silent(tmp_path):
    with Mp4Writer(tmp_path / "mute.mp4", 128, 72, FPS, sound=False) as out:
        for picture in pictures():
            out.frame(picture)
    found = measure(tmp_path / "mute.mp4")
    assert (found.silence, found.av_offset_ms) == (1, None)
