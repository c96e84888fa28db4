"""Asks the cameo service whether the likenesses in a video may be used, and for the likenesses. A video without any never asks."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.engine.v1.engine_pb2 import CastLikeness
from kinora.generation.v1.events_pb2 import CameoInVideo
from kinora_kit import identity
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity

from .domain import Video

if TYPE_CHECKING:  # the generated module has this name for type checkers alone
    from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceAsyncStub

_SELF = Identity("generation", role="service")
_GONE = "A cameo in this video is gone, and with it the consent to use it."
_REFUSALS = {grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.INVALID_ARGUMENT}
_AGAIN_S = 0.25
_PATIENCE_S = 10.0


class ConsentMissing(Exception):
    """A likeness in the video may not be used any more; the message is for its maker."""


class CameosAway(Exception):
    """Whether the likenesses may be used cannot be known now."""


class Cameos:
    def __init__(self, stub: "CameoServiceAsyncStub", secret: bytes) -> None:
        self._stub, self._secret = stub, secret

    async def handles(self, caller: Identity, cameo_ids: Sequence[str]) -> list[str]:
        """Of cameos that the caller may use. Raises RemoteError, `characters` being at fault."""
        with _blamed(lambda _: "characters"):
            return [await self._handle(caller, cameo_id) for cameo_id in cameo_ids]

    async def _handle(self, caller: Identity, cameo_id: str) -> str:
        request = pb.FindCameoRequest(cameo_id=cameo_id)
        with remote_errors():
            return (await self._stub.FindCameo(request, metadata=identity.metadata(caller, self._secret))).handle

    async def submitted(self, account_id: str, storyboard: str, *, param: str, chosen: Sequence[str] = ()) -> list[CameoInVideo]:
        """The cameos in the storyboard; all may be used now. Raises RemoteError. `param` names the field that asked for them, but for the
        `chosen` handles, which `characters` did.
        """
        if not (members := cast(storyboard)):
            return []
        with _blamed(lambda handle: "characters" if chosen and handle in {None, *chosen} else param):
            cleared = await self._authorize(pb.STAGE_SUBMIT, account_id, "", members)
        return [CameoInVideo(cameo_id=c.cameo_id, handle=m.handle, speaks=m.speaks) for c, m in zip(cleared, members, strict=True)]

    async def dispatched(self, video: Video) -> list[CastLikeness]:
        """Before an engine is asked: the likenesses, opened for it alone and kept nowhere. Raises ConsentMissing, CameosAway."""
        cleared = await self._again(pb.STAGE_DISPATCH, video)
        with _refusals():
            return list(await asyncio.gather(*(self._opened(video.id, cameo) for cameo in cleared)))

    async def published(self, video: Video) -> list[str]:
        """Before the video is signed: the receipts to be signed with it. Raises ConsentMissing, and CameosAway after ten seconds."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return [cameo.receipt for cameo in await self._again(pb.STAGE_PUBLISH, video)]
            except CameosAway:
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(_AGAIN_S)

    async def _again(self, stage: pb.Stage.ValueType, video: Video) -> list[pb.ClearedCameo]:
        if not (members := cast(video.storyboard)):
            return []
        with _refusals():
            return await self._authorize(stage, video.account_id, video.id, members)

    async def _authorize(
        self, stage: pb.Stage.ValueType, account_id: str, video_id: str, members: list[pb.CastMember]
    ) -> list[pb.ClearedCameo]:
        request = pb.AuthorizeRequest(stage=stage, account_id=account_id, video_id=video_id, cast=members)
        with remote_errors():
            return list((await self._stub.Authorize(request, metadata=identity.metadata(_SELF, self._secret))).cameos)

    async def _opened(self, video_id: str, cameo: pb.ClearedCameo) -> CastLikeness:
        request = pb.OpenLikenessRequest(video_id=video_id, cameo_id=cameo.cameo_id)
        with remote_errors():
            package = (await self._stub.OpenLikeness(request, metadata=identity.metadata(_SELF, self._secret))).package
        return CastLikeness(handle=cameo.handle, package=package)


@contextmanager
def _blamed(field: Callable[[str | None], str]) -> Iterator[None]:
    """Says which field of the request asked for what is refused: a handle, or all of them (None)."""
    try:
        yield
    except RemoteError as error:
        error.param = field(error.metadata.get("handle"))
        raise


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RemoteError as error:
        if error.code is grpc.StatusCode.NOT_FOUND:
            raise ConsentMissing(_GONE) from error
        if error.code in _REFUSALS:
            raise ConsentMissing(error.message) from error
        raise CameosAway(f"{error.reason}: {error.message}") from error


def cast(storyboard: str) -> list[pb.CastMember]:
    """The characters and props of a storyboard (JSON) that are cameos, each handle once. Props never speak."""
    told = json.loads(storyboard)
    shots = told.get("shots", ())
    speakers = {line["speaker"] for shot in shots for line in shot.get("dialogue", ())}
    speaking: dict[str, bool] = {}
    for bearer in (*told.get("characters", ()), *(prop for shot in shots for prop in shot.get("props", ()))):
        if handle := bearer.get("handle"):
            speaking[handle] = speaking.get(handle, False) or bearer["id"] in speakers
    return [pb.CastMember(handle=handle, speaks=speaks) for handle, speaks in speaking.items()]
