"""What may be told of a film to anybody: as its maker lets it be told, as likenesses' owners consent now."""

from collections.abc import Iterable, Sequence

from kinora.provenance.v1 import check_service_pb2 as pb
from kinora_kit.db import Database

from kinora_provenance import credit_store, film_store
from kinora_provenance.clients import Directory
from kinora_provenance.domain import FilmNotFound
from kinora_provenance.film_store import Film


class Records:
    def __init__(self, database: Database, directory: Directory) -> None:
        self._database, self._directory = database, directory

    async def of_video(self, video_id: str) -> pb.Record:
        """Raises FilmNotFound for one that never left."""
        return (await self.of([await self.film(video_id)]))[0]

    async def film(self, video_id: str) -> Film:
        """Raises FilmNotFound."""
        async with self._database.begin() as tx:
            found = await film_store.by_videos(tx, [video_id])
        if video_id not in found:
            raise FilmNotFound
        return found[video_id]

    async def of(self, films: Sequence[Film]) -> list[pb.Record]:
        lines, ancestors = await self._lines(films)
        names = await self._names([*films, *ancestors.values()])
        return [await self._record(film, lines[film.identity], ancestors, names) for film in films]

    async def _lines(self, films: Sequence[Film]) -> tuple[dict[int, list[str]], dict[str, Film]]:
        """What each film was remixed from, nearest first, and those films."""
        async with self._database.begin() as tx:
            lines = {film.identity: await film_store.lineage(tx, film) for film in films}
            return lines, await film_store.by_videos(tx, [each for line in lines.values() for each in line])

    async def _names(self, films: Iterable[Film]) -> dict[str, str]:
        """@ada by account, of those who let themselves be named."""
        accounts = sorted({film.account_id for film in films if film.account_id})
        async with self._database.begin() as tx:
            chosen = await credit_store.chosen(tx, accounts)
        people = await self._directory.people(accounts)
        return {account: f"@{who.handle}" for account, who in people.items() if chosen.get(account, who.adult)}

    async def _record(self, film: Film, line: Sequence[str], ancestors: dict[str, Film], names: dict[str, str]) -> pb.Record:
        return pb.Record(
            video_id=film.video_id or "",
            made_at=int(film.made_at.timestamp()),
            engine=film.engine,
            engine_version=film.engine_version,
            trained=film.trained,
            maker_handle=names.get(film.account_id or "", ""),
            deleted=film.deleted_at is not None,
            lineage=[_ancestor(ancestors.get(each), names) for each in line],
            consents=await self._directory.consents(film.video_id) if film.video_id else [],
            manifest_label=film.manifest_label,
        )


def _ancestor(film: Film | None, names: dict[str, str]) -> pb.Ancestor:
    """Everything remixed was on record once: what is not any more was its erased maker's."""
    if film is None:
        return pb.Ancestor(deleted=True)
    return pb.Ancestor(
        video_id=film.video_id or "",
        made_at=int(film.made_at.timestamp()),
        maker_handle=names.get(film.account_id or "", ""),
        deleted=film.deleted_at is not None,
    )
