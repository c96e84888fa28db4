"""What Triton and the platform add to a job of a diffusion engine: from the request over HTTP until the engine's film is stored, beside
the same engine called directly in a process of its own, by turns in one run.

    .venv/bin/python bench/bench_engine_overhead.py [--jobs 8] [--seconds 4] [--size 512x320]

Tiny random weights of LTX-2 with the production schedule of eight steps: the pipeline is as short as it ever will be, so the share that the
platform adds is the largest. Signing, which follows, is another benchmark's (bench_sealing.py).
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from kinora.engine.v1.engine_pb2 import RenderRequest
from kinora_cli.embedded.triton import Triton
from kinora_diffusion.loading import load
from kinora_diffusion.settings import Settings
from kinora_diffusion.tiny import ensure
from kinora_kit import db
from kinora_media.store import MediaStore
from kinora_testkit.network import eventually
from kinora_testkit.platform import Platform, every_engine, named
from rich.console import Console
from rich.table import Table

THREADS = "1"  # of torch, on both sides: the platform has the other core


class Unwatched:
    """A Studio without an audience."""

    def __init__(self, media: MediaStore) -> None:
        self.media = media

    def check(self) -> None: ...
    def tell(self, fraction: float, stage: str, frame: Any = None) -> None: ...
    def count(self, steps: int = 1) -> None: ...


def direct(pipe: Any, weights: str, media: str) -> None:
    """Serves serialized requests from `pipe` with the engine alone; answers with seconds."""

    engine = load(Settings(weights=Path(weights)))
    studio = Unwatched(MediaStore.open(media, signing_secret=b"", public_url=""))
    while message := pipe.recv_bytes():
        began = time.perf_counter()
        engine.render(RenderRequest.FromString(message), studio)
        pipe.send(time.perf_counter() - began)


@contextmanager
def alone(weights: Path, media: str) -> Iterator[Any]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=direct, args=(theirs, str(weights), media))
    process.start()
    yield ours
    ours.send_bytes(b"")
    process.join()


@dataclass
class Times:
    """Seconds by job."""

    alone: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    made: list[float] = field(default_factory=list)

    def note(self, alone: float, began: float, found: dict[str, Any]) -> None:
        self.alone.append(alone)
        self.ours.append(found["rendered_at"] - began)
        self.queued.append(found["queued_at"] - began)
        self.waited.append(found["waited"])
        self.made.append(found["engine_seconds"])


def through_the_platform(platform: Platform, body: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """When the request began, and the job's row once the engine's result is stored. The clocks are one machine's."""
    headers = {"Authorization": f"Bearer {platform.network.admin_key}"}
    began = time.time()
    reply = httpx.post(f"{platform.network.url}/v1/videos", json=body, headers=headers, timeout=30)
    video = reply.raise_for_status().json()
    eventually(lambda: platform.video(video["id"])["status"] in {"completed", "failed"}, within=600, every=0.5, what="the film")
    found = asyncio.run(row(platform, video["id"]))
    assert found["state"] == "completed", found["error_message"]
    return began, found


async def row(platform: Platform, video_id: str) -> dict[str, Any]:
    connection = await db.connect(platform.postgres.url, "generation")
    try:
        return dict(
            await connection.fetchrow(
                "SELECT *, CAST(extract(epoch FROM leased_at) + engine_seconds AS double precision) AS rendered_at, "
                "CAST(extract(epoch FROM created_at) AS double precision) AS queued_at, "
                "CAST(extract(epoch FROM leased_at - created_at) AS double precision) AS waited FROM videos WHERE id = $1",
                video_id,
            )
        )
    finally:
        await connection.close()


def request(found: dict[str, Any], number: int) -> RenderRequest:
    """The same clip for the engine alone."""
    return RenderRequest(
        attempt_id=f"direct{number}",
        storyboard_json=found["storyboard"] if isinstance(found["storyboard"], str) else json.dumps(found["storyboard"]),
        width=found["width"],
        height=found["height"],
        fps=found["fps"],
        output_prefix=f"direct/{number}",
    )


def measure(folder: Path, jobs: int, seconds: str, size: str) -> Table:
    ensure(weights := Path(".cache/tiny").absolute())
    os.environ |= {"OMP_NUM_THREADS": THREADS, "DIFFUSION_THREADS": THREADS, "DIFFUSION_SIZES": f"{size},1280x720"}
    body = {"model": "ltx-2", "prompt": "A dog runs through a park", "seconds": seconds, "size": size}

    def triton(at: Path, media: str) -> Triton:
        return every_engine(at, media, weights, "ltx2")

    platform = Platform(folder, triton=triton, environment=named("ltx2"))
    times = Times()
    try:
        with alone(weights / "ltx2", (folder / "direct").as_uri()) as pipe:
            for number in range(-1, jobs):  # the first is to warm both
                began, found = through_the_platform(platform, body | {"seed": number + 1})
                pipe.send_bytes(request(found, number).SerializeToString())
                took = pipe.recv()
                if number >= 0:
                    times.note(took, began, found)
    finally:
        platform.stop()
    return table(times, f"{seconds} s of {size}, eight steps, {jobs} jobs each, by turns")


def table(times: Times, title: str) -> Table:
    made = Table("", "median s", "fastest s", "slowest s", title=title)
    rows = {
        "engine alone": times.alone,
        "HTTP request to stored film": times.ours,
        "of it, until it is queued": times.queued,
        "of it, waiting for a worker": times.waited,
        "of it, the engine behind Triton": times.made,
    }
    for name, each in rows.items():
        made.add_row(name, *(f"{value:.3f}" for value in (statistics.median(each), min(each), max(each))))
    added = statistics.median(times.ours) - statistics.median(times.alone)
    made.add_row("added", f"{added * 1e3:.0f} ms", f"{added / statistics.median(times.alone):.1%}", "")
    return made


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--seconds", default="4")
    parser.add_argument("--size", default="512x320")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Console(width=120).print(measure(Path(folder), options.jobs, options.seconds, options.size))


if __name__ == "__main__":
    main()
