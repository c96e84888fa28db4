"""One behaviour from every engine: an unmodified `openai` SDK program asks each of them for the same things. The weights of the GPU
engines are tiny and random: what they make is noise, and all else is real.
"""

import io
import json
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import openai
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SHORT = (Path(__file__).parent / "short.json").read_text()
TRAINED = ["ltx-2", "cosmos-3"]  # families whose weights are trained; those of these tests are not
ENGINES = ["world-1", *TRAINED]


@pytest.fixture(params=ENGINES)
def model(request) -> str:
    return request.param


@pytest.fixture
def size(client, model) -> str:
    """The first in landscape that it offers: tiny weights offer tiny ones."""
    sizes = client.models.retrieve(model).model_extra["sizes"]
    return next(each for each in sizes if int(each.split("x")[0]) > int(each.split("x")[1]))


@pytest.fixture
def asked(model, size) -> dict[str, Any]:
    """Half a second. The simulator's is a draft, since its size is nothing to these tests."""
    return {"model": model, "prompt": "Maya waves", "size": size, "extra_body": {"storyboard": SHORT, "draft": model not in TRAINED}}


def with_extra(asked: dict[str, Any], **more: Any) -> dict[str, Any]:
    return asked | {"extra_body": asked["extra_body"] | more}


def made(client, asked: dict[str, Any]) -> Any:
    video = client.videos.create_and_poll(**asked, poll_interval_ms=300)
    assert (video.status, video.error) == ("completed", None)
    return video


def film(client, video) -> tuple[np.ndarray, float]:
    """Frames (n, h, w, 3), and how long its sound lasts."""
    data = client.videos.download_content(video.id).read()
    with av.open(io.BytesIO(data)) as container:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    with av.open(io.BytesIO(data)) as container:
        sound = container.streams.audio[0]
        return frames, float(sound.duration * sound.time_base)


def first_take(media_dir, video) -> list[torch.Tensor]:
    """Latents of the first shot, of picture and sound."""
    (file,) = (media_dir / "videos" / video.id).rglob("take.safetensors")
    latents = load_file(file)
    return [latents["0.video"], latents["0.audio"]]


def picture(size: str, colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", tuple(map(int, size.split("x"))), colour).save(out, "PNG")
    return out.getvalue()


def test_a_storyboard_becomes_a_film_with_sound_of_its_length(client, model, asked):
    video = made(client, asked)
    assert video.model == model
    frames, sound_s = film(client, video)
    assert len(frames) == 12
    assert frames.shape[2:0:-1] == tuple(map(int, video.size.split("x")))
    assert sound_s == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("model", TRAINED)
def test_random_weights_are_called_so(client, asked):
    assert any("random" in note.lower() and "noise" in note.lower() for note in made(client, asked).notes)


def test_progress_streams_with_previews(network, client, model, size):
    # Told twice a second: a short film is over before it has a picture to show.
    video = client.videos.create(model=model, prompt="Two friends wave in a park", size=size, seconds="8", extra_body={"draft": True})
    with httpx.stream("GET", f"{network.url}/v1/videos/{video.id}/events", headers=_auth(network), timeout=300) as stream:
        text = "".join(stream.iter_text())
    told = [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: {")]
    progress = [each["progress"] for each in told if "progress" in each]
    assert "event: completed" in text
    assert "data:image/webp;base64," in text
    assert progress == sorted(progress)


def test_a_cancelled_film_frees_its_engine(network, client, model, size, asked):
    longer = client.models.retrieve(model).model_extra["seconds"][-1]
    video = client.videos.create(model=model, prompt="Two friends wave in a park", size=size, seconds=str(longer))
    _until(network, video, "in_progress")
    httpx.post(f"{network.url}/v1/videos/{video.id}/cancel", headers=_auth(network)).raise_for_status()
    done = client.videos.poll(video.id, poll_interval_ms=200)
    assert (done.status, done.error.code) == ("failed", "cancelled")
    made(client, asked)


def test_the_same_seed_gives_the_same_film(client, asked, media_dir):
    """To the bit before it is marked, where takes are kept; but for the invisible marks, where a simulator plays again."""
    videos = [made(client, with_extra(asked, seed=seed)) for seed in (5, 5, 6)]
    one, two, other = ([file.read_bytes() for file in (media_dir / "videos" / video.id).rglob("take.safetensors")] for video in videos)
    assert one == two
    if asked["model"] in TRAINED:
        assert one != other
    else:
        assert np.abs(film(client, videos[0])[0].astype(float) - film(client, videos[1])[0]).mean() < 3  # of 255


def test_variants_are_films_of_their_own(client, asked):
    first = client.videos.create(**with_extra(asked, variants=2))
    both = [client.videos.poll(video, poll_interval_ms=300) for video in (first.id, *first.model_extra["variants"])]
    assert [video.status for video in both] == ["completed", "completed"]
    assert both[0].model_extra["seed"] != both[1].model_extra["seed"]


def test_a_film_opens_on_a_given_picture(client, model, size, asked):
    red, blue = (
        made(client, asked | {"input_reference": ("picture.png", picture(size, colour), "image/png")}) for colour in ("#d01010", "#1010d0")
    )
    opening = film(client, red)[0][0].astype(float) - film(client, blue)[0][0]
    assert model in TRAINED or (opening[..., 0].mean() > 100 and opening[..., 2].mean() < -100)  # random weights make noise of any picture
    assert np.abs(opening).mean() > 1


def test_a_remix_starts_from_what_was_made(client, model, asked):
    source = made(client, asked)
    done = client.videos.poll(client.videos.remix(source.id, prompt="at night").id, poll_interval_ms=300)
    assert (done.status, done.error) == ("completed", None)
    assert (done.model, done.remixed_from_video_id, done.size, done.seconds) == (model, source.id, source.size, source.seconds)


def test_an_extension_begins_with_the_film_it_goes_on_from(client, model, asked, media_dir):
    source, added = made(client, asked), int(client.models.retrieve(model).model_extra["seconds"][0])
    longer = client.videos.extend(prompt="Maya jumps", seconds=str(added), video=openai.omit, extra_body={"video": {"id": source.id}})
    done = client.videos.poll(longer.id, poll_interval_ms=500)
    assert (done.status, done.error, int(done.seconds)) == ("completed", None, int(source.seconds) + added)
    whole, beginning = film(client, done)[0], film(client, source)[0]
    assert len(whole) == 12 + 24 * added
    if model in TRAINED:
        assert all(torch.equal(*latents) for latents in zip(first_take(media_dir, done), first_take(media_dir, source), strict=True))
    else:
        assert np.abs(whole[:8].astype(float) - beginning[:8]).mean() < 6  # of 255: marked and encoded anew, and else the same


def test_a_cameo_is_in_a_film_by_consent(bob, model, size, asked):
    dog = bob.enrols_a_dog()
    told = json.loads(SHORT)
    told["characters"][0]["handle"] = dog["handle"]
    body = {"model": model, "prompt": "", "size": size, **asked["extra_body"], "storyboard": told}
    video = bob.ends(bob.http.post("/v1/videos", json=body).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]


def test_what_an_engine_cannot_do_is_refused_by_name(network, client, model, size):
    seconds = client.models.retrieve(model).model_extra["seconds"][0]
    for field, value in {"size": "66x66", "style": "oil on velvet", "loras": ["none-such"], "guidance": "the stars"}.items():
        body = {"model": model, "prompt": "Maya waves", "seconds": seconds, "size": size, field: value}
        refused = httpx.post(f"{network.url}/v1/videos", json=body, headers=_auth(network))
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, field)
        assert model in refused.json()["error"]["message"]


def test_a_broken_picture_stops_no_engine(network, client, model, size, asked):
    broken = {"input_reference": ("x.png", b"\x89PNG\r\n\x1a\n" + b"no picture", "image/png")}
    form = {"model": model, "prompt": "Maya waves", "size": size, "seconds": "4"}
    refused = httpx.post(f"{network.url}/v1/videos", data=form, files=broken, headers=_auth(network))
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "input_reference")
    made(client, asked)


def _until(network, video, status: str) -> None:
    with httpx.stream("GET", f"{network.url}/v1/videos/{video.id}/events", headers=_auth(network), timeout=300) as stream:
        assert any(f'"status":"{status}"' in line.replace(" ", "") for line in stream.iter_lines())


def _auth(network) -> dict[str, str]:
    return {"Authorization": f"Bearer {network.admin_key}"}
