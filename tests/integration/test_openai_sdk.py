"""An unmodified `openai` SDK program against separate processes with real Kafka, Postgres and Triton."""

import io
import json
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import openai
import pytest
from kinora_cli.generate import finish
from kinora_media.captions import parse_webvtt
from kinora_testkit.network import Network
from PIL import Image
from rich.console import Console

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROMPT = 'Two friends in a park. Maya waves and says "Hello there!" and Leo jumps.'  # as in conftest
SHORT = (Path(__file__).parent / "short.json").read_text()


def short(client: openai.OpenAI, **more: Any) -> Any:
    extra = {"storyboard": SHORT, **more}
    return client.videos.create_and_poll(prompt="Maya waves", size="1280x720", poll_interval_ms=300, extra_body=extra)


def test_a_prompt_becomes_a_video(finished):
    assert (finished.status, finished.progress, finished.error) == ("completed", 100, None)
    assert (finished.size, finished.seconds, finished.prompt) == ("640x360", "4", PROMPT)
    assert any("Understood" in note for note in finished.notes)


def test_the_film_can_be_watched_and_heard(client, finished):
    film = client.videos.download_content(finished.id).read()
    with av.open(io.BytesIO(film)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec.name, picture.width, picture.height, picture.average_rate) == ("h264", 640, 360, 24)
        assert sound.codec.name == "aac"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(picture)]
    assert len(frames) == 96
    assert all(20 < frame.mean() < 235 and frame.std() > 10 for frame in frames[::12]), "black, white or flat"
    assert _loudness(film) > 0.01


def test_the_three_variants_are_what_they_say(client, finished):
    thumbnail = client.videos.download_content(finished.id, variant="thumbnail")
    sheet = client.videos.download_content(finished.id, variant="spritesheet")
    assert Image.open(io.BytesIO(thumbnail.read())).format == "WEBP"
    assert Image.open(io.BytesIO(sheet.read())).format == "JPEG"


def test_captions_hold_what_was_said(network, finished):
    reply = httpx.get(f"{network.url}/v1/videos/{finished.id}/captions", headers=_auth(network), follow_redirects=True)
    assert reply.text.startswith("WEBVTT")
    assert [cue.text for cue in parse_webvtt(reply.text) if cue.speaker] == ["Hello there!"]


def test_the_film_is_sealed(network, finished):
    seal = httpx.get(f"{network.url}/v1/videos/{finished.id}/provenance", headers=_auth(network)).json()
    assert seal["validation_state"] == "Trusted"
    assert seal["development"] is True


def test_it_can_be_retrieved_and_listed(client, finished):
    assert client.videos.retrieve(finished.id).id == finished.id
    more = [short(client, draft=True).id for _ in range(2)]
    listed = [video.id for video in client.videos.list(limit=1)]
    assert listed[:2] == [*reversed(more)]
    assert finished.id in listed  # other tests of this folder make videos in between


def test_the_same_storyboard_and_seed_give_the_same_film(client):
    """But for the invisible marks: each film has an id of its own."""
    one, two = (_decoded(client.videos.download_content(short(client).id).read()) for _ in range(2))
    assert one[0].shape == (12, 720, 1280, 3)
    assert _difference(one[0], two[0]) < 3  # of 255
    assert _difference(one[1], two[1]) < 0.2 * _difference(one[1], 0)
    assert not np.array_equal(one[0], two[0])


def test_a_remix_keeps_what_it_does_not_name(client):
    source = short(client, draft=True)
    remix = client.videos.remix(source.id, prompt="at night")
    done = client.videos.poll(remix.id, poll_interval_ms=300)
    assert (done.status, done.remixed_from_video_id, done.size, done.seconds) == ("completed", source.id, source.size, source.seconds)


def test_an_extension_goes_on_and_has_the_whole_length(client):
    source = short(client, draft=True)
    longer = client.videos.extend(prompt="Maya jumps", seconds="4", video=openai.omit, extra_body={"video": {"id": source.id}})
    done = client.videos.poll(longer.id, poll_interval_ms=500)
    assert (done.status, done.remixed_from_video_id, int(done.seconds)) == ("completed", source.id, int(source.seconds) + 4)
    with av.open(io.BytesIO(client.videos.download_content(done.id).read())) as film:
        assert film.duration / av.time_base == pytest.approx(4.5, abs=0.1)


def test_a_draft_is_finished_in_full_size(client, tmp_path):
    draft = short(client, draft=True)
    film = finish(client, draft.id, tmp_path / "film.mp4", Console(quiet=True))
    assert (draft.size, film.size, film.seed, film.remixed_from_video_id) == ("640x360", "1280x720", draft.seed, draft.id)
    assert film.engine_seconds > 0
    with av.open(str(tmp_path / "film.mp4")) as made:
        assert (made.streams.video[0].width, made.streams.video[0].height) == (1280, 720)


def test_passes_can_be_downloaded(network, client):
    video = short(client, draft=True, passes=["depth", "pose"])
    url = f"{network.url}/v1/videos/{video.id}/content"
    depth, pose = (
        httpx.get(url, params={"variant": kind}, headers=_auth(network), follow_redirects=True).content for kind in ("depth", "pose")
    )
    with av.open(io.BytesIO(depth)) as film:
        assert [frame.format.name for frame in film.decode(video=0)] == ["gray16le"] * 12
    assert len(json.loads(pose)) == 12


def test_a_deleted_video_is_gone(client):
    video = short(client, draft=True)
    assert client.videos.delete(video.id).deleted is True
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video.id)


def test_a_cancelled_video_fails_as_cancelled(network, client):
    video = client.videos.create(prompt=PROMPT, size="1920x1080", seconds="12")
    httpx.post(f"{network.url}/v1/videos/{video.id}/cancel", headers=_auth(network)).raise_for_status()
    done = client.videos.poll(video.id, poll_interval_ms=300)
    assert (done.status, done.error.code) == ("failed", "cancelled")


def test_progress_streams_with_previews(network, client):
    video = client.videos.create(prompt="Maya waves", size="1280x720", extra_body={"storyboard": SHORT})
    with httpx.stream("GET", f"{network.url}/v1/videos/{video.id}/events", headers=_auth(network), timeout=120) as stream:
        text = "".join(stream.iter_text())
    assert "event: completed" in text
    assert "data:image/webp;base64," in text


def _auth(network: Network) -> dict[str, str]:
    return {"Authorization": f"Bearer {network.admin_key}"}


def _decoded(film: bytes) -> tuple[np.ndarray, np.ndarray]:
    with av.open(io.BytesIO(film)) as container:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    with av.open(io.BytesIO(film)) as container:
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    return frames, samples


def _difference(one: np.ndarray, two: np.ndarray | float) -> float:
    return float(np.sqrt(np.mean(np.square(one.astype(float) - two))))


def _loudness(film: bytes) -> float:
    return float(np.sqrt(np.mean(np.square(_decoded(film)[1]))))
