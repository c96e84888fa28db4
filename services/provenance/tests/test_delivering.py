"""From a master to the film that leaves."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from kinora_marks.keys import KeyRing
from kinora_marks.picture import find_mark, frames_of
from kinora_marks.sound import detect
from kinora_media.encode import Mp4Writer
from kinora_media.probe import frames, probe, samples
from kinora_provenance.delivering import deliver
from kinora_provenance.domain import Unsealable
from kinora_provenance.pulse import Pulse, Stopped

RATE, FPS = 48_000, 24
RING = KeyRing.parse("1:" + "5a" * 32)
IDENTITY = 0xFEDC_BA98_7654_3210


@pytest.fixture
def master(tmp_path):
    """Makes a master of so many seconds: moving noise and noise to hear, unless `sound` and `pictures` say otherwise."""

    def make(seconds=2.0, size=(640, 360), sound=None, pictures=None):
        (width, height), count = size, round(seconds * FPS)
        heard = np.random.default_rng(2).uniform(-0.3, 0.3, (round(seconds * RATE), 2)) if sound is None else sound
        scene = np.random.default_rng(3).integers(60, 200, (height // 8 + 1, width // 8 + 40)).repeat(8, 0).repeat(8, 1).astype(np.uint8)
        with Mp4Writer(tmp_path / "raw.mp4", width, height, FPS, crf=12, preset="ultrafast", sound=heard is not False) as out:
            if heard is not False:
                out.audio(heard.astype(np.float32))
            for n in range(count):
                moved = scene[:height, 2 * n : 2 * n + width, None].repeat(3, 2)
                out.frame(pictures(n) if pictures else moved)
        return tmp_path / "raw.mp4"

    return make


@pytest.fixture
def delivered(tmp_path):
    """Delivers a master; the film and what came of it."""

    def run(master, **options):
        return tmp_path / "out.mp4", deliver(master, tmp_path / "out.mp4", IDENTITY, RING, **options)

    return run


def test_picture_and_sound_carry_the_films_id(master, delivered):
    path, done = delivered(master(seconds=3))
    assert find_mark(frames_of(path), RING).mark.identity == IDENTITY
    assert [found.identity for found in detect(samples(path), RATE, RING).found] == [IDENTITY]
    assert (done.pictures, done.sound_marked) == (72, True)


def test_size_length_and_times_stay(master, delivered):
    before = master(seconds=1.5)
    after, _ = delivered(before)
    assert probe(after) == probe(before)
    assert [frame.time_s for frame in frames_of(after, per_second=FPS)] == [frame.time_s for frame in frames_of(before, per_second=FPS)]


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30), Fraction(24_000, 1001), Fraction(60)])
@pytest.mark.parametrize("count", [1, 2, 31])
def test_other_rates_and_lengths_stay_too(delivered, tmp_path, fps, count):
    with Mp4Writer(tmp_path / "raw.mp4", 320, 180, fps) as out:
        for shade in range(count):
            out.frame(np.full((180, 320, 3), 50 + shade, np.uint8))
    after, done = delivered(tmp_path / "raw.mp4")
    assert done.pictures == count
    before, now = probe(tmp_path / "raw.mp4"), probe(after)
    assert replace(now, duration=before.duration) == before
    assert now.duration == pytest.approx(before.duration, abs=1e-3)


def test_the_picture_looks_the_same(master, delivered):
    before = master()
    after, _ = delivered(before)
    errors = [np.mean((a.astype(float) - b) ** 2) for a, b in zip(frames(before), frames(after), strict=True)]
    assert 10 * np.log10(255**2 / np.mean(errors)) > 38


def test_a_click_stays_with_its_flash(master, delivered):
    """The click comes with picture 30 of 48, to a millisecond."""
    click = np.zeros((2 * RATE, 2))
    click[30 * RATE // FPS :][:96] = 0.8
    path, _ = delivered(master(sound=click, pictures=lambda n: np.full((360, 640, 3), 230 if n == 30 else 20, np.uint8)))
    flash = int(np.argmax([frame.mean() for frame in frames(path)]))
    onset = int(np.argmax(np.abs(samples(path)).max(1) > 0.2))
    assert flash == 30
    assert abs(onset / RATE - flash / FPS) < 0.001


def test_a_film_without_sound_stays_one(master, delivered):
    path, done = delivered(master(sound=False))
    assert (probe(path).has_audio, done.sound_marked) == (False, False)
    assert find_mark(frames_of(path), RING).mark.identity == IDENTITY


def test_silence_bears_no_mark_and_none_is_claimed(master, delivered):
    path, done = delivered(master(sound=np.zeros((2 * RATE, 2))))
    assert (probe(path).has_audio, done.sound_marked) == (True, False)


class Watching:
    """Looks on."""

    def __init__(self):
        self.times, self.heard = [], []

    def picture(self, at_s, planes):
        assert planes.shape == (540, 640)
        self.times.append(at_s)

    def sound(self, samples, rate):
        assert rate == RATE
        self.heard.append(samples)


def test_who_looks_on_sees_every_picture_and_all_the_sound(master, delivered):
    watch = Watching()
    path, _ = delivered(master(seconds=1), watch=watch)
    assert watch.times == pytest.approx(np.arange(24) / FPS)
    heard, kept = np.concatenate(watch.heard)[:RATE], samples(path)[:RATE]
    assert np.corrcoef(heard[:, 0], kept[:, 0])[0, 1] > 0.5  # AAC leaves the highest noise out


def test_work_that_nobody_waits_for_ends_at_the_next_picture(master, delivered, tmp_path):
    pulse = Pulse()
    pulse.stop()
    with pytest.raises(Stopped):
        delivered(master(), beat=pulse.beat)
    assert [path.name for path in tmp_path.iterdir()] == ["raw.mp4"]


@pytest.mark.parametrize("broken", [b"", b"no film", b"\0\0\0\x20ftypisom" + bytes(4000)])
def test_what_is_no_film_is_refused(delivered, tmp_path, broken):
    (tmp_path / "raw.mp4").write_bytes(broken)
    with pytest.raises(Unsealable, match="broken"):
        delivered(tmp_path / "raw.mp4")


def test_a_film_that_was_cut_off_is_refused(master, delivered):
    path = master()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Unsealable, match="broken"):
        delivered(path)
