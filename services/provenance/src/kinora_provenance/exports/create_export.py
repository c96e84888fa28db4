"""Asking for exports, and reading them."""

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from kinora.generation.v1.generation_service_pb2 import VideoStatus
from kinora.provenance.v1 import export_service_pb2 as pb
from kinora_kit import telemetry
from kinora_kit.db import Database
from kinora_kit.idempotency import answered, once
from kinora_kit.identity import Identity
from kinora_kit.ids import uuid7
from kinora_media.probe import BadVideo, probe
from kinora_media.store import MediaMissing, MediaStore

from kinora_provenance import store as seals
from kinora_provenance.clients import Directory
from kinora_provenance.credits import get_credit
from kinora_provenance.domain import Seal, SealNotFound, is_id
from kinora_provenance.exports import domain, store, wire
from kinora_provenance.exports.domain import (
    BadField,
    Export,
    ExportNotFound,
    Facts,
    FilmGone,
    TooManyExports,
    UnmarkedNotAllowed,
    VideoNotCompleted,
)
from kinora_provenance.settings import Settings

_HEADER = 1024 * 1024
"""The index comes first in our films; so much holds that of two minutes, with a seal before it."""


class Exports:
    """The use cases behind ExportService."""

    def __init__(self, database: Database, media: MediaStore, directory: Directory, settings: Settings) -> None:
        self._database, self._media, self._directory, self._settings = database, media, directory, settings

    async def create(self, caller: Identity, request: pb.CreateExportRequest) -> pb.CreateExportResponse:
        """Raises what exports.domain has, and RemoteError."""
        async with self._database.begin() as tx:
            if earlier := await answered(tx, caller=caller.account_id, rpc="CreateExport", request=request, reply=pb.CreateExportResponse):
                return earlier
        new = await self._new(caller, request)

        async def do() -> pb.CreateExportResponse:
            most = self._settings.max_queued_exports
            if not await store.exists(tx, new) and await store.waiting(tx, caller.account_id) >= most:
                raise TooManyExports(most)
            return pb.CreateExportResponse(export=wire.export(await store.add(tx, new, self._kept_for)))

        async with self._database.begin() as tx:
            return await once(tx, caller=caller.account_id, rpc="CreateExport", request=request, reply=pb.CreateExportResponse, do=do)

    async def get(self, caller: Identity, export_id: str) -> Export:
        if is_id(export_id):
            async with self._database.begin() as tx:
                if found := await store.get(tx, export_id, caller.account_id):
                    return found
        raise ExportNotFound

    async def of_video(self, caller: Identity, video_id: str) -> list[Export]:
        await self._own(caller, video_id)
        async with self._database.begin() as tx:
            return await store.of_video(tx, video_id, caller.account_id)

    @property
    def _kept_for(self) -> timedelta:
        return timedelta(days=self._settings.export_days)

    async def _new(self, caller: Identity, request: pb.CreateExportRequest) -> dict[str, object]:
        kind = wire.kind(request.format)
        if request.without_visible_mark and not domain.may_leave_mark_out(caller, self._settings.unmarked_exports):
            raise UnmarkedNotAllowed
        seal = await self._own(caller, request.video_id)
        wish = domain.wish(await self._facts(seal), kind, request.start_s, request.end_s, request.short_side)
        return {
            "id": f"export_{uuid7().hex}",
            "account_id": caller.account_id,
            "video_id": seal.video_id,
            "film_sha256": seal.sha256,
            "format": wish.format.value,
            "start_s": wish.start_s,
            "end_s": wish.end_s,
            "short_side": wish.short_side,
            "visible_mark": not request.without_visible_mark,
            "credit": "" if request.without_visible_mark else await self._credit(caller),
            "traceparent": telemetry.traceparent(),
        }

    async def _own(self, caller: Identity, video_id: str) -> Seal:
        """Of a finished video of the caller's."""
        if not is_id(video_id):
            raise BadField("video_id", "This is no video's id.")
        video = await self._directory.own_video(caller, video_id)
        if video.status != VideoStatus.VIDEO_STATUS_COMPLETED:
            raise VideoNotCompleted
        async with self._database.begin() as tx:
            seal = await seals.get_seal(tx, video_id)
        if seal is None or seal.account_id != caller.account_id:
            raise SealNotFound("There is no seal of such a video.", param="video_id")
        return seal

    async def _credit(self, caller: Identity) -> str:
        return f"@{await self._directory.handle(caller)}" if await get_credit(self._database, caller) else ""

    async def _facts(self, seal: Seal) -> Facts:
        """Read from the film's beginning alone, where that says all."""
        with TemporaryDirectory(prefix="kinora-export-", ignore_cleanup_errors=True) as name:
            path = Path(name) / "film.mp4"
            try:
                beginning = bytearray()
                async for chunk in self._media.stream(seal.video_key, 0, min(_HEADER, seal.size_bytes)):
                    beginning += chunk
                path.write_bytes(beginning)
                try:
                    return await asyncio.to_thread(facts, path)
                except BadVideo:
                    await self._media.fetch(seal.video_key, path)
                    return await asyncio.to_thread(facts, path)
            except (MediaMissing, BadVideo) as error:
                raise FilmGone from error


def facts(path: Path) -> Facts:
    """Raises BadVideo."""
    about = probe(path)
    if not about.frames or not about.fps:
        raise BadVideo("The file does not say how many pictures it holds.")
    return Facts(about.width, about.height, about.fps, about.frames)
