"""All SQL about pets and objects in the making. Clocks are the database's."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store
from kinora_cameo.domain import Kind
from kinora_cameo.keyring import Wrapped
from kinora_cameo.vault import Sealed

_THING = "id, account_id, kind, source, blob, master_id, wrapped_key"
_SERIALIZE = text("select pg_advisory_xact_lock(hashtextextended('kinora.cameo.things ' || :account_id, 0))")
_OPEN = text("select count(*) from things where account_id = :account_id and now() < forgotten_at")
_ADD = text(
    "insert into things (id, account_id, kind, source, forgotten_at)"
    " values (:id, :account_id, :kind, :source, now() + make_interval(hours => :hours))"
)
_GET = f"select {_THING} from things where id = :id and account_id = :account_id and now() < forgotten_at"  # noqa: S608 - the list above
_CUT = text("update things set blob = :blob, master_id = :master_id, wrapped_key = :wrapped_key where id = :id")
_EXPIRED = text(f"select {_THING} from things where forgotten_at <= now() for update skip locked")  # noqa: S608 - the list above
_OF_ACCOUNT = text(f"select {_THING} from things where account_id = :account_id for update")  # noqa: S608 - the list above


@dataclass(frozen=True)
class Thing:
    """A pet or object in the making. `source`: media key of its picture or clip; `cut`: the newest cut, encrypted for the cameo that it
    will be.
    """

    id: str
    account_id: str
    kind: Kind
    source: str
    cut: Sealed | None

    @property
    def cameo_id(self) -> str:
        return cameo_id(self.id)


def cameo_id(thing_id: str) -> str:
    """The id of the cameo that a thing becomes."""
    return thing_id.replace("thing_", "cameo_", 1)


async def count_open(tx: AsyncConnection, account_id: str) -> int:
    """Until the transaction ends nobody else starts one of this account."""
    await tx.execute(_SERIALIZE, {"account_id": account_id})
    count: int = (await tx.execute(_OPEN, {"account_id": account_id})).scalar_one()
    return count


async def add(tx: AsyncConnection, thing: Thing, *, hours: int) -> None:
    row = {"id": thing.id, "account_id": thing.account_id, "kind": thing.kind, "source": thing.source, "hours": hours}
    await tx.execute(_ADD, row)


async def get(tx: AsyncConnection, account_id: str, thing_id: str, *, lock: bool = False) -> Thing | None:
    """None for another's and a forgotten one too."""
    statement = text(_GET + (" for update" if lock else ""))
    row = (await tx.execute(statement, {"id": thing_id, "account_id": account_id})).one_or_none()
    return _thing(row) if row else None


async def keep_cut(tx: AsyncConnection, thing: Thing, cut: Sealed) -> None:
    """In place of the one before. The row must be locked."""
    if thing.cut:
        await store.discard(tx, thing.cut.blob)
    await tx.execute(_CUT, {"id": thing.id, "blob": cut.blob, "master_id": cut.key.master_id, "wrapped_key": cut.key.key})
    await store.keep(tx, cut.blob)


async def remove(tx: AsyncConnection, thing: Thing) -> None:
    """With its picture or clip; what becomes of the cut is the caller's to say."""
    await tx.execute(text("delete from things where id = :id"), {"id": thing.id})
    await store.discard(tx, thing.source)


async def forget(tx: AsyncConnection, account_id: str | None = None) -> None:
    """Everything of an account; of all accounts what has come to its end."""
    rows = await (tx.execute(_OF_ACCOUNT, {"account_id": account_id}) if account_id else tx.execute(_EXPIRED))
    for thing in map(_thing, rows.all()):
        await remove(tx, thing)
        if thing.cut:
            await store.discard(tx, thing.cut.blob)


def _thing(row: Row[Any]) -> Thing:
    cut = Sealed(row.blob, Wrapped(row.master_id, bytes(row.wrapped_key))) if row.blob else None
    return Thing(row.id, row.account_id, Kind(row.kind), row.source, cut)
