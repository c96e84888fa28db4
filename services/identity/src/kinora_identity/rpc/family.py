"""kinora.identity.v1.FamilyService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import family_service_pb2 as pb
from kinora.identity.v1.family_service_pb2_grpc import FamilyServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import families, wire
from kinora_identity.mails import Outgoing

Context = grpc.aio.ServicerContext[Any, Any]


class FamilyRpc(FamilyServiceServicer):
    def __init__(self, database: Database, outgoing: Outgoing) -> None:
        self._database, self._outgoing = database, outgoing

    async def AskParent(self, request: pb.AskParentRequest, context: Context) -> pb.AskParentResponse:
        await families.ask_parent(self._database, self._outgoing, current(), request.handle)
        return pb.AskParentResponse()

    async def AnswerChild(self, request: pb.AnswerChildRequest, context: Context) -> pb.AnswerChildResponse:
        await families.answer_child(self._database, current(), request.account_id, accept=request.accept)
        return pb.AnswerChildResponse()

    async def ListFamily(self, request: pb.ListFamilyRequest, context: Context) -> pb.ListFamilyResponse:
        parents, children = await families.list_family(self._database, current())
        return pb.ListFamilyResponse(parents=map(wire.relative, parents), children=map(wire.relative, children))

    async def EndLink(self, request: pb.EndLinkRequest, context: Context) -> pb.EndLinkResponse:
        await families.end_link(self._database, self._outgoing, current(), request.account_id)
        return pb.EndLinkResponse()

    async def GetSwitches(self, request: pb.GetSwitchesRequest, context: Context) -> pb.GetSwitchesResponse:
        return pb.GetSwitchesResponse(switches=wire.switches(await families.get_switches(self._database, current(), request.account_id)))

    async def SetSwitches(self, request: pb.SetSwitchesRequest, context: Context) -> pb.SetSwitchesResponse:
        holding = await families.set_switches(self._database, current(), request.account_id, request.switches)
        return pb.SetSwitchesResponse(switches=wire.switches(holding))
