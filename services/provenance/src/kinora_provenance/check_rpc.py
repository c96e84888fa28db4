"""kinora.provenance.v1.CheckService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora.provenance.v1.check_service_pb2_grpc import CheckServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_provenance import bindings, soft_binding
from kinora_provenance.check_content import Checker
from kinora_provenance.records import Records
from kinora_provenance.trace import Tracer

Context = grpc.aio.ServicerContext[Any, Any]


class CheckRpc(CheckServiceServicer):
    def __init__(self, database: Database, checker: Checker, records: Records, tracer: Tracer) -> None:
        self._database, self._checker, self._records, self._tracer = database, checker, records, tracer

    async def CheckContent(self, request: pb.CheckContentRequest, context: Context) -> pb.CheckContentResponse:
        return pb.CheckContentResponse(check=(await self._checker.check(request.content_key, thorough=request.thorough)).check)

    async def GetRecord(self, request: pb.GetRecordRequest, context: Context) -> pb.GetRecordResponse:
        return pb.GetRecordResponse(record=await self._records.of_video(request.video_id))

    async def FindByBinding(self, request: pb.FindByBindingRequest, context: Context) -> pb.FindByBindingResponse:
        return pb.FindByBindingResponse(manifest_labels=await bindings.find_by_binding(self._database, request.algorithm, request.value))

    async def ListBindings(self, request: pb.ListBindingsRequest, context: Context) -> pb.ListBindingsResponse:
        return pb.ListBindingsResponse(watermarks=soft_binding.ALGORITHMS)

    async def GetManifest(self, request: pb.GetManifestRequest, context: Context) -> pb.GetManifestResponse:
        return pb.GetManifestResponse(manifest=await bindings.get_manifest(self._database, request))

    async def Trace(self, request: pb.TraceRequest, context: Context) -> pb.TraceResponse:
        return await self._tracer.trace(current(), request)

    async def FindCopies(self, request: pb.FindCopiesRequest, context: Context) -> pb.FindCopiesResponse:
        return await self._tracer.find_copies(current(), request)
