"""kinora.likeness.v1.LikenessService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from functools import partial
from typing import Any

import grpc
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceServicer
from kinora_kit.identity import current
from kinora_kit.slots import Slots

from kinora_likeness import challenges, people, things, wire
from kinora_likeness.domain import require_service
from kinora_likeness.files import Files

Context = grpc.aio.ServicerContext[Any, Any]


class LikenessRpc(LikenessServiceServicer):
    def __init__(self, files: Files, slots: Slots) -> None:
        self._files, self._slots = files, slots

    async def MakeChallenge(self, request: pb.MakeChallengeRequest, context: Context) -> pb.MakeChallengeResponse:
        require_service(current())
        return wire.challenge(challenges.make(request.language, wire.needs(request.needs)))

    async def AnalyseClip(self, request: pb.AnalyseClipRequest, context: Context) -> pb.AnalyseClipResponse:
        require_service(current())
        attempt = wire.attempt(request)
        return wire.verdict(await self._slots.run(partial(people.analyse_clip, self._files, request.clip_key, attempt)))

    async def TakeLikeness(self, request: pb.TakeLikenessRequest, context: Context) -> pb.TakeLikenessResponse:
        require_service(current())
        package, vector = await self._slots.run(partial(people.take, self._files, request.clip_key, voice=request.voice))
        return pb.TakeLikenessResponse(package=package, vector=vector)

    async def LookAt(self, request: pb.LookAtRequest, context: Context) -> pb.LookAtResponse:
        require_service(current())
        at_s = wire.moment(request)
        return wire.still(await self._slots.run(partial(things.look, self._files, request.source_key, at_s)))

    async def CutOut(self, request: pb.CutOutRequest, context: Context) -> pb.CutOutResponse:
        require_service(current())
        at_s, strokes = wire.moment(request), wire.strokes(request.strokes)
        return wire.thing(await self._slots.run(partial(things.cut, self._files, request.source_key, at_s, strokes)))
