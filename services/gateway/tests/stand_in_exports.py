# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""A stand-in for provenance's exports: keeps them in memory and makes nothing; a test finishes one."""

from dataclasses import dataclass, field

from kinora.provenance.v1 import export_service_pb2 as pb
from kinora.provenance.v1 import export_service_pb2_grpc as grpc
from kinora_kit.errors import InvalidArgument, NotFound, PermissionDenied
from kinora_kit.identity import current


class BadField(InvalidArgument): ...


class ExportNotFound(NotFound): ...


class ArchiveNotFound(NotFound): ...


class StepUpNeeded(PermissionDenied): ...


@dataclass
class StandInExports(grpc.ExportServiceServicer):
    asked: list[pb.CreateExportRequest] = field(default_factory=list)
    exports: dict[str, pb.Export] = field(default_factory=dict)
    archive: pb.Archive | None = None

    def finish(self, export_id, **fields):
        found = self.exports[export_id]
        found.MergeFrom(
            pb.Export(state=pb.EXPORT_STATE_COMPLETED, progress=100, completed_at=1_700_000_100, expires_at=1_700_600_000, **fields)
        )

    async def CreateExport(self, request, context):
        self.asked.append(request)
        if request.end_s > 4:
            raise BadField("The video lasts 4 s.", param="end_s")
        made = pb.Export(
            id=f"export_{len(self.exports):032x}", video_id=request.video_id, state=pb.EXPORT_STATE_QUEUED, format=request.format,
            start_s=request.start_s, end_s=request.end_s or 4, short_side=request.short_side or 720,
            visible_mark=not request.without_visible_mark, created_at=1_700_000_000,
        )  # fmt: skip
        self.exports[made.id] = made
        return pb.CreateExportResponse(export=made)

    async def GetExport(self, request, context):
        if request.export_id not in self.exports:
            raise ExportNotFound("There is no such export.", param="export_id")
        return pb.GetExportResponse(export=self.exports[request.export_id])

    async def ListExports(self, request, context):
        return pb.ListExportsResponse(exports=[each for each in self.exports.values() if each.video_id == request.video_id][::-1])

    async def CreateArchive(self, request, context):
        if not current().stepped_up:
            raise StepUpNeeded("Step up first.")
        self.archive = pb.Archive(id="archive_" + "0" * 32, state=pb.EXPORT_STATE_QUEUED, created_at=1_700_000_000)
        return pb.CreateArchiveResponse(archive=self.archive)

    async def GetArchive(self, request, context):
        if self.archive is None:
            raise ArchiveNotFound("There is no archive.")
        return pb.GetArchiveResponse(archive=self.archive)
