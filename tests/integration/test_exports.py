"""A copy that leaves, through every process: asked for over HTTP, made from the sealed film, fetched by a link."""

import httpx
import pytest
from kinora_cli.export import export
from kinora_media.probe import probe
from PIL import Image
from rich.console import Console

CONSOLE = Console(quiet=True)


def test_a_finished_video_is_exported_and_fetched(client, finished, tmp_path):
    export(client, finished.id, tmp_path / "cut.mp4", CONSOLE, start=1, end=3, short_side=180)
    about = probe(tmp_path / "cut.mp4")
    assert (about.width, about.height, about.video_codec, about.audio_codec) == (320, 180, "h264", "aac")
    assert about.duration == pytest.approx(2, abs=0.05)


def test_a_preview_moves(client, finished, tmp_path):
    export(client, finished.id, tmp_path / "out.gif", CONSOLE, format="gif", end=1)
    with Image.open(tmp_path / "out.gif") as picture:
        assert (picture.n_frames, picture.height) == (12, 270)


def test_asked_twice_it_is_made_once(client, finished):
    made = [client.post(f"/videos/{finished.id}/exports", cast_to=dict, body={"format": "webp", "end": 1})["id"] for _ in range(2)]
    assert made[0] == made[1]


def test_what_does_not_fit_is_told(network, finished):
    wrong = {"start": 3, "end": 2}
    asked = httpx.post(
        f"{network.url}/v1/videos/{finished.id}/exports", json=wrong, headers={"authorization": f"Bearer {network.admin_key}"}
    )
    assert (asked.status_code, asked.json()["error"]["param"]) == (400, "end")


def test_a_key_gets_no_archive(network):
    asked = httpx.post(f"{network.url}/api/me/archive", headers={"authorization": f"Bearer {network.admin_key}"})
    assert (asked.status_code, asked.json()["error"]["code"]) == (403, "step_up_needed")
