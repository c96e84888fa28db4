"""Many jobs through a GPU engine's code with everything that goes wrong: people cancel, requests are bad, the engine is killed. In the end
every job has ended truthfully, the queue is empty, and neither memory, open files, shared memory nor stored files have grown.

    .venv/bin/python bench/bench_soak.py [--jobs 200] [--model ltx-2] [--kills 4] [--seed 1]

Tiny random weights; separate processes on loopback. Memory at the end stands beside memory after the first tenth; of jobs that ended
without a film no file may be left. Exits with 1 when a job did not end as it should have, or when something grew.
"""

import argparse
import base64
import io
import math
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psutil
from kinora_cli.embedded.triton import Triton
from kinora_diffusion.tiny import ensure
from kinora_testkit.network import eventually
from kinora_testkit.platform import ENGINES, STORYBOARD, Platform, every_engine, named
from PIL import Image
from rich.console import Console
from rich.table import Table

WAITING = 6  # jobs at once, so that some are cancelled while they wait and some while they are made
SHARED = Path("/dev/shm")  # noqa: S108 - where Triton's backend keeps its shared memory
GROWN = 1.15  # times what it was after a tenth of the jobs: beyond that it leaks
SHORT = {**STORYBOARD, "shots": [STORYBOARD["shots"][0] | {"duration": 0.5}]}  # type: ignore[index, dict-item]


# How each kind may end: who cancels may come too late, and an engine may read a picture before it is spoilt.
ENDS = {
    "film": frozenset({"completed"}),
    "cancelled": frozenset({"completed", "cancelled"}),
    "broken": frozenset({"completed", "first_frame_broken"}),
}


@dataclass
class Job:
    """What was asked, and how it may end."""

    id: str
    kind: str
    ends: frozenset[str]
    cancel_at: float = 0.0


@dataclass
class Soak:
    platform: Platform
    model: str
    chance: random.Random
    media: Path
    jobs: list[Job] = field(default_factory=list)
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    def submit(self) -> None:
        """One more, of a kind that chance picks."""
        kind = self.chance.choices(["film", "cancelled", "bad", "broken"], [5, 3, 1, 1])[0]
        body = {"model": self.model, "prompt": "Maya waves", "size": self.size, "storyboard": SHORT}
        if kind == "bad":
            return self._refused(body | {"size": "1x1"})
        if kind == "broken":
            body["input_reference"] = {"image_url": "data:image/png;base64," + _picture(self.chance)}
        video = self._http("POST", "/v1/videos", json=body).raise_for_status().json()["id"]
        if kind == "broken":  # behind the gateway's checks, as a failing disk would
            newest = max((self.media / "uploads").rglob("*.png"), key=lambda file: file.stat().st_mtime)
            newest.write_bytes(b"no picture")
        self.jobs.append(Job(video, kind, ENDS[kind], time.monotonic() + self.chance.uniform(0, 4) if kind == "cancelled" else 0))
        return None

    @cached_property
    def size(self) -> str:
        """The smallest that the engine offers."""
        sizes: list[str] = self._http("GET", f"/v1/models/{self.model}").json()["sizes"]
        return min(sizes, key=lambda size: math.prod(map(int, size.split("x"))))

    def _refused(self, body: dict[str, Any]) -> None:
        reply = self._http("POST", "/v1/videos", json=body)
        self.refused += 1
        if reply.status_code != 400:
            self.wrong.append(f"a bad size was answered with {reply.status_code}")

    def cancel_what_is_due(self) -> None:
        for job in self.jobs:
            if job.cancel_at and time.monotonic() > job.cancel_at:
                job.cancel_at = 0.0
                self._http("POST", f"/v1/videos/{job.id}/cancel").raise_for_status()

    def ended(self, job: Job) -> str:
        """How; empty while it has not."""
        video = self.platform.video(job.id)
        if video["status"] == "failed":
            return "cancelled" if video["error"]["code"] == "cancelled" else str(video["error"]["code"])
        return "completed" if video["status"] == "completed" else ""

    def _http(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.platform.network.admin_key}"}
        return httpx.request(method, self.platform.network.url + path, headers=headers, timeout=60, **more)


@dataclass(frozen=True)
class Figures:
    """Of all processes together; bytes but for the counts."""

    engine: int
    services: int
    open_files: int
    shared: int

    @classmethod
    def now(cls, platform: Platform) -> "Figures":
        engines = _family(platform.engine.triton.pid)
        services = [psutil.Process(process.pid) for process in platform.network.processes.values()]
        everyone = engines + services
        return cls(
            engine=sum(process.memory_info().rss for process in engines),
            services=sum(process.memory_info().rss for process in services),
            open_files=sum(process.num_fds() for process in everyone),
            shared=sum(file.stat().st_blocks * 512 for file in SHARED.glob(f"{platform.engine.triton._shm_prefix}*")),  # noqa: SLF001 - its own alone
        )


def _picture(chance: random.Random) -> str:
    """A PNG of one colour, in Base64."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), tuple(chance.randrange(256) for _ in range(3))).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def _family(pid: int | None) -> list[psutil.Process]:
    if pid is None:
        return []
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def soak(platform: Platform, media: Path, model: str, jobs: int, kills: int, seed: int) -> tuple[Soak, list[tuple[int, Figures]]]:
    run = Soak(platform, model, random.Random(seed), media)
    kill_at = {round((number + 1) * jobs / (kills + 1)) for number in range(kills)}
    measured: list[tuple[int, Figures]] = []
    waiting: list[Job] = []
    for number in range(1, jobs + 1):
        before = len(run.jobs)
        run.submit()
        run.cancel_what_is_due()
        waiting += run.jobs[before:]
        if number in kill_at:
            platform.engine.triton.kill()
        while len(waiting := [job for job in waiting if not run.ended(job)]) >= WAITING:
            run.cancel_what_is_due()
            time.sleep(0.5)
        if number % max(1, jobs // 10) == 0:
            _settle(run, waiting)
            measured.append((number, Figures.now(platform)))
    _settle(run, waiting)
    return run, measured


def _settle(run: Soak, waiting: list[Job]) -> None:
    """Until all have ended."""

    def done() -> bool:
        run.cancel_what_is_due()
        return all(run.ended(job) for job in waiting)

    eventually(done, within=600, every=0.5, what="the queue drained")


def verdict(run: Soak, measured: list[tuple[int, Figures]], media: Path) -> list[str]:
    """What is wrong, in sentences."""
    wrong = list(run.wrong)
    wrong += [f"{job.id} ({job.kind}) ended as {end}" for job in run.jobs if (end := run.ended(job)) not in job.ends]
    first, last = measured[0][1], measured[-1][1]
    for name in ("engine", "services", "open_files", "shared"):
        before, after = getattr(first, name), getattr(last, name)
        if after > before * GROWN + (8 << 20 if name != "open_files" else 8):
            wrong.append(f"{name} grew from {before} to {after}")
    kept = {job.id for job in run.jobs if run.ended(job) == "completed"}
    eventually_gone = {folder.name for folder in (media / "videos").iterdir() if any(folder.rglob("*.*"))} - kept
    if eventually_gone:
        wrong.append(f"files of {len(eventually_gone)} videos that have ended without a film are left: {sorted(eventually_gone)[:3]}")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--model", default="ltx-2")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ |= {"OMP_NUM_THREADS": "1", "DIFFUSION_THREADS": "1"}
    family = ENGINES[options.model]
    ensure(weights := Path(".cache/tiny").absolute())
    with tempfile.TemporaryDirectory() as folder:

        def triton(at: Path, media: str) -> Triton:
            return every_engine(at, media, weights, family)

        extra = {"GENERATION_DISCARD_GRACE_S": "2", "GENERATION_MAX_LOSSES": "20", "GATEWAY_REQUESTS_PER_MINUTE": "100000"}
        platform = Platform(Path(folder), triton=triton, environment=named(family) | extra)
        try:
            report(platform, options, Path(folder))
        finally:
            platform.stop()


def report(platform: Platform, options: argparse.Namespace, folder: Path) -> None:
    began = time.monotonic()
    run, measured = soak(platform, folder / "media", options.model, options.jobs, options.kills, options.seed)
    time.sleep(10)  # what is discarded goes after its grace
    table = Table(
        "jobs", "engine MB", "services MB", "open files", "shared memory MB", title=f"{options.model}: {time.monotonic() - began:.0f} s"
    )
    for number, figures in measured:
        table.add_row(
            str(number),
            f"{figures.engine / 1e6:.0f}",
            f"{figures.services / 1e6:.0f}",
            str(figures.open_files),
            f"{figures.shared / 1e6:.1f}",
        )
    console = Console(width=120)
    console.print(table)
    console.print(
        f"{len(run.jobs)} jobs, {run.refused} refused at the door, {options.kills} kills; ends: {dict(Counter(map(run.ended, run.jobs)))}"
    )
    wrong = verdict(run, measured, folder / "media")
    console.print("\n".join(wrong) or "Every job ended truthfully, and nothing grew.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
