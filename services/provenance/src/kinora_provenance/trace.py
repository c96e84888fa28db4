"""From a clip or a video to its maker, job and prompt, for moderators; each look is told, for the audit log."""

from collections.abc import Sequence

from kinora.provenance.v1 import check_service_pb2 as pb
from kinora.provenance.v1.events_pb2 import ContentTraced
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from kinora_provenance import check_wire, film_store, prints
from kinora_provenance.check_content import Checker
from kinora_provenance.clients import Directory
from kinora_provenance.domain import BadField, FilmNotFound, check_reason, require_moderator
from kinora_provenance.film_store import Film
from kinora_provenance.records import Records

_log = log.get("kinora.provenance")


class Tracer:
    def __init__(self, database: Database, checker: Checker, records: Records, directory: Directory) -> None:
        self._database, self._checker, self._records, self._directory = database, checker, records, directory

    async def trace(self, caller: Identity, request: pb.TraceRequest) -> pb.TraceResponse:
        """Raises ModeratorsOnly, BadField, FilmNotFound, and what Checker.check does."""
        require_moderator(caller)
        reason = check_reason(request.reason)
        if request.WhichOneof("subject") == "content_key":
            checked = await self._checker.check(request.content_key, thorough=True)
            check, films, sha256 = checked.check, checked.films, checked.sha256
        elif request.video_id:
            check, films, sha256 = None, await self._named(caller, request.video_id, reason), ""
        else:
            raise BadField("video_id", "Name a video, or hand in a clip.")
        await self.tell(caller, films, sha256=sha256, reason=reason)
        return pb.TraceResponse(check=check, traced=await self._traced(caller, films))

    async def find_copies(self, caller: Identity, request: pb.FindCopiesRequest) -> pb.FindCopiesResponse:
        """Raises ModeratorsOnly, BadField, FilmNotFound."""
        require_moderator(caller)
        reason = check_reason(request.reason)
        films = await self._named(caller, request.video_id, reason)
        await self.tell(caller, films, sha256="", reason=reason)
        async with self._database.begin() as tx:
            copies = await prints.copies_of(tx, request.video_id)
            known = await film_store.by_videos(tx, [each.video_id for each in copies])
        return pb.FindCopiesResponse(copies=[check_wire.print_match(each, known.get(each.video_id)) for each in copies])

    async def _named(self, caller: Identity, video_id: str, reason: str) -> list[Film]:
        """A look that leads to nothing is told too."""
        try:
            return [await self._records.film(video_id)]
        except FilmNotFound:
            await self.tell(caller, [], sha256="", reason=reason)
            raise

    async def tell(self, caller: Identity, films: Sequence[Film], *, sha256: str, reason: str) -> None:
        """Before anything is shown."""
        who = {"actor_account_id": caller.account_id, "sha256": sha256, "reason": reason}
        events = [ContentTraced(**who, account_id=film.account_id or "", video_id=film.video_id or "") for film in films]
        async with self._database.begin() as tx:
            for event in events or [ContentTraced(**who)]:
                await outbox.add(tx, event, key=event.video_id or caller.account_id)
        _log.info("content.traced", actor=caller.account_id, films=len(films))

    async def _traced(self, caller: Identity, films: Sequence[Film]) -> list[pb.Traced]:
        people = await self._directory.people(sorted({film.account_id for film in films if film.account_id}))
        records = await self._records.of(films)
        return [
            pb.Traced(
                record=record,
                account_id=film.account_id or "",
                handle=people[film.account_id].handle if film.account_id in people else "",
                attempt_id=film.attempt_id or "",
                video=await self._directory.job(caller, film.video_id) if film.video_id and not film.deleted_at else None,
            )
            for film, record in zip(films, records, strict=True)
        ]
