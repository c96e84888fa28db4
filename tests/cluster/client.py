"""Runs in a pod of the cluster, as somebody's program, on the unmodified openai SDK; its last line is what it saw, as JSON."""

import asyncio
import io
import json
import os
import random
import sys
import time
import warnings
from pathlib import Path

import httpx
from openai import APIError, AsyncOpenAI, BadRequestError

RATE = 2.0  # requests a second
ENDED = {"completed", "failed"}
PATIENCE_S = 1500.0
STORYBOARD = (Path(__file__).parent / "short.json").read_text()
warnings.simplefilter("ignore", DeprecationWarning)  # the SDK says of its maker's own service that it ends
sdk = AsyncOpenAI(max_retries=0, timeout=30)


async def film() -> dict:
    """One real film of four seconds, and what the platform says of it."""
    started = time.monotonic()
    prompt = 'Two friends on a basketball court at sunset. Maya says "Watch this!" Then she shoots the ball.'
    video = await sdk.videos.create_and_poll(model="world-1", prompt=prompt, seconds="4", size="1280x720")
    took = time.monotonic() - started
    content = (await sdk.videos.download_content(video.id)).read()
    async with httpx.AsyncClient(base_url=os.environ["OPENAI_BASE_URL"], timeout=180) as http:
        headers = {"authorization": f"Bearer {sdk.api_key}"}
        checked = await http.post(
            "/content_provenance_checks", headers=headers, files={"file": ("a.mp4", io.BytesIO(content), "video/mp4")}
        )
    return {
        "state": video.status,
        "id": video.id,
        "seconds": took,
        "bytes": len(content),
        "mp4": content[4:8] == b"ftyp",
        "check": checked.json(),
    }


async def create() -> str:
    body = {"storyboard": STORYBOARD, "draft": True}
    return (await sdk.videos.create(model="world-1", prompt="she waves", size="1280x720", extra_body=body)).id


async def steady(seconds: float) -> dict:
    """A request every half second, each fourth a new film, none repeated; then waits for every film that was promised."""
    seen = {"requests": 0, "failures": [], "made": []}
    asked, until, turn = set(), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        turn += 1
        task = asyncio.ensure_future(_once(seen, poll=turn % 4 != 1))
        asked.add(task)
        task.add_done_callback(asked.discard)
        await asyncio.sleep(1 / RATE)
    await asyncio.gather(*asked)
    print(f"asked {seen['requests']} times, {len(seen['failures'])} failures", flush=True)
    return seen | {"ended": await ends(seen["made"])}


async def _once(seen: dict, *, poll: bool) -> None:
    seen["requests"] += 1
    try:
        if poll and seen["made"]:
            await sdk.videos.retrieve(random.choice(seen["made"]))
        else:
            seen["made"].append(await create())
    except BadRequestError:
        raise
    except APIError as error:
        seen["failures"].append(f"{time.strftime('%X')} {'poll' if poll else 'create'}: {error!r} {error.__cause__!r}")
        print(seen["failures"][-1], flush=True)


async def many(count: float) -> dict:
    """That many films at once; a create that fails is repeated until it counts, as a patient user would."""
    made = [await _patiently(create) for _ in range(int(count))]
    print(f"made {len(made)}", flush=True)
    return {"made": made, "ended": await ends(made)}


async def _patiently(call):
    while True:
        try:
            return await call()
        except BadRequestError:
            raise  # the suite's own fault
        except APIError as error:
            print(f"{time.strftime('%X')} again: {error!r}", flush=True)
            await asyncio.sleep(0.5)


async def ends(made: list[str]) -> dict:
    """The state in which each ended, by id; the platform may be away meanwhile."""
    ended, until = {}, time.monotonic() + PATIENCE_S
    while len(ended) < len(made) and time.monotonic() < until:
        for video in [one for one in made if one not in ended]:
            found = await _patiently(lambda video=video: sdk.videos.retrieve(video))
            if found.status in ENDED:
                ended[video] = found.status
            await asyncio.sleep(0.02)
        await asyncio.sleep(1)
    return ended


async def states(ids: str) -> dict:
    """Of videos that were made before, by id."""
    return {video: (await _patiently(lambda video=video: sdk.videos.retrieve(video))).status for video in ids.split(",")}


TALES = {"film": lambda _: film(), "steady": lambda n: steady(float(n)), "many": lambda n: many(float(n)), "states": states}

if __name__ == "__main__":
    print(json.dumps(asyncio.run(TALES[sys.argv[1]](sys.argv[2] if len(sys.argv) > 2 else ""))))
