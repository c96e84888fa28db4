"""A stranger's clip is decoded within limits, or refused in words."""

import io
import time

import av
import numpy as np
import pytest
from kinora_media.clip import BadClip, ClipLimits, decoded, read, still


def made(frames=24, *, codec="libx264", sound="aac", size=(160, 120), kind="mp4", fps=24, picture=True):
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as container:
        video = container.add_stream(codec, rate=fps) if picture else None
        audio = container.add_stream(sound, rate=48_000, layout="mono") if sound else None
        if video is not None:
            video.width, video.height, video.pix_fmt = *size, "yuv420p"
            blank = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 90, np.uint8), format="rgb24")
            for number in range(frames):
                blank.pts = number
                container.mux(video.encode(blank))
            container.mux(video.encode(None))
        if audio is not None:
            tone = np.sin(np.arange(round(48_000 * frames / fps)) / 20).astype(np.float32)[None]
            for at in range(0, tone.shape[1], 1024):
                part = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone[:, at : at + 1024]), format="fltp", layout="mono")
                part.sample_rate, part.pts = 48_000, at
                container.mux(audio.encode(part))
            container.mux(audio.encode(None))
    return out.getvalue()


USUAL = ClipLimits()


def reason(data, limits=USUAL):
    with pytest.raises(BadClip) as refused, decoded(data, limits):
        pass
    assert str(refused.value).endswith(".")
    return refused.value.reason


def test_pictures_times_and_sound_come_out_together():
    with decoded(made(48)) as file:
        clip = read(file)
        assert clip.frames.shape == (24, 120, 160, 3)  # every second one: 12 a second will do
        assert abs(int(clip.frames.mean()) - 90) < 3
        assert len(clip.all_times) == 48
        assert clip.seconds == pytest.approx(47 / 24)
        assert len(clip.samples) == pytest.approx(32_000, abs=2_000)
        assert np.abs(clip.samples).max() > 0.5


def brightening(codec="libx264", kind="mp4", *, live=False):
    """Grey 40 at first, 5 more in each of 32 frames, 8 a second."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind, options={"live": "1"} if live else {}) as container:
        video = container.add_stream(codec, rate=8)
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        for number in range(32):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 40 + 5 * number, np.uint8), format="rgb24")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return out.getvalue()


@pytest.mark.parametrize("clip", [brightening(), brightening("libvpx", "webm", live=True)], ids=["MP4", "WebM without a length"])
@pytest.mark.parametrize(("at_s", "grey"), [(0, 40), (1.3, 90), (None, 115), (3.9, 195), (99, 195), (-5, 40)])
def test_a_still_is_the_picture_of_its_moment(clip, at_s, grey):
    picture, seconds = still(clip, at_s, side=80)
    assert picture.shape == (60, 80, 3)
    assert picture.mean() == pytest.approx(grey, abs=4)
    assert seconds == pytest.approx(31 / 8)


def test_a_still_of_a_broken_clip_is_refused():
    for data in (b"", made(240)[:9000], b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40):
        with pytest.raises(BadClip):
            still(data, None, side=80)


def test_a_browser_may_send_webm():
    with decoded(made(codec="libvpx", sound="libopus", kind="webm")) as file:
        assert len(read(file).frames) == 12


def test_a_large_picture_is_shrunk():
    with decoded(made(4, size=(1280, 720))) as file:
        assert read(file).frames.shape[1:] == (270, 480, 3)


def test_silent_clips_are_for_those_who_allow_them():
    assert reason(made(sound=None)) == "NO_SOUND"
    with decoded(made(sound=None), ClipLimits(sound=False)) as file:
        assert len(read(file).samples) == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "NOT_A_VIDEO"),
        (b"GIF89a" + b"\0" * 999, "NOT_A_VIDEO"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "NOT_A_VIDEO"),
        (b"\0\0\0\x20ftypisom" + b"\xff" * 5000, "CUT_OFF"),
        (b"\x1aE\xdf\xa3" + bytes(range(256)) * 20, "CUT_OFF"),
    ],
)
def test_what_is_no_video_is_refused(data, told):
    assert reason(data) == told


def test_half_a_clip_is_refused():
    whole = made(72)
    assert reason(whole[: len(whole) // 2]) == "CUT_OFF"
    front = made(72, codec="libvpx", sound="libopus", kind="webm")
    assert reason(front[: len(front) // 3]) == "CUT_OFF"


def test_sound_alone_and_foreign_codecs_are_refused():
    assert reason(made(picture=False)) == "NO_PICTURE"
    assert reason(made(codec="mpeg4")) == "UNKNOWN_CODEC"
    assert reason(made(sound="libmp3lame")) == "UNKNOWN_CODEC"


def test_too_large_too_long_and_too_many_are_refused_before_they_cost_much():
    began = time.perf_counter()
    assert reason(made(), ClipLimits(clip_bytes=500)) == "CLIP_TOO_LARGE"
    assert reason(made(4, size=(2560, 64))) == "PICTURE_TOO_LARGE"
    assert reason(made(50, fps=1)) == "CLIP_TOO_LONG"
    assert reason(made(3000, size=(16, 16), fps=100, sound="aac")) == "TOO_MANY_FRAMES"
    assert time.perf_counter() - began < 30


@pytest.mark.slow
def test_a_hundred_thousand_frames_are_refused_at_once():
    bomb = made(100_000, size=(16, 16), fps=4000, kind="webm", codec="libvpx", sound="libopus")
    began = time.perf_counter()
    assert reason(bomb) == "TOO_MANY_FRAMES"
    assert time.perf_counter() - began < 5
