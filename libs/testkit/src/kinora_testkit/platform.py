"""The whole platform as separate processes, every part of it there to be hurt: for fault tests, soaks and benchmarks."""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
from kinora_cli.embedded.postgres import Postgres
from kinora_cli.embedded.triton import Triton
from kinora_kit import db

from kinora_testkit.fixtures import MODELS
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.network import Network, eventually

FAST = {"GENERATION_LEASE_S": "4", "GENERATION_DRAIN_S": "60", "GENERATION_RETRY_BASE_S": "0.2", "GATEWAY_CREATES_PER_MINUTE": "1000"}
STORYBOARD = {
    "version": "1",
    "characters": [{"id": "maya", "name": "Maya"}],
    "shots": [
        {
            "duration": 1.0,
            "place": "park",
            "marks": [{"character": "maya"}],
            "actions": [{"actor": "maya", "verb": "wave"}],
        }
    ],
}


ENGINES = {"world-1": "world", "ltx-2": "ltx2", "cosmos-3": "cosmos3"}  # by what callers ask for: the family, and its Triton model


def world(folder: Path, media_url: str) -> Triton:
    """The CPU engine alone."""
    return Triton(MODELS, folder, media_url)


def every_engine(folder: Path, media_url: str, tiny: Path, *families: str) -> Triton:
    """The engines of these families, all when none is named; `tiny` holds a folder of weights for each that needs them."""
    models = families or tuple(ENGINES.values())
    parameters = {family: {"weights": str(tiny / family)} for family in models if family != "world"}
    return Triton(MODELS, folder, media_url, models=models, parameters=parameters, load_timeout_s=600)


def named(*families: str) -> dict[str, str]:
    """The environment that makes generation know the engines of these families, all when none is named; the first is the default."""
    return {"GENERATION_ENGINES": json.dumps(families or tuple(ENGINES.values()))}


class Engine:
    """A supervised Triton on a thread of its own, so that it comes back while a test waits."""

    def __init__(self, triton: Triton) -> None:
        self.triton = triton
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.triton.start(), self._loop).result(660)
        self._watch = asyncio.run_coroutine_threadsafe(self.triton.supervise(), self._loop)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.triton.stop(), self._loop).result(30)
        self._watch.result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Platform:
    """Started: `network`, `engine`, `postgres`, `kafka` are there to be hurt. `environment` is the services'."""

    def __init__(
        self, folder: Path, *, triton: Callable[[Path, str], Triton] = world, environment: Mapping[str, str] | None = None
    ) -> None:
        media = (folder / "media").as_uri()
        self.postgres, self.kafka = Postgres(folder / "postgres"), NativeKafka(_made(folder / "kafka"))
        self.engine = Engine(triton(_made(folder / "engine"), media))
        asyncio.run(self.postgres.start())
        self.kafka.start()
        self.engine.start()
        self.network = Network(
            folder, self.postgres.url, self.kafka.bootstrap, self.engine.triton.url, media, FAST | dict(environment or {})
        )
        self.network.start()

    def stop(self) -> None:
        self.network.stop()
        self.engine.stop()
        self.kafka.stop()
        asyncio.run(self.postgres.stop())

    def create(self, count: int) -> list[str]:
        """Ids of accepted videos, one second each."""
        body = {"prompt": "Maya waves", "size": "1280x720", "storyboard": STORYBOARD}
        return [self._api("POST", "/videos", json=body)["id"] for _ in range(count)]

    def video(self, video_id: str) -> dict[str, Any]:
        return self._api("GET", f"/videos/{video_id}")

    def rendering(self, video_id: str) -> bool:
        """An engine works on it, and is not about to finish."""
        video = self.video(video_id)
        return bool(video["status"] == "in_progress" and 5 < video["progress"] < 80)

    def wait_rendering(self, video_id: str) -> None:
        eventually(lambda: self.rendering(video_id), within=90, every=0.1, what="an engine working on the video")

    def assert_completed_exactly_once(self, video_ids: list[str], within: float = 180) -> None:
        eventually(lambda: all(self.video(i)["status"] == "completed" for i in video_ids), within=within, what="all completed")
        for video_id in video_ids:
            assert self._count("generation.outbox where type like '%VideoCompleted' and key = $1", video_id) == 1
            assert self._count("generation.outbox where type like '%VideoRendered' and key = $1", video_id) == 1
            assert self._count("provenance.seals where video_id = $1", video_id) == 1
        assert self._count("generation.outbox where published_at is null and $1 <> ''", "x") == 0

    def attempts(self, video_id: str) -> int:
        return self._count("generation.videos, generate_series(1, attempts) where id = $1", video_id)

    def _count(self, what: str, value: str) -> int:
        async def count() -> int:
            connection = await db.connect(self.postgres.url, "public")
            try:
                return int(await connection.fetchval(f"select count(*) from {what}", value))  # noqa: S608 - the text is the test's own
            finally:
                await connection.close()

        return asyncio.run(count())

    def _api(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.network.admin_key}"}
        deadline = 30

        def call() -> httpx.Response:
            return httpx.request(method, f"{self.network.url}/v1{path}", headers=headers, timeout=deadline, **more)

        reply = call()
        if method == "GET" and reply.status_code >= 500:  # a read during a crash may be told to come again
            eventually(lambda: call().status_code < 500, within=30, what=f"{path} after a crash")
            reply = call()
        reply.raise_for_status()
        video: dict[str, Any] = reply.json()
        return video


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
