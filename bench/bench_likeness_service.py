"""What the likeness service costs: each rpc over real gRPC, with real sandboxes, in CPU-seconds of all its processes.

    .venv/bin/python bench/bench_likeness_service.py [--times 3]

The clip is made (`kinora_testkit.enrolment`) and has seven seconds; the picture is drawn, 1280 by 960.
"""

import argparse
import asyncio
import io
import resource
import statistics
import time

import cv2
import numpy as np
import psutil
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceStub
from kinora_faces.challenge import Challenge, Item, Move
from kinora_kit.identity import Identity
from kinora_likeness.main import build
from kinora_testkit.cast import as_user
from kinora_testkit.enrolment import Take, genuine
from kinora_testkit.services import serving
from PIL import Image
from rich.console import Console
from rich.table import Table

ITEMS = (Item(1.1, "banana"), Item(2.4, move=Move.LEFT), Item(4.3, "window"), Item(5.5, move=Move.UP))
BOX = pb.Strokes(**{"from": pb.Point(x=0.2, y=0.2)}, to=pb.Point(x=0.8, y=0.8))
NO_DATABASE = "postgresql://nobody@127.0.0.1:9/none"


def ball() -> bytes:
    """A red ball on noisy green."""
    lawn = np.random.default_rng(4).normal((90, 160, 70), 6, (960, 1280, 3)).clip(0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(cv2.circle(lawn, (640, 480), 250, (190, 40, 30), -1)).save(out, "PNG")
    return out.getvalue()


async def measured(times: int) -> Table:
    made = genuine(Challenge("en", ITEMS, 7.2, 3.0), Take(seed=3, voice="en-us+m3"))
    noted = made.attempt
    table = Table("rpc", "CPU-seconds", "seconds", "kB answered", title="The likeness service, medians")
    async with serving(build, database_url=NO_DATABASE) as served:
        await served.adapters.media.put("clip", made.clip, content_type="video/mp4")
        await served.adapters.media.put("ball", ball(), content_type="image/png")
        asked = {
            "AnalyseClip": {"clip_key": "clip", "challenge_json": noted.challenge.to_json(), "reveals": noted.reveals},
            "TakeLikeness": {"clip_key": "clip", "voice": True},
            "LookAt": {"source_key": "ball"},
            "CutOut": {"source_key": "ball", "strokes": BOX},
        }
        for rpc, fields in asked.items():
            stub = getattr(LikenessServiceStub(served.channel), rpc)
            seen = [await once(stub, getattr(pb, rpc + "Request")(**fields)) for _ in range(times)]
            table.add_row(rpc, *(f"{statistics.median(column):.1f}" for column in zip(*seen, strict=True)))
    return table


async def once(stub: object, request: object) -> tuple[float, float, float]:
    before, began = cpu_s(), time.monotonic()
    answer = await stub(request, metadata=as_user(Identity("identity", "service")), timeout=170)
    return cpu_s() - before, time.monotonic() - began, answer.ByteSize() / 1000


def cpu_s() -> float:
    """Of this process and the sandboxes that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    console, times = Console(), parser.parse_args().times
    console.print(asyncio.run(measured(times)))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(
        f"Largest sandbox {largest:.0f} MB; {psutil.Process().memory_info().rss / 1e6:.0f} MB in this process, which made the clip"
    )


if __name__ == "__main__":
    main()
