"""Every engine in a real Triton: the world, and LTX-2 and Cosmos3 with tiny random weights, whose films are noise."""

import asyncio
import io
import json
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import tritonclient.grpc.aio as triton_grpc
from kinora.engine.v1.engine_pb2 import Conditioning, ConditioningKind, RenderRequest
from kinora_engine.sheets import shipped
from kinora_testkit.engines import begin, pid_of
from PIL import Image
from tritonclient.utils import InferenceServerException

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

every = pytest.mark.parametrize("model", ["world", "ltx2", "cosmos3"])
by_diffusion = pytest.mark.parametrize("model", ["ltx2", "cosmos3"])
SIDE = 64
QUEUE = 8  # of config.pbtxt


def story(seconds):
    """Shots of at most 20 s."""
    lengths = [min(20, seconds - start) for start in range(0, round(seconds + 0.5), 20)]
    shots = [{"duration": length, "place": "park", "marks": [{"character": "mia"}]} for length in lengths]
    return json.dumps({"seed": 7, "characters": [{"id": "mia", "name": "Mia"}], "shots": shots})


def asked(seconds=0.5, prefix="films/a", **changes):
    given = {"attempt_id": "a1", "width": SIDE, "height": SIDE, "fps": 24, "output_prefix": prefix, "storyboard_json": story(seconds)}
    return RenderRequest(**given | changes)


def steered(kind, key, **more):
    return asked(conditioning=[Conditioning(kind=ConditioningKind.Value(f"CONDITIONING_KIND_{kind}"), key=key, **more)])


def picture():
    out = io.BytesIO()
    Image.effect_noise((SIDE, SIDE), 60).convert("RGB").save(out, "PNG")
    return out.getvalue()


def stored(result):
    return {value for field, value in result.ListFields() if field.name.endswith("_key")} | set(result.pass_keys.values())


@every
async def test_a_film_is_made_with_progress_and_stored(engines, model):
    events = await engines.ask(model, asked(prefix=f"{model}/film"))
    fractions, keys = [event.progress.fraction for event in events[:-1]], stored(events[-1].result)
    assert fractions == sorted(fractions) != []
    assert {f"{model}/film/{name}" for name in ("raw.mp4", "thumbnail.webp", "captions.vtt", "events.json")} <= keys
    assert all((engines.media / key).stat().st_size for key in keys)


@every
async def test_an_engine_says_what_its_family_can_and_that_noise_is_noise(engines, model):
    sheet, family = await engines.sheet(model), shipped(model)
    for name in (
        "engine",
        "styles",
        "seconds",
        "fps",
        "longest_shot_s",
        "passes",
        "first_frame",
        "remix",
        "extend",
        "sound",
        "loop",
        "takes",
    ):
        assert getattr(sheet, name) == getattr(family, name), name
    assert not sheet.trained
    assert any("noise" in note for note in sheet.notes) == (model != "world")


@every
async def test_a_cancelled_film_makes_room_within_a_step(engines, model):
    async with triton_grpc.InferenceServerClient(engines.triton.url) as client:
        call = begin(client, model, asked(4, prefix=f"{model}/cancelled"))
        await call.until_progress(0.02)
        call.cancel()
        began = time.monotonic()
        await engines.sheet(model)  # waits for the only instance
    print(f"{model}: free {time.monotonic() - began:.2f} s after the cancel")  # noqa: T201 - a figure for people
    assert time.monotonic() - began < 5
    assert not (engines.media / f"{model}/cancelled").exists()
    assert await engines.metric("kinora_engine_requests_total", model=model, outcome="cancelled") >= 1


@every
@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"\xff\xff\xff", "invalid_request"),
        (asked(storyboard_json="{"), "invalid_storyboard"),
        (asked(width=63), "invalid_size"),
        (asked(fps=0), "invalid_fps"),
        (asked(124), "too_long"),
        (asked(passes=["albedo"]), "invalid_passes"),
        (asked(loras=["nobody-made-this"]), "unsupported_lora"),
        (steered("FIRST_FRAME", "films/none.png"), "first_frame_missing"),
        (steered("FIRST_FRAME", "broken/picture.png"), "first_frame_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_can_never_be_made_is_refused_by_name(engines, model, request_, code):
    (engines.media / "broken").mkdir(exist_ok=True)
    (engines.media / "broken/picture.png").write_bytes(picture()[:-900])
    assert (await engines.ask(model, request_))[-1].refusal.code == code


async def test_the_world_takes_no_takes(engines):
    assert (await engines.ask("world", steered("REMIX", "films/take")))[-1].refusal.code == "unsupported_conditioning"


@by_diffusion
async def test_a_take_is_changed_and_a_missing_or_broken_one_is_refused(engines, model):
    take = (await engines.ask(model, asked(prefix=f"{model}/first")))[-1].result.take_key
    (engines.media / "broken").mkdir(exist_ok=True)
    (engines.media / "broken/take").write_bytes((engines.media / take).read_bytes()[:-100])
    answers = [(await engines.ask(model, steered("REMIX", key)))[-1] for key in (take, "films/none", "broken/take")]
    assert answers[0].result.video_key
    assert [answer.refusal.code for answer in answers[1:]] == ["take_missing", "take_broken"]


@every
async def test_what_does_not_fit_the_queue_is_turned_away_at_once(engines, model):
    async with triton_grpc.InferenceServerClient(engines.triton.url) as client:
        calls = [begin(client, model, asked(8)) for _ in range(QUEUE + 4)]
        tries = [asyncio.create_task(call.until_progress()) for call in calls]
        await asyncio.wait(tries, return_when=asyncio.FIRST_EXCEPTION)
        await asyncio.sleep(0.5)
        turned_away = [t.exception() for t in tries if t.done() and t.exception()]
        for call, waiting in zip(calls, tries, strict=True):
            call.cancel()
            waiting.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
    assert 1 <= len(turned_away) <= 4
    assert all("Exceeds maximum queue size" in str(error) for error in turned_away)
    await emptied(engines, model)


async def emptied(engines, model):
    """A cancelled request keeps its place until its turn comes."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await engines.sheet(model)
            except InferenceServerException:
                await asyncio.sleep(0.2)


@contextmanager
def memory_left(pid, spare):
    """The process can take so many bytes more of address space, and everything again afterwards."""
    process = psutil.Process(pid)
    before = process.rlimit(psutil.RLIMIT_AS)
    process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms + spare, before[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_AS, before)


@pytest.mark.parametrize("model", ["ltx2"])  # which asks for much at once: native code that is refused a few bytes may end its process
async def test_too_little_memory_fails_the_film_and_the_engine_goes_on(engines, model):
    await engines.ask(model, asked())
    pid = pid_of(engines.triton, model)
    told = "out of memory: this clip needs more than the engine has"
    with memory_left(pid, 16 << 20), pytest.raises(InferenceServerException, match=told):
        await engines.ask(model, asked(20, width=128))
    assert (await engines.ask(model, asked()))[-1].result.video_key
    assert pid_of(engines.triton, model) == pid
    assert await engines.metric("kinora_engine_requests_total", model=model, outcome="oom") == 1


@every
async def test_every_ending_is_counted(engines, model):
    async def counted():
        outcomes = ("ok", "refused", "described")
        return [await engines.metric("kinora_engine_requests_total", model=model, outcome=outcome) for outcome in outcomes]

    before, steps = await counted(), await engines.metric("kinora_engine_steps_total", model=model)
    await engines.ask(model, asked())
    await engines.ask(model, asked(fps=0))
    await engines.sheet(model)
    assert await counted() == [count + 1 for count in before]
    assert await engines.metric("kinora_engine_steps_total", model=model) > steps
    assert await engines.metric("kinora_engine_in_flight", model=model) == 0
    assert await engines.metric("kinora_engine_seconds_count", model=model, outcome="ok") == before[0] + 1


def held(triton, model):
    process = psutil.Process(pid_of(triton, model))
    shared = sum(path.stat().st_size for path in Path("/dev/shm").glob(f"{triton._shm_prefix}*"))  # noqa: S108 - where the backend keeps it
    return {"rss": process.memory_info().rss, "files": process.num_fds(), "threads": process.num_threads(), "shared": shared}


@every
async def test_nothing_is_left_of_films_that_were_made_refused_or_cancelled(engines, model):
    async def some():
        await engines.ask(model, asked())
        await engines.ask(model, asked(fps=0))
        async with triton_grpc.InferenceServerClient(engines.triton.url) as client:
            call = begin(client, model, asked(4))
            await call.until_progress()
            call.cancel()
        await engines.sheet(model)

    for _ in range(6):  # buffers and caches are filled by then
        await some()
    before = held(engines.triton, model)
    for _ in range(6):
        await some()
    after = held(engines.triton, model)
    assert after["shared"] == before["shared"]
    assert after["files"] <= before["files"] + 2  # pools of threads and connections may still be filling
    assert after["threads"] <= before["threads"] + 2
    assert after["rss"] < before["rss"] + (24 << 20)
