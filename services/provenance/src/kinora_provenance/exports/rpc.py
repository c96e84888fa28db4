"""kinora.provenance.v1.ExportService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.provenance.v1 import export_service_pb2 as pb
from kinora.provenance.v1.export_service_pb2_grpc import ExportServiceServicer
from kinora_kit.identity import current

from kinora_provenance.archives.create_archive import Archives
from kinora_provenance.exports import wire
from kinora_provenance.exports.create_export import Exports

Context = grpc.aio.ServicerContext[Any, Any]


class ExportRpc(ExportServiceServicer):
    def __init__(self, exports: Exports, archives: Archives) -> None:
        self._exports, self._archives = exports, archives

    async def CreateExport(self, request: pb.CreateExportRequest, context: Context) -> pb.CreateExportResponse:
        return await self._exports.create(current(), request)

    async def GetExport(self, request: pb.GetExportRequest, context: Context) -> pb.GetExportResponse:
        return pb.GetExportResponse(export=wire.export(await self._exports.get(current(), request.export_id)))

    async def ListExports(self, request: pb.ListExportsRequest, context: Context) -> pb.ListExportsResponse:
        found = await self._exports.of_video(current(), request.video_id)
        return pb.ListExportsResponse(exports=[wire.export(each) for each in found])

    async def CreateArchive(self, request: pb.CreateArchiveRequest, context: Context) -> pb.CreateArchiveResponse:
        return await self._archives.create(current(), request)

    async def GetArchive(self, request: pb.GetArchiveRequest, context: Context) -> pb.GetArchiveResponse:
        return pb.GetArchiveResponse(archive=await self._archives.newest(current()))
