"""A Kinora that sealed a film, and strangers who hold files that may come from it."""

import asyncio
import io
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import av
import cv2
import numpy as np
import pytest
from kinora.cameo.v1 import cameo_service_pb2 as cameos
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceServicer, add_CameoServiceServicer_to_server
from kinora.generation.v1 import generation_service_pb2 as videos
from kinora.generation.v1.events_pb2 import VideoRendered
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceServicer, add_GenerationServiceServicer_to_server
from kinora.identity.v1 import identity_service_pb2 as accounts
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceServicer, add_IdentityServiceServicer_to_server
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora.provenance.v1.check_service_pb2_grpc import CheckServiceStub
from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_kit import identity
from kinora_kit.errors import NotFound, RemoteError, remote_errors
from kinora_kit.events import Outgoing
from kinora_kit.identity import Identity
from kinora_kit.service import Service
from kinora_media import probe
from kinora_media.encode import Mp4Writer
from kinora_provenance.main import build
from kinora_testkit.cast import as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from PIL import Image
from sqlalchemy import text

STRANGER = Identity("gateway", role="service")
WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 24, 4


class NoSuchVideo(NotFound): ...


@dataclass
class Neighbours(IdentityServiceServicer, CameoServiceServicer, GenerationServiceServicer):
    """Stand-ins: acct_bob is bob, and of age; consents and prompts are what a test says."""

    ages: dict = field(default_factory=dict)
    consents: dict = field(default_factory=dict)
    prompts: dict = field(default_factory=dict)

    async def NameAccounts(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "service"
        handles = {each: each.removeprefix("acct_") for each in request.account_ids}
        return accounts.NameAccountsResponse(
            handles=handles, age_bands={each: self.ages.get(each, accounts.AGE_BAND_ADULT) for each in handles}
        )

    async def GetVideoConsent(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "service"
        return cameos.GetVideoConsentResponse(consents=self.consents.get(request.video_id, []))

    async def TraceVideo(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role in {"moderator", "operator"}
        if request.video_id not in self.prompts:
            raise NoSuchVideo("No such video", param="video_id")
        return videos.TraceVideoResponse(video=videos.Video(id=request.video_id, prompt=self.prompts[request.video_id]))

    def build(self, _):
        def register(server):
            add_IdentityServiceServicer_to_server(self, server)
            add_CameoServiceServicer_to_server(self, server)
            add_GenerationServiceServicer_to_server(self, server)

        return Service("neighbours", register=register)


class Kinora:
    """Provenance and its neighbours."""

    def __init__(self, served, told, neighbours):
        self.media, self.neighbours, self.adapters, self.channel = served.adapters.media, neighbours, served.adapters, served.channel
        self._told, self._stub, self._database = told, CheckServiceStub(served.channel), served.services[0].database

    async def ask(self, rpc, who=STRANGER, **fields):
        with remote_errors():
            return await getattr(self._stub, rpc)(getattr(pb, rpc + "Request")(**fields), metadata=as_user(who), timeout=300)

    async def hand_in(self, data):
        key = f"checks/{uuid4().hex}"
        await self.media.put(key, data, content_type="application/octet-stream")
        return key

    async def check(self, data, **fields):
        return (await self.ask("CheckContent", content_key=await self.hand_in(data), **fields)).check

    async def tell(self, event, key):
        kind = event.DESCRIPTOR
        await self.adapters.events.publish([Outgoing(str(uuid4()), kind.file.package, kind.full_name, key, event.SerializeToString())])

    async def seal(self, data, **fields):
        """The film of a fresh video, as it is shown; its id first."""
        video_id = f"video_{uuid4().hex}"
        folder = f"videos/{video_id}/att_1"
        await self.media.put(f"{folder}/raw.mp4", data, content_type="video/mp4")
        about = {"account_id": "acct_bob", "engine": "world", "engine_version": "1.2", "title": "A red fox"} | fields
        keys = {"video_key": f"{folder}/raw.mp4", "sealed_key": f"{folder}/video.mp4"}
        await self.tell(VideoRendered(video_id=video_id, attempt_id="att_1", **keys, **about), video_id)
        async for event in self._told:
            fact = event.parse({cls.DESCRIPTOR.full_name: cls for cls in (VideoSealed, VideoSealFailed)}[event.type])
            if fact.video_id == video_id:
                assert isinstance(fact, VideoSealed), fact.reason
                return video_id, await self.media.get(fact.video_key)
        raise AssertionError("the log ended")

    async def sql(self, statement, **bound):
        async with self._database.begin() as tx:
            result = await tx.execute(text(statement), bound)
            return result.all() if result.returns_rows else []


@pytest.fixture(scope="session")
async def kinora(postgres_url, tmp_path_factory):
    neighbours = Neighbours()
    async with (
        fresh_database(postgres_url) as url,
        serving(build, neighbours.build, database_url=url, state_dir=tmp_path_factory.mktemp("checks")) as served,
        aclosing(served.adapters.events.subscribe("test", ["kinora.provenance.v1"])) as told,
    ):
        yield Kinora(served, told, neighbours)


def drawn(path, seed=0):
    """A master of four seconds: a pan over something textured, and rustling."""
    rng = np.random.default_rng(seed)
    view = cv2.resize(rng.integers(0, 255, (30, 80, 3), np.uint8), (WIDTH * 2, HEIGHT), interpolation=cv2.INTER_CUBIC)
    view = np.clip(view + rng.normal(0, 6, view.shape), 0, 255).astype(np.uint8)
    rustling = np.convolve(rng.normal(0, 0.3, 48_000 * SECONDS), np.ones(12) / 12, "same").astype(np.float32)
    with Mp4Writer(path, WIDTH, HEIGHT, FPS, crf=12) as out:
        out.audio(np.stack([rustling] * 2, 1))
        for index in range(FPS * SECONDS):
            out.frame(np.ascontiguousarray(view[:, index * 3 : index * 3 + WIDTH]))
    return path.read_bytes()


@pytest.fixture(scope="session")
def draw(tmp_path_factory):
    return lambda seed: drawn(tmp_path_factory.mktemp("master") / "raw.mp4", seed)


@pytest.fixture(scope="session")
async def film(kinora, draw):
    """Its video's id, and the file as it is shown."""
    return await kinora.seal(draw(0))


@pytest.fixture(scope="session")
def again(tmp_path_factory):
    """Encodes a film anew, each picture changed by `change`: what is left is picture and sound."""

    def encoded(data, change=lambda rgb: rgb, crf=26):
        folder = tmp_path_factory.mktemp("again")
        (folder / "in.mp4").write_bytes(data)
        pictures = [np.ascontiguousarray(change(rgb)) for rgb in probe.frames(folder / "in.mp4")]
        with Mp4Writer(folder / "out.mp4", pictures[0].shape[1], pictures[0].shape[0], FPS, crf=crf) as out:
            out.audio(probe.samples(folder / "in.mp4"))
            for rgb in pictures:
                out.frame(rgb)
        return (folder / "out.mp4").read_bytes()

    return encoded


@pytest.fixture(scope="session")
def still(tmp_path_factory):
    """One picture of a film."""

    def taken(data, kind="JPEG"):
        path = tmp_path_factory.mktemp("still") / "in.mp4"
        path.write_bytes(data)
        out = io.BytesIO()
        Image.fromarray(next(iter(probe.frames(path)))).save(out, kind)
        return out.getvalue()

    return taken


@pytest.fixture(scope="session")
def sound_of(tmp_path_factory):
    """A film's sound as MP3."""

    def taken(data):
        target, out = tmp_path_factory.mktemp("sound") / "out.mp3", io.BytesIO(data)
        with av.open(out) as film, av.open(str(target), "w") as mp3:
            track = mp3.add_stream("libmp3lame", rate=48_000)
            for frame in film.decode(audio=0):
                mp3.mux(track.encode(frame))
            mp3.mux(track.encode(None))
        return target.read_bytes()

    return taken


async def eventually(check, within_s=5):
    """What `check` is awaited for, as soon as that is true."""
    async with asyncio.timeout(within_s):
        while not (found := await check()):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    return found


@pytest.fixture(name="eventually", scope="session")
def _eventually():
    return eventually


@contextmanager
def _refused(reason, param=None, code=None):
    with pytest.raises(RemoteError) as caught:
        yield caught
    found = caught.value
    assert (found.reason, found.param, found.metadata.get("code")) == (reason, param, code)


@pytest.fixture
def refused():
    return _refused
