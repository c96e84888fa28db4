"""The engine in a real Triton: progress, a stored clip, refusals, cancelling, and its return from the dead."""

import asyncio
import io
import json
import os
import signal
import time
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest
import tritonclient.grpc.aio as triton_grpc
from kinora.engine.v1.engine_pb2 import CONDITIONING_KIND_FIRST_FRAME, CastLikeness, Conditioning, RenderEvent, RenderRequest
from kinora_cli.embedded.triton import Triton
from kinora_testkit.engines import ask, begin, pid_of
from kinora_testkit.likenesses import packed, pet, taken
from PIL import Image
from tritonclient.utils import InferenceServerException

pytestmark = pytest.mark.slow

MODELS = Path(__file__).parents[2]
BALL = {"id": "ball", "kind": "basketball", "position": [0, 0, 1]}
SHOT = {"duration": 0.5, "place": "court", "marks": [{"character": "mia"}], "props": [BALL]}
STORY = {"characters": [{"id": "mia", "name": "Mia"}], "shots": [SHOT]}
CAMEOS = {
    "characters": [{"id": "eileen", "name": "Eileen", "handle": "@eileen"}, {"id": "rex", "name": "Rex", "handle": "@eileen.rex"}],
    "shots": [{"duration": 0.5, "place": "park", "marks": [{"character": "eileen"}, {"character": "rex", "position": [1, 0]}]}],
}
LONG = STORY | {"shots": [SHOT | {"duration": 10}]}


def asked(story=STORY, **changes) -> RenderRequest:
    given = {
        "attempt_id": "a1",
        "width": 64,
        "height": 36,
        "fps": 24,
        "output_prefix": "videos/v1/a1",
        "storyboard_json": json.dumps(story),
    }
    return RenderRequest(**given | changes)


def opening_on(key):
    return [Conditioning(kind=CONDITIONING_KIND_FIRST_FRAME, key=key)]


async def render(url, request) -> list[RenderEvent]:
    return await ask(url, "world", request)


async def test_a_clip_is_made_with_progress_and_stored(triton_url, media_dir):
    events = await render(triton_url, asked())
    result = events[-1].result
    fractions = [event.progress.fraction for event in events[:-1]]
    assert fractions
    assert fractions == sorted(fractions)
    assert (result.engine, result.trained) == ("kinora-world", False)
    assert result.cpu_seconds > 0
    keys = (result.video_key, result.thumbnail_key, result.spritesheet_key, result.captions_key, result.events_key)
    assert all((media_dir / key).stat().st_size for key in keys)
    assert {Path(key).parent.as_posix() for key in keys} == {"videos/v1/a1"}


async def test_the_same_request_gives_the_same_film(triton_url, media_dir):
    for attempt in ("one", "two"):
        await render(triton_url, asked(output_prefix=attempt))
    assert (media_dir / "one/raw.mp4").read_bytes() == (media_dir / "two/raw.mp4").read_bytes()


async def test_previews_show_the_newest_frame(triton_url):
    events = await render(triton_url, asked(STORY | {"shots": [SHOT | {"duration": 3}]}, width=320, height=180))
    previews = [event.progress.preview_webp for event in events if event.progress.preview_webp]
    assert previews
    assert all(preview[8:12] == b"WEBP" and len(preview) < 40_000 for preview in previews)


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"storyboard_json": "{"}, "invalid_storyboard", "storyboard: Invalid JSON"),
        ({"story": STORY | {"shots": [SHOT | {"place": "atlantis"}]}}, "invalid_storyboard", "shots[0].place: unknown place 'atlantis'"),
        ({"width": 65}, "invalid_size", "65x36: both sides must be even"),
        ({"fps": 0}, "invalid_fps", "1 to 60"),
        ({"story": STORY | {"shots": [SHOT | {"duration": 20}] * 7}}, "too_long", "140.0 s"),
        ({"conditioning": opening_on("uploads/none")}, "first_frame_missing", "not in the media store"),
        ({"passes": ["albedo"]}, "invalid_passes", "depth, segmentation, motion, pose"),
    ],
)
async def test_what_cannot_be_made_is_refused_for_good(triton_url, changes, code, told):
    refusal = (await render(triton_url, asked(**changes)))[-1].refusal
    assert refusal.code == code
    assert told in refusal.message


async def test_a_given_picture_is_the_backdrop_and_a_broken_one_is_refused(triton_url, media_dir):
    out = io.BytesIO()
    Image.effect_noise((64, 36), 60).convert("RGB").save(out, "PNG")
    (media_dir / "picture").write_bytes(out.getvalue())
    (media_dir / "broken").write_bytes(out.getvalue()[:-900])
    made, refused = [(await render(triton_url, asked(conditioning=opening_on(key))))[-1] for key in ("picture", "broken")]
    assert "The picture is the backdrop; it moves in depth by an estimate." in made.result.notes
    assert refused.refusal.code == "first_frame_broken"


def cast(**packages):
    """Likenesses by handle: `eileen__rex` is @eileen.rex."""
    return [CastLikeness(handle="@" + name.replace("__", "."), package=package) for name, package in packages.items()]


@pytest.mark.timeout(300)  # a person is filmed first
async def test_likenesses_are_rendered_and_leave_nothing_on_disk(tmp_path, monkeypatch):
    made, temporary = tmp_path / "media", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    likenesses = cast(eileen=taken("eileen").to_bytes(), eileen__rex=packed(pet()))
    async with supervised(tmp_path) as triton:
        await revived(triton)
        for prefix, given in (("plain", []), ("own", likenesses)):
            assert (await render(triton.url, asked(CAMEOS, output_prefix=prefix, likenesses=given)))[-1].result.video_key
    assert (made / "plain/raw.mp4").read_bytes() != (made / "own/raw.mp4").read_bytes()
    assert [path.name for path in sorted((made / "plain").iterdir())] == [path.name for path in sorted((made / "own").iterdir())]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (cast(eileen=b"no likeness"), "@eileen: These bytes are no likeness"),
        (cast(eileen__rex=packed(pet())[:-300]), "@eileen.rex: These bytes are no likeness"),
        (cast(bob=packed(pet())), "'@bob' belongs to nobody in the storyboard"),
        (2 * cast(eileen__rex=packed(pet())), "'@eileen.rex' is given twice"),
    ],
)
async def test_a_likeness_that_cannot_be_used_is_refused_and_the_model_goes_on(triton_url, given, told):
    refusal = (await render(triton_url, asked(CAMEOS, likenesses=given)))[-1].refusal
    assert refusal.code == "invalid_likeness"
    assert told in refusal.message
    assert (await render(triton_url, asked()))[-1].result.video_key


async def test_passes_are_made_when_asked_for(triton_url, media_dir):
    result = (await render(triton_url, asked(passes=["depth", "pose"])))[-1].result
    assert set(result.pass_keys) == {"depth", "pose", "passes"}
    assert all((media_dir / key).stat().st_size > 100 for key in result.pass_keys.values())


async def test_a_cancelled_clip_makes_room_for_the_next_within_a_second(triton_url, media_dir):
    async with triton_grpc.InferenceServerClient(triton_url) as client:
        call = begin(client, "world", asked(LONG, output_prefix="cancelled"))
        await call.until_progress(0.16)
        call.cancel()
        began = time.monotonic()
        await render(triton_url, asked(storyboard_json="{}"))  # waits for the only instance
    assert time.monotonic() - began < 1.5
    assert not (media_dir / "cancelled").exists()


async def test_a_cancelled_clip_in_the_queue_is_never_begun(triton_url, media_dir):
    async with triton_grpc.InferenceServerClient(triton_url) as client:
        first = begin(client, "world", asked(LONG))
        await first.until_progress()
        queued = begin(client, "world", asked(output_prefix="queued"))
        await asyncio.sleep(0.3)
        queued.cancel()
        first.cancel()
    await render(triton_url, asked(storyboard_json="{}"))
    assert not (media_dir / "queued").exists()


def lives(pid):
    return Path(f"/proc/{pid}").exists()


def crash_model(triton):
    os.kill(pid_of(triton, "world"), signal.SIGKILL)


def shared_memory(triton):
    return list(Path("/dev/shm").glob(f"{triton._shm_prefix}*"))  # noqa: S108 - where the backend keeps it


@asynccontextmanager
async def supervised(folder):
    triton = Triton(MODELS, folder, (folder / "media").as_uri())
    watch = asyncio.create_task(triton.supervise())
    try:
        yield triton
    finally:
        watch.cancel()
        await triton.stop()


async def revived(triton) -> list[RenderEvent]:
    """The events of a clip, once the server answers again."""
    async with asyncio.timeout(90):
        while True:
            try:
                return await render(triton.url, asked())
            except (InferenceServerException, grpc.aio.AioRpcError):
                await asyncio.sleep(0.2)


async def test_a_killed_server_and_a_crashed_model_both_come_back(tmp_path):
    async with supervised(tmp_path) as triton:
        await revived(triton)
        first, its_model = triton.pid, pid_of(triton, "world")
        os.kill(first, signal.SIGKILL)
        assert (await revived(triton))[-1].result.video_key
        assert triton.pid != first
        assert not lives(its_model)
        crash_model(triton)
        assert (await revived(triton))[-1].result.video_key


async def test_a_stopped_server_leaves_nothing_in_shared_memory(tmp_path):
    triton = Triton(MODELS, tmp_path, (tmp_path / "media").as_uri())
    await triton.start()
    assert shared_memory(triton)
    await triton.stop()
    assert triton.pid is None
    assert not shared_memory(triton)
