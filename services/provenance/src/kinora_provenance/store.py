"""All SQL about films that wait for their seal, about seals, and about what the ids in marks mean. Clocks are the database's."""
# ruff: noqa: S608 - only the column lists above are put into statements

import json
from dataclasses import asdict, dataclass, fields
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance.domain import Film, Seal, Still

_FILM = [field.name for field in fields(Film)]
_SEAL = [field.name for field in fields(Seal)]
_NEW_SEAL = [name for name in _SEAL if name != "sealed_at"]


def _values(names: list[str]) -> str:
    return f"({', '.join(names)}) values ({', '.join(':' + name for name in names)})"


_ADD_FILM = text(f"insert into sealing {_values([*_FILM, 'traceparent'])} on conflict do nothing")
_LEASE = text(
    "update sealing set tries = tries + 1, lease = :lease, due_at = now() + make_interval(secs => :lease_s)"
    " where (video_id, attempt_id) ="
    " (select video_id, attempt_id from sealing where due_at <= now() order by due_at limit 1 for update skip locked)"
    f" returning {', '.join(_FILM)}, tries, traceparent"
)
_MINE = "where video_id = :video_id and attempt_id = :attempt_id and lease = :lease"
_DEFER = text(f"update sealing set due_at = now() + make_interval(secs => :seconds) {_MINE} returning 1")
_TAKE_OUT = text(f"delete from sealing {_MINE} returning 1")
_ADD_SEAL = text(f"insert into seals {_values(_NEW_SEAL)}")
_GET_SEAL = text(f"select {', '.join(_SEAL)} from seals where video_id = :video_id order by sealed_at desc limit 1")
_KNOWN = text(
    "select exists (select from seals where video_id = :video_id and attempt_id = :attempt_id)"
    " or exists (select from sealing where video_id = :video_id and attempt_id = :attempt_id)"
)
_ADD_TO_FILMS = text(
    "insert into films (identity, video_id, attempt_id, account_id, remixed_from_video_id, engine, engine_version, trained) values"
    " (:identity, :video_id, :attempt_id, :account_id, nullif(:remixed_from_video_id, ''), :engine, :engine_version, :trained)"
)
_FORGET = [
    *(text(f"delete from {table} where video_id = :video_id") for table in ("sealing", "seals")),
    text("update films set deleted_at = now() where video_id = :video_id and deleted_at is null"),
]
# What stays says that this id was made here, by this engine, then.
_FORGET_ACCOUNT = [
    *(text(f"delete from {table} where account_id = :account_id") for table in ("sealing", "seals", "credits")),
    text("delete from replies where caller = :account_id"),
    text(
        "update films set video_id = null, attempt_id = null, account_id = null, remixed_from_video_id = null,"
        " deleted_at = coalesce(deleted_at, now()) where account_id = :account_id"
    ),
]


@dataclass(frozen=True)
class Job:
    """A leased film: `tries` counts this one, `traceparent` names the span in which the film was rendered."""

    film: Film
    tries: int
    traceparent: str | None
    lease: UUID

    @property
    def row(self) -> dict[str, object]:
        return {"video_id": self.film.video_id, "attempt_id": self.film.attempt_id, "lease": self.lease}


async def add_film(tx: AsyncConnection, film: Film, traceparent: str | None) -> None:
    """Nothing changes when the film waits already or has its seal."""
    if not await is_known(tx, film):
        stills = json.dumps([asdict(still) for still in film.stills])
        await tx.execute(_ADD_FILM, {**_row(film), "stills": stills, "traceparent": traceparent})


async def lease_film(tx: AsyncConnection, lease_s: float) -> Job | None:
    """The film that is longest due, ours alone for `lease_s` seconds; None when none is due."""
    lease = uuid4()
    row = (await tx.execute(_LEASE, {"lease": lease, "lease_s": lease_s})).mappings().one_or_none()
    if row is None:
        return None
    stills = [Still(**still) for still in row["stills"]]
    film = Film(**{**{name: row[name] for name in _FILM}, "stills": stills, "identity": _unsigned(row["identity"])})
    return Job(film, row["tries"], row["traceparent"], lease)


async def defer(tx: AsyncConnection, job: Job, seconds: float) -> bool:
    """Nobody else takes the film for so long; also how a lease is kept. False when it is no longer ours."""
    return (await tx.execute(_DEFER, {**job.row, "seconds": seconds})).first() is not None


async def take_out(tx: AsyncConnection, job: Job) -> bool:
    """The film waits no more; False when it is no longer ours."""
    return (await tx.execute(_TAKE_OUT, job.row)).first() is not None


async def is_known(tx: AsyncConnection, film: Film) -> bool:
    known: bool = (await tx.execute(_KNOWN, {"video_id": film.video_id, "attempt_id": film.attempt_id})).scalar_one()
    return known


async def add_seal(tx: AsyncConnection, film: Film, seal: Seal) -> None:
    """The film is on record from now on, whatever becomes of its seal."""
    await tx.execute(_ADD_SEAL, {**{name: getattr(seal, name) for name in _NEW_SEAL}, "identity": _signed(seal.identity)})
    await tx.execute(_ADD_TO_FILMS, _row(film))


async def get_seal(tx: AsyncConnection, video_id: str) -> Seal | None:
    """The newest, should there be several attempts."""
    row = (await tx.execute(_GET_SEAL, {"video_id": video_id})).mappings().one_or_none()
    return Seal(**{**row, "identity": _unsigned(row["identity"])}) if row else None


async def forget(tx: AsyncConnection, video_id: str) -> None:
    """Its seal goes; that it was made here stays on record."""
    for statement in _FORGET:
        await tx.execute(statement, {"video_id": video_id})


async def forget_account(tx: AsyncConnection, account_id: str) -> None:
    for statement in _FORGET_ACCOUNT:
        await tx.execute(statement, {"account_id": account_id})


def _row(film: Film) -> dict[str, object]:
    return {**{name: getattr(film, name) for name in _FILM}, "identity": _signed(film.identity)}


def _signed(identity: int) -> int:
    """Postgres has no unsigned bigint: the same 64 bits."""
    return identity - (1 << 64) if identity >> 63 else identity


def _unsigned(stored: int) -> int:
    return stored % (1 << 64)
