import av
import numpy as np
import pytest
from kinora_media.encode import Mp4Writer
from kinora_media.probe import BadVideo, frames, probe, samples


@pytest.mark.parametrize("sound", [0, 30_000, 48_000, 60_000])
def test_sound_is_as_long_as_the_pictures_however_much_was_given(clip, tmp_path, sound):
    found = probe(clip(tmp_path / "a.mp4", samples=sound))
    assert (found.duration, found.frames, found.fps, found.has_audio) == (1.0, 24, 24, True)
    assert (found.width, found.height, found.video_codec, found.audio_codec) == (320, 180, "h264", "aac")


def test_an_odd_frame_rate_keeps_both_tracks_within_a_millisecond(picture, tmp_path):
    with Mp4Writer(tmp_path / "a.mp4", 320, 180, 30) as out:
        for index in range(47):
            out.frame(picture(index))
    with av.open(tmp_path / "a.mp4") as container:
        assert [float(stream.duration * stream.time_base) for stream in container.streams] == pytest.approx([47 / 30] * 2, abs=0.001)


def test_the_same_input_gives_the_same_bytes(clip, tmp_path):
    written = {clip(tmp_path / f"{turn}.mp4").read_bytes() for turn in range(4)}
    assert len(written) == 1


def test_colours_and_sound_come_back(clip, picture, tone, tmp_path):
    path = clip(tmp_path / "a.mp4")
    error = np.abs(
        np.stack(list(frames(path))).astype(int)[:, 20:160, 20:300] - np.stack([picture(n) for n in range(24)])[:, 20:160, 20:300]
    )
    assert np.median(error) <= 2
    assert np.abs(samples(path)[4800:40_000] - tone(40_000)[4800:]).mean() < 0.02


def test_pictures_decode_identically_twice(clip, tmp_path):
    path = clip(tmp_path / "a.mp4")
    assert all(np.array_equal(one, two) for one, two in zip(frames(path), frames(path), strict=True))


def test_players_can_start_before_the_whole_file_is_there(clip, tmp_path):
    data = clip(tmp_path / "a.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_an_error_in_the_block_leaves_no_file(picture, tmp_path):
    def breaks():
        with Mp4Writer(tmp_path / "a.mp4", 320, 180, 24) as out:
            out.frame(picture())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_error_reaches_the_caller(picture, tmp_path):
    with pytest.raises(av.FFmpegError), Mp4Writer(tmp_path / "a.mp4", 320, 180, 24, preset="no such preset") as out:
        [out.frame(picture(index)) for index in range(100)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [np.zeros((180, 321, 3), np.uint8), np.zeros((180, 320, 3), np.float32), np.zeros((180, 320), np.uint8)])
def test_a_picture_of_another_shape_is_refused(wrong, tmp_path):
    with pytest.raises(ValueError, match="A frame is uint8"), Mp4Writer(tmp_path / "a.mp4", 320, 180, 24) as out:
        out.frame(wrong)


def test_a_broken_file_is_named_as_such(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(BadVideo):
        probe(tmp_path / "a.mp4")
