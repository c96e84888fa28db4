"""All SQL that looks films up: by the ids in their marks, by video, by manifest."""
# ruff: noqa: S608 - only the column list below is put into statements

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance.domain import is_id

DEEPEST = 50
_COLUMNS = (
    "f.identity, f.video_id, f.attempt_id, f.account_id, f.remixed_from_video_id, f.engine, f.engine_version, f.trained, f.made_at,"
    " f.deleted_at, coalesce(s.manifest_label, '') as manifest_label"
)
_FROM = "from films f left join seals s on s.video_id = f.video_id and s.attempt_id = f.attempt_id"
_BY_IDENTITY = text(f"select {_COLUMNS} {_FROM} where f.identity = any(:identities)")
_BY_VIDEO = text(
    f"select distinct on (f.video_id) {_COLUMNS} {_FROM} where f.video_id = any(:video_ids) order by f.video_id, f.made_at desc"
)
_BY_LABEL = text(f"select {_COLUMNS} {_FROM} where s.manifest_label = :label")
_MANIFEST = text("select manifest from seals where manifest_label = :label")
_COUNT = text("select count(*) from films")
_PRINTED = text("select distinct video_id from frame_prints where video_id = any(:video_ids)")
# A video may have been tried more than once; any of its rows names the same parent.
_LINEAGE = text(
    "with recursive line(depth, video_id) as ("
    " select 1, remixed_from_video_id from films where identity = :identity and remixed_from_video_id is not null"
    " union select line.depth + 1, f.remixed_from_video_id from line join films f on f.video_id = line.video_id"
    f" where f.remixed_from_video_id is not null and line.depth < {DEEPEST})"
    " select line.video_id from line order by line.depth"
)


@dataclass(frozen=True)
class Film:
    """A film on record. Of an erased account's the ids are None; `manifest_label` is empty once it was deleted."""

    identity: int
    video_id: str | None
    attempt_id: str | None
    account_id: str | None
    remixed_from_video_id: str | None
    engine: str
    engine_version: str
    trained: bool
    made_at: datetime
    deleted_at: datetime | None
    manifest_label: str


async def by_identities(tx: AsyncConnection, identities: Sequence[int]) -> dict[int, Film]:
    """Ids that nobody here was given are left out."""
    rows = await tx.execute(_BY_IDENTITY, {"identities": [_signed(each) for each in identities]})
    return {film.identity: film for film in map(_film, rows.mappings())}


async def by_videos(tx: AsyncConnection, video_ids: Sequence[str]) -> dict[str, Film]:
    """The newest of each, should there be several attempts."""
    rows = await tx.execute(_BY_VIDEO, {"video_ids": [each for each in video_ids if is_id(each)]})
    return {film.video_id: film for film in map(_film, rows.mappings()) if film.video_id}


async def by_label(tx: AsyncConnection, label: str) -> Film | None:
    row = (await tx.execute(_BY_LABEL, {"label": label})).mappings().one_or_none() if label.isprintable() else None
    return _film(row) if row else None


async def manifest(tx: AsyncConnection, label: str) -> bytes | None:
    stored: bytes | None = (await tx.execute(_MANIFEST, {"label": label})).scalar_one_or_none() if label.isprintable() else None
    return stored


async def count(tx: AsyncConnection) -> int:
    """How many ids chance could hit."""
    known: int = (await tx.execute(_COUNT)).scalar_one()
    return known


async def printed(tx: AsyncConnection, video_ids: Sequence[str]) -> set[str]:
    """Those whose pictures are in the index of fingerprints."""
    return set((await tx.execute(_PRINTED, {"video_ids": list(video_ids)})).scalars())


async def lineage(tx: AsyncConnection, film: Film) -> list[str]:
    """The videos that it was remixed from, nearest first, DEEPEST at most."""
    return list((await tx.execute(_LINEAGE, {"identity": _signed(film.identity)})).scalars())


def _film(row: object) -> Film:
    values = dict(row)  # type: ignore[call-overload]  # a row's mapping
    return Film(**{**values, "identity": values["identity"] % (1 << 64)})


def _signed(identity: int) -> int:
    """Postgres has no unsigned bigint: the same 64 bits."""
    return identity - (1 << 64) if identity >> 63 else identity
