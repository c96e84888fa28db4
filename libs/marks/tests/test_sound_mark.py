"""A mark in sound: unheard, of every stretch of it, whatever is done to the sound."""

import io

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_marks.keys import Key, KeyRing
from kinora_marks.sound import Embedder, detect, masking
from scipy.signal import butter, lfilter, resample_poly, sosfilt

RATE = 48_000
OURS = KeyRing((Key(1, b"a secret of ours"),))
THEIRS = KeyRing((Key(2, b"a secret of others"),))
few = settings(max_examples=8)
ids = st.integers(0, 2**64 - 1)


def talk(seconds, seed=0):
    """(n, 2): syllables of a gliding voice through three formants, hisses, pauses, and a soft hall behind them."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE))
    at = 0.1
    while at < seconds - 0.4:
        length = random.uniform(0.12, 0.3)
        times = np.arange(int(length * RATE)) / RATE
        pitch = random.uniform(100, 220) * (1 + random.uniform(-0.3, 0.3) * times / length)
        source = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0) if random.random() < 0.75 else 0.1 * random.normal(size=len(times))
        for formant in (random.uniform(300, 800), random.uniform(900, 2300), random.uniform(2400, 3400)):
            turn, radius = 2 * np.pi * formant / RATE, 1 - 300 / RATE
            source = lfilter([1 - radius], [1, -2 * radius * np.cos(turn), radius**2], source)
        start = int(at * RATE)
        sound[start : start + len(times)] += source / np.abs(source).max() * np.hanning(len(times))
        at += length + random.choice([0.02, 0.05, 0.3])
    hall = 0.01 * random.normal(size=(len(sound), 2))
    return (0.3 * (sound[:, None] + hall)).astype(np.float32)


def claps(seconds):
    """(n, 2): bursts of noise that die away by 60 dB in 70 ms, two a second, over a background 70 dB below them."""
    random = np.random.default_rng(5)
    sound = random.normal(size=(int(seconds * RATE), 2)) * 1e-4
    burst = 0.3 * random.normal(size=(RATE // 10, 1)) * 10 ** (-3 * np.arange(RATE // 10) / 3400)[:, None]
    for start in range(RATE // 4, len(sound) - len(burst), RATE // 2):
        sound[start : start + len(burst)] += burst
    return sound.astype(np.float32)


SPEECH = talk(6)


def marked(sound, identity=7, keys=OURS, cuts=()):
    embedder = Embedder(identity, keys, sound.shape[1])
    pieces = [embedder.push(piece) for piece in np.split(sound, sorted(cuts))]
    return np.concatenate([*pieces, embedder.finish()])


MARKED = marked(SPEECH)


def coded(sound, codec, kind, kbps):
    file, layout = io.BytesIO(), {1: "mono", 2: "stereo"}[sound.shape[1]]
    with av.open(file, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=RATE, layout=layout)
        stream.bit_rate = 1000 * kbps
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound).reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as container:
        out = av.AudioResampler("flt", layout, RATE)
        pieces = [part for frame in container.decode(audio=0) for part in out.resample(frame)]
    return np.concatenate([piece.to_ndarray().reshape(-1, sound.shape[1]) for piece in pieces])


def mono(sound):
    return sound.mean(1, keepdims=True)


def noisy(sound, db, seed=0):
    noise = np.random.default_rng(seed).normal(size=sound.shape)
    return (sound + noise * np.sqrt(np.square(sound).mean() * 10 ** (-db / 10))).astype(np.float32)


def in_a_room(sound, seed=0):
    random = np.random.default_rng(seed)
    played = sosfilt(butter(2, (150, 8000), "bandpass", fs=RATE, output="sos"), mono(sound)[:, 0])
    tail = random.normal(size=RATE // 2) * 10 ** (-3 * np.linspace(0, 1, RATE // 2))
    tail *= 0.7 / np.linalg.norm(tail)
    tail[0] = 1
    size = len(played) + len(tail)
    return noisy(np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(tail, size), size), 25, seed)


def read(sound, rate=RATE, keys=OURS):
    return [mark.identity for mark in detect(sound, rate, keys).found]


@few
@given(ids, st.integers(0, 3 * RATE))
def test_an_id_is_read_from_any_three_seconds(identity, start):
    assert read(marked(SPEECH, identity)[start : start + 3 * RATE]) == [identity]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: coded(s, "aac", "mp4", 64),
        lambda s: coded(mono(s), "aac", "mp4", 64),
        lambda s: coded(mono(s), "libopus", "ogg", 32),
        lambda s: coded(s, "libopus", "ogg", 32),
        lambda s: coded(coded(coded(mono(s), "aac", "mp4", 96), "aac", "mp4", 64), "libmp3lame", "mp3", 96),
        lambda s: sosfilt(butter(8, 4000, fs=RATE, output="sos"), s, axis=0),
        lambda s: 0.05 * s,
        lambda s: s[:, 0],
        lambda s: resample_poly(s, 20, 21, axis=0),
        lambda s: resample_poly(s, 21, 20, axis=0),
    ],
    ids=[
        "AAC 64k",
        "AAC 64k mono",
        "Opus 32k mono",
        "Opus 32k",
        "AAC twice and MP3",
        "4 kHz",
        "softer",
        "one channel",
        "5% faster",
        "5% slower",
    ],
)
def test_three_seconds_of_it_survive(change):
    assert read(change(MARKED[RATE : 4 * RATE])) == [7]


@pytest.mark.parametrize("rate", [16_000, 22_050, 32_000, 44_100, 96_000])
def test_it_survives_other_rates(rate):
    assert read(resample_poly(MARKED, rate // 50, RATE // 50, axis=0), rate) == [7]


@pytest.mark.parametrize("change", [lambda s: noisy(s, 20), in_a_room], ids=["noise", "a room"])
def test_four_seconds_of_talk_survive_noise_and_a_room(change):
    assert read(change(MARKED[: 4 * RATE])) == [7]


@few
@given(st.lists(st.integers(0, 5 * RATE), max_size=6))
def test_it_does_not_matter_how_the_sound_is_cut_in_portions(cuts):
    assert np.array_equal(marked(SPEECH[: 5 * RATE], cuts=cuts), marked(SPEECH[: 5 * RATE]))


@few
@given(st.integers(0, 3 * RATE), st.integers(1, 2))
def test_the_sound_keeps_its_length(length, channels):
    assert marked(SPEECH[:length, :channels]).shape == (length, channels)


def test_silence_stays_silent():
    sound = np.concatenate([SPEECH[:RATE], np.zeros((RATE, 2), np.float32), SPEECH[RATE : 2 * RATE]])
    assert not marked(np.zeros((5 * RATE, 2), np.float32)).any()
    assert not marked(sound)[RATE + 512 : 2 * RATE - 256].any()


def test_nothing_is_heard_ahead_of_a_clap():
    sound = claps(5)
    ahead = np.concatenate([np.arange(start - RATE // 50, start - 256) for start in range(RATE // 4, 5 * RATE - RATE // 10, RATE // 2)])
    assert np.square((marked(sound) - sound)[ahead]).mean() < np.square(sound[ahead]).mean()


@few
@given(st.integers(0, 9))
def test_the_loudest_sound_is_not_clipped(seed):
    sound = talk(3, seed)
    sound /= np.abs(sound).max()
    assert np.abs(marked(sound)).max() <= 1


def test_it_begins_and_ends_without_a_click():
    sound = np.sin(2 * np.pi * 440 * np.arange(3 * RATE)[:, None] / RATE).astype(np.float32) * 0.5
    added = (marked(sound) - sound)[:, 0]
    assert np.abs(np.diff(np.pad(added, 1))).max() < 0.5 * np.abs(np.diff(sound[:, 0])).max()


def test_six_channels_carry_it_alike():
    six = np.concatenate([SPEECH, 0.5 * SPEECH[::-1], SPEECH[:, :1], np.zeros((len(SPEECH), 1), np.float32)], axis=1)
    after = marked(six)
    assert read(after) == [7]
    assert read(after[:, 0]) == [7]
    assert not after[:, 5].any()


@few
@given(st.floats(0.01, 1.0))
def test_a_softer_sound_gets_a_softer_mark(gain):
    sound = SPEECH[: 2 * RATE]
    softer = marked(np.float32(gain) * sound)
    assert np.allclose(softer, np.float32(gain) * marked(sound), atol=2e-3 * gain)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_unheard(seed):
    sound = talk(4, seed)
    added = marked(sound) - sound
    power, change = (np.square(np.abs(spectra(s))).astype(np.float32) for s in (sound[:, 0], added[:, 0]))
    above = masking.band_powers(change) > masking.threshold(power)
    assert 10 * np.log10(np.square(sound).sum() / np.square(added).sum()) > 22
    assert above.mean() < 0.08


def spectra(channel):
    windows = np.lib.stride_tricks.sliding_window_view(channel, 2048)[::512]
    return np.fft.rfft(windows * np.hanning(2048), axis=1).T


def test_a_report_says_which_seconds_carry_the_mark():
    (mark,) = detect(np.concatenate([talk(5, 3), MARKED, talk(5, 4)]), RATE, OURS).found
    (segment,) = mark.segments
    assert (segment.start_s, segment.end_s) == (pytest.approx(5, abs=1.1), pytest.approx(11, abs=1.1))
    assert mark.score > 12
    assert mark.speed == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize("seconds", [1.2, 2.0, 2.2])
def test_of_a_sound_of_a_moment_too_whatever_is_read_lies_within_it(seconds):
    for start in np.arange(0, 6 - seconds, 0.4):
        for mark in detect(MARKED[round(start * RATE) : round((start + seconds) * RATE)], RATE, OURS).found:
            assert mark.identity == 7
            assert all(-0.1 <= span.start_s < span.end_s <= seconds + 0.1 for span in mark.segments)


def test_two_videos_spliced_are_both_found():
    assert sorted(read(np.concatenate([MARKED, marked(talk(6, 8), 8), np.zeros((RATE, 2), np.float32)]))) == [7, 8]


def test_keys_are_told_apart():
    assert read(MARKED, keys=THEIRS) == []
    (mark,) = detect(MARKED, RATE, KeyRing((*THEIRS, *OURS))).found
    assert (mark.identity, mark.key) == (7, 1)


@pytest.mark.parametrize("sound", [SPEECH, np.zeros((2 * RATE, 2), np.float32), np.zeros((0, 2), np.float32), SPEECH[: RATE // 2]])
def test_nothing_is_read_where_nothing_was_written(sound):
    report = detect(sound, RATE, OURS)
    assert report.found == ()
    assert report.false_match_bound(known=2**40) < 1e-9


@pytest.mark.parametrize(("sound", "rate"), [(SPEECH, 4000), (np.full((RATE, 2), np.nan, np.float32), RATE), (SPEECH[None], RATE)])
def test_what_is_no_sound_is_refused(sound, rate):
    with pytest.raises(ValueError, match="Sound"):
        detect(sound, rate, OURS)


@pytest.mark.parametrize(("sound", "why"), [(SPEECH[:, :1], "samples, 2"), (np.full((9, 2), np.nan, np.float32), "finite")])
def test_a_sound_of_other_channels_or_with_gaps_is_not_marked(sound, why):
    with pytest.raises(ValueError, match=why):
        Embedder(7, OURS, 2).push(sound)
