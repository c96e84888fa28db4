"""Asking for an archive, and reading it."""

from collections.abc import Mapping
from typing import Any

from kinora.provenance.v1 import export_service_pb2 as pb
from kinora_kit import telemetry
from kinora_kit.db import Database
from kinora_kit.errors import NotFound, PermissionDenied
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_kit.ids import uuid7

from kinora_provenance.archives import store
from kinora_provenance.exports.wire import STATES, seconds


class ArchiveNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no archive; it may have expired. Ask for one.")


class StepUpNeeded(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("This needs a person who has just proved once more who they are: sign in, step up, then try again.")


class Archives:
    """The use cases behind ExportService's archives."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, caller: Identity, request: pb.CreateArchiveRequest) -> pb.CreateArchiveResponse:
        """Raises StepUpNeeded."""
        if not caller.stepped_up:
            raise StepUpNeeded

        async def do() -> pb.CreateArchiveResponse:
            row = await store.add(tx, f"archive_{uuid7().hex}", caller.account_id, telemetry.traceparent())
            return pb.CreateArchiveResponse(archive=_archive(row, caller))

        async with self._database.begin() as tx:
            return await once(tx, caller=caller.account_id, rpc="CreateArchive", request=request, reply=pb.CreateArchiveResponse, do=do)

    async def newest(self, caller: Identity) -> pb.Archive:
        """Raises ArchiveNotFound."""
        async with self._database.begin() as tx:
            row = await store.newest(tx, caller.account_id)
        if row is None:
            raise ArchiveNotFound
        return _archive(row, caller)


def _archive(row: Mapping[str, Any], caller: Identity) -> pb.Archive:
    return pb.Archive(
        id=row["id"],
        state=STATES[row["state"]],
        progress=row["progress"],
        error=row["error"],
        key=row["key"] if caller.stepped_up else "",
        size_bytes=row["size_bytes"],
        videos=row["videos"],
        created_at=seconds(row["created_at"]),
        expires_at=seconds(row["expires_at"]),
    )
