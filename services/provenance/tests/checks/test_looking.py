"""Strangers' files of every kind, and what is made to hurt."""

import io
import struct
import zlib

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kinora_media.encode import Mp4Writer
from kinora_provenance import ca
from kinora_provenance.checking import BadContent, Findings, Limits, Looker
from PIL import Image

KEYS = "1:" + "ab" * 32


@pytest.fixture(scope="session")
def look(tmp_path_factory):
    anchors = ca.development(tmp_path_factory.mktemp("ca")).anchors
    return lambda data, **limits: Looker(KEYS, Limits(**limits)).look(data, anchors)


def picture(kind, **options):
    out = io.BytesIO()
    Image.effect_noise((320, 180), 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def animation(kind, count=3, duration=500):
    frames = [Image.effect_noise((64, 64), 40).convert("RGB") for _ in range(count)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=duration)
    return out.getvalue()


def recorded(container, sound="", video="", seconds=2):
    """Noise, as FFmpeg writes it."""
    rng, out = np.random.default_rng(0), io.BytesIO()
    with av.open(out, "w", format=container) as target:
        shown = [target.add_stream(video, rate=10)] if video else []
        heard = [target.add_stream(sound, rate=48_000, layout="mono")] if sound else []
        for track in shown:
            track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
            for _ in range(10 * seconds):
                target.mux(track.encode(av.VideoFrame.from_ndarray(rng.integers(0, 255, (96, 160, 3), np.uint8))))
            target.mux(track.encode(None))
        for track in heard:
            frame = av.AudioFrame.from_ndarray(rng.integers(-9_000, 9_000, (1, 48_000 * seconds), np.int16), "s16", "mono")
            frame.sample_rate = 48_000
            for part in av.AudioResampler(track.format.name, "mono", 48_000, frame_size=track.frame_size or 1_024).resample(frame):
                target.mux(track.encode(part))
            target.mux(track.encode(None))
    return out.getvalue()


KINDS = {
    "JPEG": (lambda: picture("JPEG"), "image", 0),
    "PNG": (lambda: picture("PNG"), "image", 0),
    "WebP": (lambda: picture("WEBP"), "image", 0),
    "GIF": (lambda: picture("GIF"), "image", 0),
    "animated GIF": (lambda: animation("GIF"), "image", 1.5),
    "animated WebP": (lambda: animation("WEBP"), "image", 1.5),
    "MP3": (lambda: recorded("mp3", "libmp3lame"), "audio", 2),
    "M4A": (lambda: recorded("ipod", "aac"), "audio", 2),
    "WAV": (lambda: recorded("wav", "pcm_s16le"), "audio", 2),
    "Ogg": (lambda: recorded("ogg", "libopus"), "audio", 2),
    "WebM": (lambda: recorded("webm", "libopus", "libvpx"), "video", 2),
    "MOV": (lambda: recorded("mov", "aac", "libx264"), "video", 2),
    "silent MP4": (lambda: recorded("mp4", "", "libx264"), "video", 2),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_is_looked_at(look, name):
    make, kind, seconds = KINDS[name]
    found = look(make())
    assert (found.kind, found.picture.found, found.sound.found) == (kind, [], [])
    assert found.duration_s == pytest.approx(seconds, abs=0.2)


def bomb(width, height):
    """A PNG of some kilobytes that says it is enormous."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")


def long_film(folder, seconds):
    with Mp4Writer(folder / "long.mp4", 32, 32, 1) as out:
        for _ in range(seconds):
            out.frame(np.zeros((32, 32, 3), np.uint8))
    return (folder / "long.mp4").read_bytes()


def test_a_picture_that_would_fill_the_memory_is_refused_unopened(look):
    with pytest.raises(BadContent) as refused:
        look(bomb(60_000, 60_000))
    assert refused.value.reason == "PICTURE_TOO_LARGE"


def test_one_that_is_less_than_it_says_is_cut_off(look):
    with pytest.raises(BadContent) as refused:
        look(bomb(6_000, 6_000))
    assert refused.value.reason == "CUT_OFF"


def test_a_film_of_more_than_a_minute_is_too_long(look, tmp_path):
    with pytest.raises(BadContent) as refused:
        look(long_film(tmp_path, 70))
    assert refused.value.reason == "TOO_LONG"


def test_sound_of_no_length_is_nothing(look):
    with pytest.raises(BadContent) as refused:
        look(recorded("wav", "pcm_s16le", seconds=2)[:44])
    assert refused.value.reason in {"NOTHING_IN_IT", "CUT_OFF"}


def test_an_animation_of_too_many_pictures_is_refused(look):
    with pytest.raises(BadContent) as refused:
        look(animation("GIF", 12), frames=10)
    assert refused.value.reason == "TOO_MANY_FRAMES"


STARTS = [
    b"\0\0\0\x20ftypisom",
    b"\x1aE\xdf\xa3",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"ID3\4",
    b"OggS",
    b"RIFF\0\0\0\0WEBP",
    b"RIFF\0\0\0\0WAVE",
    b"",
]


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
def test_any_bytes_are_refused_in_words_or_looked_at(look, start, rest):
    assert told(look, start + rest)


@pytest.fixture(scope="session")
def whole():
    return {name: KINDS[name][0]() for name in ("WebM", "MP3", "animated GIF", "silent MP4")}


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(["WebM", "MP3", "animated GIF", "silent MP4"]), at=st.floats(0, 1), cut=st.booleans(), byte=st.integers(1, 255))
def test_so_is_any_damaged_file(look, whole, name, at, cut, byte):
    data = bytearray(whole[name])
    place = int(at * (len(data) - 1))
    data = data[:place] if cut else data[:place] + bytes([data[place] ^ byte]) + data[place + 1 :]
    assert told(look, bytes(data))


def told(look, data):
    """Whether there are findings, or a refusal in a whole sentence."""
    try:
        return isinstance(look(data), Findings)
    except BadContent as bad:
        return str(bad).endswith(".")
