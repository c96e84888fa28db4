import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import cv2
import numpy as np
import pytest
from kinora.generation.v1 import generation_service_pb2 as videos
from kinora.generation.v1.events_pb2 import VideoRendered
from kinora.provenance.v1 import export_service_pb2 as pb
from kinora.provenance.v1.events_pb2 import VideoSealed
from kinora.provenance.v1.export_service_pb2_grpc import ExportServiceStub
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.events import Outgoing
from kinora_kit.identity import Identity
from kinora_media.encode import Mp4Writer
from kinora_provenance import ca
from kinora_provenance.main import build
from kinora_testkit.cast import as_user
from kinora_testkit.services import serving

from .stand_ins import StandInGeneration, neighbours

ENDED = {pb.EXPORT_STATE_COMPLETED, pb.EXPORT_STATE_FAILED}


def _master(path, width, height, seconds, fps=12):
    """Each picture's number can be read off it: the brightness of its left eighth. Moving clouds elsewhere, with noise to hear."""
    rng = np.random.default_rng(3)
    clouds = cv2.resize(rng.integers(60, 200, (height // 8 + 1, width // 8 + 20)).astype(np.uint8), None, fx=8, fy=8)
    clouds = np.clip(clouds + rng.normal(0, 4, clouds.shape), 0, 255).astype(np.uint8)
    with Mp4Writer(path, width, height, fps, crf=12) as out:
        out.audio(rng.uniform(-0.3, 0.3, (48_000 * seconds, 2)).astype(np.float32))
        for index in range(fps * seconds):
            picture = clouds[:height, 2 * index : 2 * index + width, None].repeat(3, 2)
            picture[:, : width // 8] = 30 + 2 * index
            out.frame(picture)
    return path


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Masters, small but for one that has room for a mark."""
    folder = tmp_path_factory.mktemp("masters")
    return {
        "wide": _master(folder / "wide.mp4", 256, 144, 4),
        "tall": _master(folder / "tall.mp4", 180, 320, 1),
        "large": _master(folder / "large.mp4", 640, 360, 3, fps=24),
    }


@dataclass
class Studio:
    """A running provenance service with its neighbours; each of the cast asks it by a stub."""

    served: object
    generation: StandInGeneration
    told: object
    clips: dict

    @property
    def media(self):
        return self.served.adapters.media

    @property
    def anchors(self):
        return ca.development(self.served.adapters.state_dir / "ca").anchors

    def as_(self, who: Identity) -> "Person":
        return Person(self, who)

    async def tell(self, event, key):
        kind = event.DESCRIPTOR
        fact = Outgoing(str(uuid4()), kind.file.package, kind.full_name, key, event.SerializeToString())
        await self.served.adapters.events.publish([fact])

    async def sealed(self):
        async for event in self.told:
            if event.type == VideoSealed.DESCRIPTOR.full_name:
                return event.parse(VideoSealed)
        raise AssertionError("the log ended")


@dataclass
class Person:
    studio: Studio
    who: Identity

    async def film(self, clip="wide", prompt="A red fox in the snow", **fields):
        """A finished, sealed video of theirs of 4 s at 256x144 with 12 pictures a second; its id."""
        video_id, media = f"video_{uuid4().hex}", self.studio.media
        folder = f"videos/{video_id}/att_1"
        await media.put(f"{folder}/raw.mp4", self.studio.clips[clip], content_type="video/mp4")
        event = VideoRendered(
            video_id=video_id, account_id=self.who.account_id, attempt_id="att_1", video_key=f"{folder}/raw.mp4",
            sealed_key=f"{folder}/video.mp4", engine="world", engine_version="1.2", title=prompt,
        )  # fmt: skip
        await self.studio.tell(event, video_id)
        sealed = await self.studio.sealed()
        video = videos.Video(
            id=video_id, account_id=self.who.account_id, status=videos.VIDEO_STATUS_COMPLETED, prompt=prompt, size="640x360",
            seconds=4, created_at=1_790_000_000, storyboard_json='{"shots": []}', **fields,
        )  # fmt: skip
        for name, content in (("captions.vtt", b"WEBVTT\n"), ("thumbnail.webp", b"RIFF")):
            await media.put(f"{folder}/{name}", content, content_type="text/plain")
        self.studio.generation.add(video, sealed.video_key, captions_key=f"{folder}/captions.vtt", thumbnail_key=f"{folder}/thumbnail.webp")
        return video_id

    async def ask(self, rpc, request):
        stub = ExportServiceStub(self.studio.served.channel)
        with remote_errors():
            return await getattr(stub, rpc)(request, metadata=as_user(self.who))

    async def export(self, video_id, request_id="", **fields):
        request = pb.CreateExportRequest(request_id=request_id or uuid4().hex, video_id=video_id, **fields)
        return (await self.ask("CreateExport", request)).export

    async def exported(self, video_id, **fields):
        """Once it is made."""
        made = await self.ended((await self.export(video_id, **fields)).id)
        assert made.state == pb.EXPORT_STATE_COMPLETED, made.error
        return made

    async def ended(self, export_id):
        async with asyncio.timeout(60):
            while (found := await self.get(export_id)).state not in ENDED:  # noqa: ASYNC110 - a row tells nobody that it changed
                await asyncio.sleep(0.05)
        return found

    async def get(self, export_id):
        return (await self.ask("GetExport", pb.GetExportRequest(export_id=export_id))).export

    async def exports(self, video_id):
        return list((await self.ask("ListExports", pb.ListExportsRequest(video_id=video_id))).exports)

    async def archive(self, request_id=""):
        return (await self.ask("CreateArchive", pb.CreateArchiveRequest(request_id=request_id or uuid4().hex))).archive

    async def newest_archive(self):
        return (await self.ask("GetArchive", pb.GetArchiveRequest())).archive

    async def archived(self):
        await self.archive()
        async with asyncio.timeout(30):
            while (found := await self.newest_archive()).state not in ENDED:  # noqa: ASYNC110 - a row tells nobody that it changed
                await asyncio.sleep(0.05)
        assert found.state == pb.EXPORT_STATE_COMPLETED, found.error
        return found

    async def refused(self, call):
        with pytest.raises(RemoteError) as caught:
            await call
        return caught.value


@pytest.fixture
def opened(database_url, tmp_path, clips):
    @asynccontextmanager
    async def run():
        generation = StandInGeneration()
        async with (
            serving(build, neighbours(generation), database_url=database_url, state_dir=tmp_path) as served,
            aclosing(served.adapters.events.subscribe("test", ["kinora.provenance.v1"])) as told,
        ):
            yield Studio(served, generation, told, clips)

    return run


@pytest.fixture
async def studio(opened):
    async with opened() as studio:
        yield studio


@pytest.fixture
def grown_bob(bob):
    """Of known age."""
    return replace(bob, age_band="adult")


@pytest.fixture
def present_bob(bob):
    """Stepped up."""
    return replace(bob, session_id="sess_bob", stepped_up=True)
