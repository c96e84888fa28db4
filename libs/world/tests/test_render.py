"""A storyboard becomes a clip: complete, exact, the same every time, and stopped when asked."""

import hashlib
import subprocess
import sys
import threading
import time
from contextlib import closing

import av
import numpy as np
import pytest
from kinora_world import output
from kinora_world.render import StoryboardError, prepare
from kinora_world.storyboard import Storyboard

pytestmark = pytest.mark.slow

WIDTH, HEIGHT = 160, 90
STORY = {
    "seed": 11,
    "characters": [{"id": "mia", "name": "Mia", "feminine": 1}, {"id": "leo", "name": "Leo", "feminine": 0}],
    "shots": [
        {
            "duration": 0.77,
            "place": "court",
            "marks": [{"character": "mia", "position": [-0.8, 0], "facing": 60}, {"character": "leo", "position": [0.8, 0], "facing": -60}],
            "props": [{"id": "ball", "kind": "basketball", "position": [0, -0.5, 1]}],
            "dialogue": [{"speaker": "mia", "text": "Catch!"}],
        },
        {"duration": 0.5, "place": "beach", "style": "cartoon", "marks": [{"character": "mia"}]},
    ],
}


class Stop(Exception):
    pass


def story(**changes) -> Storyboard:
    return Storyboard.model_validate(STORY | changes)


def ready(storyboard=None, **options):
    return prepare(storyboard or story(), width=WIDTH, height=HEIGHT, **options)


def fingerprint() -> str:
    clip = ready()
    digest = hashlib.sha256(clip.audio.tobytes())
    for frame in clip.frames():
        digest.update(frame.tobytes())
    return digest.hexdigest()


def test_the_same_storyboard_gives_the_same_frames_and_samples_in_any_process():
    code = f"import sys; sys.path.insert(0, {str(__file__.rpartition('/')[0])!r}); import test_render; print(test_render.fingerprint())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert fingerprint() == fingerprint() == other


def test_pictures_and_sound_are_as_long_as_the_shots():
    clip = ready()
    frames = list(clip.frames())
    assert len(frames) == clip.n_frames == round(1.27 * 24)
    assert clip.audio.shape == (clip.n_frames / 24 * 48_000, 2)
    assert all(frame.shape == (HEIGHT, WIDTH, 3) and frame.dtype == np.uint8 for frame in frames)


def test_there_is_something_to_see_and_to_hear():
    clip = ready()
    with closing(clip.frames()) as frames:
        assert next(frames).std() > 20
    assert np.abs(clip.audio).max() > 0.05


def test_the_clip_opens_exactly_on_the_given_picture_and_leaves_it_slowly():
    picture = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    given = list(ready(first_frame=picture).frames())
    assert np.array_equal(given[0], picture)
    assert np.abs(given[1].astype(int) - picture).mean() < 5


def test_a_picture_of_another_size_is_refused():
    with pytest.raises(StoryboardError, match="first_frame: 8x8 pixels; it must be 160x90"):
        ready(first_frame=np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"place": "atlantis"}, r"shots\[0\].place: unknown place 'atlantis'.*beach"),
        ({"props": [{"id": "x", "kind": "lightsabre"}]}, r"shots\[0\].props\[0\].kind: unknown prop 'lightsabre'.*basketball"),
        ({"actions": [{"actor": "mia", "verb": "teleport"}]}, r"shots\[0\].actions\[0\].verb: unknown action 'teleport'.*wave"),
    ],
)
def test_what_the_engine_does_not_have_is_refused_with_its_place_and_what_there_is(change, told):
    with pytest.raises(StoryboardError, match=told):
        ready(story(shots=[STORY["shots"][0] | {"props": [], "dialogue": []} | change]))


@pytest.mark.parametrize("until", [0.0, 0.05, 0.12, 0.5])
def test_it_stops_when_asked_at_any_point_and_leaves_nothing_behind(until, tmp_path):
    def stop(fraction, _stage, _frame):
        if fraction >= until:
            raise Stop

    began = time.monotonic()
    with pytest.raises(Stop):
        output.write(ready(on_progress=stop), tmp_path)
    assert time.monotonic() - began < 20
    assert not [path for path in tmp_path.iterdir() if "mp4" in path.name]
    assert "mp4-writer" not in {thread.name for thread in threading.enumerate()}


def test_progress_never_falls_and_shows_the_newest_frame():
    told = []
    list(ready(on_progress=lambda *news: told.append(news)).frames())
    fractions = [fraction for fraction, _, _ in told]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < 0.1
    assert 0.9 < fractions[-1] < 1
    assert told[-1][1] == "shot 2 of 2, frame 12 of 12"
    assert told[-1][2].shape == (HEIGHT, WIDTH, 3)


def test_the_film_plays_everywhere(tmp_path):
    files = output.write(ready(), tmp_path)
    with av.open(str(files.video)) as film:
        video, audio = film.streams.video[0], film.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.frames) == (WIDTH, HEIGHT, 30)
    assert "<v Mia>Catch!" in files.captions.read_text()
    assert all(path.stat().st_size for path in (files.thumbnail, files.spritesheet))


def test_the_events_tell_words_cuts_and_contacts_in_the_time_of_the_clip(tmp_path):
    events = output.events(ready())
    assert events["cuts"] == [0.77]
    assert [(word["speaker"], word["word"]) for word in events["words"]] == [("mia", "Catch!")]
    bounce = next(contact for contact in events["contacts"] if "ball" in contact["names"])
    assert bounce["time"] == pytest.approx((2 * 1.0 / 9.81) ** 0.5, abs=0.01)
