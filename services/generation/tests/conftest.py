"""The service on a loopback port over a real Postgres, its users, and a scripted stand-in for Triton.

The stand-in speaks Triton's protocol and does what a test scripts; real Triton is covered by tests/integration.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable

import grpc
import pytest
from kinora.cameo.v1 import cameo_service_pb2 as cameo_pb
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceServicer, CameoServiceStub, add_CameoServiceServicer_to_server
from kinora.engine.v1.engine_pb2 import (
    ENGINE_UNIT_CPU_SECOND,
    Capabilities,
    RenderEvent,
    RenderProgress,
    RenderRefusal,
    RenderRequest,
    RenderResult,
)
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.generation.v1.events_pb2 import VideoRendered
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_generation import queue_store, run_video, store, worker
from kinora_generation.arrivals import Arrivals
from kinora_generation.cameos import Cameos
from kinora_generation.domain import NewVideo
from kinora_generation.engines import WORLD, Engine
from kinora_generation.enqueue import enqueue
from kinora_generation.ids import new_video_id
from kinora_generation.main import build
from kinora_generation.settings import Settings
from kinora_generation.watch_sheets import watch_sheets
from kinora_kit import db as kit_db
from kinora_kit import identity
from kinora_kit.errors import NotFound, RemoteError, from_rpc_error
from kinora_kit.events import Outgoing
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.identity import Identity
from kinora_kit.service import Adapters, Service
from kinora_media.store import MediaMissing, MediaStore
from kinora_testkit.cast import SECRET, as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from sqlalchemy import text
from tritonclient.grpc import service_pb2, service_pb2_grpc

STORYBOARD = '{"seed": 7, "shots": [{"duration": 4, "place": "park"}]}'
ENGINES = (
    '[{"id": "world-1", "family": "world", "triton_model": "world", "aliases": ["sora-2", "sora-2-pro"], "created_at": 1767225600},'
    ' {"id": "ltx-2", "family": "ltx2", "triton_model": "ltx2", "draft_overflow": {"engine": "world-1", "after_s": 4}},'
    ' {"id": "cosmos-3", "family": "cosmos3", "triton_model": "cosmos3"}]'
)
FAST = {"beat_s": 0.05, "poll_s": 0.05, "retry_base_s": 0.05, "discard_grace_s": 0}


async def eventually(check: Callable[[], Awaitable[object] | object], within_s: float = 10):
    """What `check` returns, or what it returns is awaited for, as soon as that is true."""
    async with asyncio.timeout(within_s):
        while not (found := await answer if isawaitable(answer := check()) else answer):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    return found


@dataclass
class User:
    """Someone with an account, who talks to the service over gRPC."""

    who: Identity
    stub: GenerationServiceStub

    async def ask(self, rpc, request):
        # The first prompt of a process is directed in seconds, for the director reads its lists then; more on a busy machine.
        return await getattr(self.stub, rpc)(request, metadata=as_user(self.who), timeout=60)

    async def create(self, prompt="", *, request_id="", **fields) -> pb.Video:
        if not prompt and "storyboard_json" not in fields:
            fields["storyboard_json"] = STORYBOARD
        request = pb.CreateVideoRequest(request_id=request_id or uuid.uuid4().hex, prompt=prompt, **fields)
        return (await self.ask("CreateVideo", request)).video

    async def get(self, video_id) -> pb.Video:
        return (await self.ask("GetVideo", pb.GetVideoRequest(video_id=video_id))).video

    async def page(self, **fields) -> pb.ListVideosResponse:
        return await self.ask("ListVideos", pb.ListVideosRequest(**fields))

    async def cancel(self, video_id) -> pb.Video:
        return (await self.ask("CancelVideo", pb.CancelVideoRequest(request_id=uuid.uuid4().hex, video_id=video_id))).video

    async def delete(self, video_id) -> str:
        return (await self.ask("DeleteVideo", pb.DeleteVideoRequest(request_id=uuid.uuid4().hex, video_id=video_id))).video_id

    async def remix(self, video_id, prompt) -> pb.Video:
        request = pb.RemixVideoRequest(request_id=uuid.uuid4().hex, video_id=video_id, prompt=prompt)
        return (await self.ask("RemixVideo", request)).video

    async def extend(self, video_id, prompt, seconds=4) -> pb.Video:
        request = pb.ExtendVideoRequest(request_id=uuid.uuid4().hex, video_id=video_id, prompt=prompt, seconds=seconds)
        return (await self.ask("ExtendVideo", request)).video

    async def finish(self, video_id) -> pb.Video:
        return (await self.ask("FinishVideo", pb.FinishVideoRequest(request_id=uuid.uuid4().hex, video_id=video_id))).video

    async def models(self) -> dict[str, pb.Model]:
        return {model.id: model for model in (await self.ask("ListModels", pb.ListModelsRequest())).models}

    async def content(self, video_id, variant=pb.VARIANT_VIDEO) -> pb.GetContentResponse:
        return await self.ask("GetContent", pb.GetContentRequest(video_id=video_id, variant=variant))

    def watch(self, video_id):
        return self.stub.WatchVideo(pb.WatchVideoRequest(video_id=video_id), metadata=as_user(self.who))

    async def becomes(self, video_id, status, within_s=10) -> pb.Video:
        async def there():
            video = await self.get(video_id)
            return video if video.status == status else None

        return await eventually(there, within_s)

    async def refused(self, call) -> RemoteError:
        with pytest.raises(grpc.RpcError) as caught:
            await call
        return from_rpc_error(caught.value)


@dataclass
class Platform:
    db: kit_db.Database
    media: MediaStore
    events: PostgresLog
    channel: grpc.aio.Channel
    cameos: "StandInCameos"
    adapters: Adapters

    @property
    def stub(self):
        return GenerationServiceStub(self.channel)

    async def sql(self, statement, **bound):
        async with self.db.begin() as tx:
            result = await tx.execute(text(statement), bound)
            return result.all() if result.returns_rows else []

    async def published(self, event_type) -> list:
        """Payloads of the outbox, oldest first."""
        rows = await self.sql("SELECT payload FROM outbox WHERE type = :type ORDER BY id", type=event_type.DESCRIPTOR.full_name)
        return [event_type.FromString(row.payload) for row in rows]

    async def rendered(self, count=1) -> list:
        """The VideoRendered events, once there are `count`."""

        async def there():
            events = await self.published(VideoRendered)
            return len(events) >= count and events

        return await eventually(there)

    async def gone(self, key) -> bool:
        return not await self.stored(key)

    async def tell(self, event) -> None:
        """Publishes an event of another service."""
        name = event.DESCRIPTOR.full_name
        package = event.DESCRIPTOR.file.package
        await self.events.publish([Outgoing(str(uuid.uuid4()), package, name, event.video_id, event.SerializeToString())])

    async def attempt(self, video_id) -> str:
        return (await self.sql("SELECT attempt_id FROM videos WHERE id = :id", id=video_id))[0].attempt_id

    async def seal(self, video_id, attempt_id=None) -> str:
        """What provenance does, in the test's hands; returns the signed file's key."""
        attempt_id = attempt_id or await self.attempt(video_id)
        folder = f"videos/{video_id}/{attempt_id}/sealed"
        key = f"{folder}/video.mp4"
        for name in ("video.mp4", "thumbnail.webp", "spritesheet.jpg"):
            await self.media.put(f"{folder}/{name}", b"signed", content_type="application/octet-stream")
        await self.tell(VideoSealed(video_id=video_id, attempt_id=attempt_id, video_key=key, size_bytes=6))
        return key

    async def cannot_seal(self, video_id, reason) -> None:
        await self.tell(VideoSealFailed(video_id=video_id, attempt_id=await self.attempt(video_id), reason=reason))

    async def stored(self, key) -> bool:
        try:
            await self.media.head(key)
        except MediaMissing:
            return False
        return True


class CameoNotFound(NotFound):
    pass


@dataclass
class StandInCameos(CameoServiceServicer):
    """A stand-in for the cameo service: allows what is not in `refusals`, by stage or rpc."""

    asked: list = field(default_factory=list)
    refusals: dict = field(default_factory=dict)
    packages: dict = field(default_factory=dict)
    found: dict = field(default_factory=lambda: {"cameo_cleo": "@cleo", "cameo_rex": "@bob.rex"})

    async def Authorize(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "service"
        self.asked.append(request)
        if refusal := self.refusals.get(request.stage):
            raise refusal
        receipt = "a receipt" if request.stage == cameo_pb.STAGE_PUBLISH else ""
        cleared = [cameo_pb.ClearedCameo(cameo_id="cameo_" + m.handle[1:], handle=m.handle, receipt=receipt) for m in request.cast]
        return cameo_pb.AuthorizeResponse(cameos=cleared)

    async def FindCameo(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "user"
        if request.cameo_id not in self.found:
            raise CameoNotFound("You have no such cameo.", param="cameo_id")
        return cameo_pb.FindCameoResponse(cameo_id=request.cameo_id, handle=self.found[request.cameo_id])

    async def OpenLikeness(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "service"
        assert self.asked[-1].stage == cameo_pb.STAGE_DISPATCH
        assert self.asked[-1].video_id == request.video_id
        if refusal := self.refusals.get("OpenLikeness"):
            raise refusal
        return cameo_pb.OpenLikenessResponse(package=self.packages.get(request.cameo_id, b"likeness of " + request.cameo_id.encode()))

    def stages(self):
        return [request.stage for request in self.asked]

    def build(self, _):
        return Service("cameo", register=lambda server: add_CameoServiceServicer_to_server(self, server))


@pytest.fixture(name="eventually", scope="session")
def _eventually():
    return eventually


@pytest.fixture(scope="session")
async def session_platform(postgres_url):
    with pytest.MonkeyPatch.context() as env:
        for name, value in (FAST | {"workers": 0}).items():
            env.setenv(f"GENERATION_{name.upper()}", str(value))
        env.setenv("GENERATION_ENGINES", ENGINES)
        cameos = StandInCameos()
        async with fresh_database(postgres_url) as url, serving(cameos.build, build, database_url=url) as served:
            db, adapters = served.services[1].database, served.adapters
            yield Platform(db, adapters.media, adapters.events, served.channel, cameos, adapters)


@pytest.fixture
async def short_lived(ada, postgres_url):
    """A platform that a test may shut down: `close()`, and ada on it."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(postgres_url))
        served = await stack.enter_async_context(serving(build, database_url=url))
        yield stack.aclose, User(ada.who, GenerationServiceStub(served.channel))


@pytest.fixture
async def platform(session_platform):
    await session_platform.sql("TRUNCATE videos, shares, pool_shares, pool_clocks, ledger, engine_rates, engine_sheets, discarded, replies")
    await session_platform.sql("DELETE FROM outbox")
    session_platform.cameos.asked.clear()
    session_platform.cameos.refusals.clear()
    session_platform.cameos.packages.clear()
    return session_platform


@pytest.fixture
def ada(ada, platform):
    return User(ada, platform.stub)


@pytest.fixture
def bob(bob, platform):
    return User(bob, platform.stub)


@dataclass
class ScriptedEngine(service_pb2_grpc.GRPCInferenceServiceServicer):
    """A stand-in for Triton: every request is answered as `script` says."""

    media: MediaStore
    script: Callable[["ScriptedEngine", RenderRequest], AsyncIterator[RenderEvent]]
    sheet: Capabilities | None = None  # None: too old to have one
    requests: list[RenderRequest] = field(default_factory=list)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    server: grpc.aio.Server | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        self.server = grpc.aio.server(options=[("grpc.max_receive_message_length", -1)])  # as Triton
        service_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(self, self.server)
        self.port = self.server.add_insecure_port(f"127.0.0.1:{self.port}")
        await self.server.start()

    async def crash(self) -> None:
        """All connections break at once."""
        await self.server.stop(None)

    async def ModelReady(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        return service_pb2.ModelReadyResponse(ready=True)

    async def ModelStreamInfer(self, request_iterator, context):  # noqa: N802, ARG002 - gRPC's signature
        async for request in request_iterator:
            rendered = RenderRequest.FromString(request.raw_input_contents[0])
            if rendered.describe:
                yield _answer(RenderEvent(sheet=self.sheet) if self.sheet else RenderEvent(refusal=RenderRefusal(code="invalid_request")))
                continue
            self.requests.append(rendered)
            try:
                async for event in self.script(self, rendered):
                    yield _answer(event)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise

    async def store(self, request: RenderRequest) -> RenderEvent:
        """Writes the files of a finished clip."""
        keys = {name: f"{request.output_prefix}/{name}" for name in ("raw.mp4", "thumbnail.webp", "spritesheet.jpg", "captions.vtt")}
        made = [name for name in (*request.passes, "passes") if request.passes]
        passes = {name: f"{request.output_prefix}/passes/{name}" for name in made}
        take, audio = (f"{request.output_prefix}/{name}" for name in ("take.safetensors", "audio.flac"))
        for key in (*keys.values(), *passes.values(), take, audio):
            await self.media.put(key, b"x", content_type="application/octet-stream")
        result = RenderResult(
            video_key=keys["raw.mp4"], thumbnail_key=keys["thumbnail.webp"], spritesheet_key=keys["spritesheet.jpg"],
            captions_key=keys["captions.vtt"], engine="scripted", engine_version="1", notes=["no birds"], cpu_seconds=2, pass_keys=passes,
            take_key=take, audio_key=audio,
        )  # fmt: skip
        return RenderEvent(result=result)


def _answer(event: RenderEvent | str) -> service_pb2.ModelStreamInferResponse:
    if isinstance(event, str):
        return service_pb2.ModelStreamInferResponse(error_message=event)
    data = event.SerializeToString()
    response = service_pb2.ModelInferResponse(raw_output_contents=[data])
    response.outputs.add(name="event", datatype="UINT8", shape=[len(data)])
    return service_pb2.ModelStreamInferResponse(infer_response=response)


def progress(fraction, stage="drawing", preview=b"") -> RenderEvent:
    return RenderEvent(progress=RenderProgress(fraction=fraction, stage=stage, preview_webp=preview))


async def renders(engine, request):
    yield progress(0.5, preview=b"webp")
    await asyncio.sleep(0.2)
    yield await engine.store(request)


async def hangs(engine, request):
    yield progress(0.25, "drawing frame 1 of 96")
    await asyncio.sleep(60)


async def refuses(engine, request):
    yield RenderEvent(refusal=RenderRefusal(code="invalid_storyboard", message="shots[0]: nobody there"))


async def breaks(engine, request):
    yield progress(0.1)
    yield "CUDA out of memory"


SCRIPTS = {"renders": renders, "hangs": hangs, "refuses": refuses, "breaks": breaks}


@pytest.fixture
def make_engine(platform):
    """`async with make_engine(script) as engine`: a scripted engine that listens."""

    @asynccontextmanager
    async def make(script="renders", sheet=None):
        engine = ScriptedEngine(platform.media, SCRIPTS.get(script, script), sheet)
        await engine.start()
        yield engine
        await engine.server.stop(None)

    return make


@pytest.fixture
def work(platform):
    """`async with work(url)`: a worker that serves the queue."""

    @asynccontextmanager
    async def working(url, **settings):
        cameos = Cameos(CameoServiceStub(platform.channel), SECRET)
        arrivals = Arrivals(platform.db)
        listening = asyncio.create_task(arrivals.run())
        task = asyncio.create_task(worker.serve(platform.db, url, cameos, Settings(**(FAST | settings)), arrivals, asyncio.Event()))
        yield task
        task.cancel()
        listening.cancel()
        await asyncio.gather(task, listening, return_exceptions=True)

    return working


@pytest.fixture
def look(platform):
    """`async with look(url)`: asks the engines there what they can do."""

    @asynccontextmanager
    async def looking(url):
        task = asyncio.create_task(watch_sheets(platform.db, url, Settings(**FAST, sheet_every_s=0.05), asyncio.Event()))
        yield task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return looking


@pytest.fixture
def completed(platform, make_engine, work):
    """`await completed(ada, …)`: a video of hers that an engine has made and provenance has signed."""

    async def make(user, **fields):
        video = await user.create(**fields)
        async with make_engine() as engine, work(engine.url):
            await eventually(lambda: engine.requests)
            await eventually(lambda: _is(user, video.id, "signing"))
        await platform.seal(video.id)
        return await user.becomes(video.id, pb.VIDEO_STATUS_COMPLETED)

    return make


async def _is(user, video_id, stage):
    return (await user.get(video_id)).stage == stage


@pytest.fixture
def queue(platform):
    """The queue without a network: `put` a job of so many engine seconds, `take` whose turn it is."""
    settings = FAST | {"retry_base_s": 60}  # no job may come back by itself between two lines of a test, however slow the machine is
    return Queue(platform.db, Settings(**settings, max_queued_per_account=1000))


@dataclass
class Queue:
    db: kit_db.Database
    settings: Settings

    def with_settings(self, **changes) -> "Queue":
        return Queue(self.db, self.settings.model_copy(update=changes))

    async def put(self, account_id, cost=1.0, weight=1.0, model="world-1", unit=ENGINE_UNIT_CPU_SECOND) -> str:
        engine = Engine(WORLD.model_copy(update={"id": model}), Capabilities(rate=cost, fps=24, unit=unit))
        new = NewVideo(new_video_id(), account_id, model, "", "", 1000, 1000, 24, 1.0, 1, 0, "{}", (), "", "")
        settings = self.settings.model_copy(update={"weights": {account_id: weight}})
        async with self.db.begin() as tx:
            return (await enqueue(tx, new, engine, settings)).id

    async def take(self, *models):
        return await run_video.take(self.db, self.settings, models or ["world-1"])

    async def places(self):
        async with self.db.begin() as tx:
            rows = await tx.execute(text("SELECT id FROM videos WHERE state = 'queued'"))
            return await queue_store.places(tx, [await store.find(tx, row.id) for row in rows.all()])
