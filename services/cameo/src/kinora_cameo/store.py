"""All SQL about cameos, their packages and the people decided on. Clocks are the database's."""
# ruff: noqa: S608 - only the column lists above are put into statements

from collections.abc import Sequence
from typing import Any

from kinora_kit.ids import uuid7
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo.consent import Relation
from kinora_cameo.domain import Audience, Cameo, Kind, Person
from kinora_cameo.keyring import Wrapped
from kinora_cameo.vault import Sealed

_CAMEO = (
    "c.id, c.account_id, coalesce(c.handle, '') as handle, c.kind, c.audience, c.grant_id, c.strict, c.limits,"
    " c.enrolled_at, c.only_me_until, now() < c.only_me_until as fresh, c.withdrawn_at"
)
_PERSON = "account_id, approved, grant_id, decided_at"
_LOG = text("insert into consent_log (id, cameo_id, what, account_id) values (:id, :cameo_id, :what, :account_id)")
_ADD = text(
    "insert into cameos as c (id, account_id, handle, kind, grant_id, only_me_until) values"
    " (:id, :account_id, :handle, :kind, :grant_id, now() + make_interval(hours => :hours))"
    f" on conflict do nothing returning {_CAMEO}"
)
_GET = f"select {_CAMEO} from cameos c where "
_CHANGE = text(
    f"update cameos c set audience = :audience, grant_id = :grant_id, strict = :strict, limits = :limits where id = :id returning {_CAMEO}"
)
_WITHDRAW = text(
    "update cameos c set withdrawn_at = now(), handle = null, audience = 'only_me', limits = '{}', strict = false"
    f" where id = :id returning {_CAMEO}"
)
_USE_SESSION = text(
    "insert into enrolments (session_id, cameo_id) values (:session_id, :cameo_id) on conflict do nothing returning session_id"
)
_ADD_PACKAGE = text("insert into packages (cameo_id, blob, master_id, wrapped_key) values (:cameo_id, :blob, :master_id, :wrapped_key)")
_GET_PACKAGE = text("select blob, master_id, wrapped_key from packages where cameo_id = :cameo_id")
_DROP_PACKAGE = text("delete from packages where cameo_id = :cameo_id returning blob")
_DISCARD = text(
    "insert into discarded (blob, due) values (:blob, now() + make_interval(secs => :after_s))"
    " on conflict (blob) do update set due = excluded.due"
)
_DECIDE = text(
    "insert into people as p (cameo_id, account_id, approved, grant_id) values (:cameo_id, :account_id, :approved, :grant_id)"
    " on conflict (cameo_id, account_id) do update set approved = excluded.approved, grant_id = excluded.grant_id, decided_at = now()"
    f" returning {_PERSON}"
)
_TIES = text(
    "select coalesce(bool_or(follows) filter (where from_account_id = :viewer), false) as follows,"
    " coalesce(bool_or(follows) filter (where to_account_id = :viewer), false) as followed,"
    " coalesce(bool_or(blocks), false) as blocked from ties"
    " where (from_account_id, to_account_id) in ((:viewer, :owner), (:owner, :viewer))"
)
_TIE = text(
    "insert into ties (from_account_id, to_account_id, follows, blocks) values (:from_account_id, :to_account_id, :follows, :blocks)"
    " on conflict (from_account_id, to_account_id) do update set follows = excluded.follows, blocks = excluded.blocks"
)
_FORGET_ACCOUNT = [
    text("delete from cameos where account_id = :id"),
    text("delete from people where account_id = :id"),
    text("update consent_log set account_id = null where account_id = :id"),
    text("delete from ties where :id in (from_account_id, to_account_id)"),
    text("delete from uses where user_account_id = :id"),
    text("delete from past_uses where user_account_id = :id"),
    text("delete from replies where caller = :id or position(convert_to(:id, 'UTF8') in reply) > 0"),
    text("delete from outbox where position(convert_to(:id, 'UTF8') in payload) > 0"),
]


def new_cameo_id() -> str:
    return f"cameo_{uuid7().hex}"


def _cameo(row: Row[Any]) -> Cameo:
    values = {**row._mapping, "kind": Kind(row.kind), "audience": Audience(row.audience), "limits": tuple(row.limits)}  # noqa: SLF001 - SQLAlchemy's documented access by name
    return Cameo(**values)


# --- Cameos


async def add(tx: AsyncConnection, *, cameo_id: str, account_id: str, handle: str, kind: Kind, hours: int) -> Cameo | None:
    """None when the handle is taken, or the person has a cameo already."""
    grant_id = _new_grant_id()
    row = {"id": cameo_id, "account_id": account_id, "handle": handle, "kind": kind}
    added = (await tx.execute(_ADD, {**row, "grant_id": grant_id, "hours": hours})).one_or_none()
    if added is None:
        return None
    await log_change(tx, grant_id, cameo_id, "enrolled")
    return _cameo(added)


async def get(tx: AsyncConnection, cameo_id: str, *, lock: bool = False) -> Cameo | None:
    """`lock` before a change of consent."""
    row = (await tx.execute(text(f"{_GET} c.id = :id {'for update' if lock else ''}"), {"id": cameo_id})).one_or_none()
    return _cameo(row) if row else None


async def lock_shared(tx: AsyncConnection, cameo_ids: Sequence[str]) -> dict[str, Cameo]:
    """Those of these cameos that exist, by id; until the transaction ends nobody changes consent. Locked in the order of their ids,
    as everywhere, so that two who lock several never wait for each other.
    """
    rows = await tx.execute(text(f"{_GET} c.id = any(:ids) order by c.id for share"), {"ids": list(cameo_ids)})
    return {row.id: _cameo(row) for row in rows}


async def lock_owned(tx: AsyncConnection, account_ids: Sequence[str]) -> list[Cameo]:
    """All cameos of these accounts, for a change of consent."""
    rows = await tx.execute(text(f"{_GET} c.account_id = any(:ids) order by c.id for update"), {"ids": list(account_ids)})
    return [_cameo(row) for row in rows]


async def by_handle(tx: AsyncConnection, handle: str) -> Cameo | None:
    row = (await tx.execute(text(f"{_GET} c.handle = :handle"), {"handle": handle})).one_or_none()
    return _cameo(row) if row else None


async def live_person(tx: AsyncConnection, account_id: str, *, lock: bool = False) -> Cameo | None:
    """`lock` before its likeness is replaced."""
    live = f"c.account_id = :account_id and c.kind = 'person' and c.withdrawn_at is null {'for update' if lock else ''}"
    row = (await tx.execute(text(f"{_GET} {live}"), {"account_id": account_id})).one_or_none()
    return _cameo(row) if row else None


async def is_session_used(tx: AsyncConnection, session_id: str) -> bool:
    """Whether a likeness was made from this liveness session."""
    return (await tx.execute(text("select 1 from enrolments where session_id = :id"), {"id": session_id})).first() is not None


async def use_session(tx: AsyncConnection, session_id: str, cameo_id: str) -> bool:
    """False when it was used before."""
    return (await tx.execute(_USE_SESSION, {"session_id": session_id, "cameo_id": cameo_id})).first() is not None


async def of_account(tx: AsyncConnection, account_id: str) -> list[Cameo]:
    """Newest first: the ids begin with their time."""
    rows = await tx.execute(text(f"{_GET} c.account_id = :account_id order by c.id desc"), {"account_id": account_id})
    return [_cameo(row) for row in rows]


async def change(tx: AsyncConnection, cameo: Cameo, *, audience: Audience, strict: bool, limits: Sequence[str]) -> Cameo:
    grant_id = _new_grant_id()
    values = {"id": cameo.id, "audience": audience, "strict": strict, "limits": list(limits), "grant_id": grant_id}
    changed = _cameo((await tx.execute(_CHANGE, values)).one())
    await log_change(tx, grant_id, cameo.id, f"audience {audience}, strict {strict}, {len(limits)} limits")
    return changed


async def withdraw(tx: AsyncConnection, cameo: Cameo) -> Cameo:
    """The key is gone with this transaction; the encrypted package follows."""
    await drop_package(tx, cameo.id)
    await tx.execute(text("delete from people where cameo_id = :cameo_id"), {"cameo_id": cameo.id})
    await log_change(tx, _new_grant_id(), cameo.id, "withdrawn")
    return _cameo((await tx.execute(_WITHDRAW, {"id": cameo.id})).one())


async def forget_account(tx: AsyncConnection, account_id: str) -> None:
    """Everything that names the account, in replies kept for repeats and in facts too; what hangs on its cameos goes with them."""
    for statement in _FORGET_ACCOUNT:
        await tx.execute(statement, {"id": account_id})


# --- Packages


async def add_package(tx: AsyncConnection, cameo_id: str, sealed: Sealed) -> None:
    row = {"cameo_id": cameo_id, "blob": sealed.blob, "master_id": sealed.key.master_id, "wrapped_key": sealed.key.key}
    await tx.execute(_ADD_PACKAGE, row)
    await keep(tx, sealed.blob)


async def renew_package(tx: AsyncConnection, cameo_id: str, sealed: Sealed) -> None:
    """The key of the one before is gone with this transaction; the encrypted package follows."""
    await drop_package(tx, cameo_id)
    await add_package(tx, cameo_id, sealed)
    await log_change(tx, _new_grant_id(), cameo_id, "renewed")


async def drop_package(tx: AsyncConnection, cameo_id: str) -> None:
    if blob := (await tx.execute(_DROP_PACKAGE, {"cameo_id": cameo_id})).scalar_one_or_none():
        await discard(tx, blob)


async def get_package(tx: AsyncConnection, cameo_id: str) -> Sealed | None:
    row = (await tx.execute(_GET_PACKAGE, {"cameo_id": cameo_id})).one_or_none()
    return Sealed(row.blob, Wrapped(row.master_id, bytes(row.wrapped_key))) if row else None


async def discard(tx: AsyncConnection, blob: str, *, after_s: float = 0) -> None:
    """Has something in the media store removed once `after_s` have passed."""
    await tx.execute(_DISCARD, {"blob": blob, "after_s": after_s})


async def keep(tx: AsyncConnection, blob: str) -> None:
    """The opposite of `discard`."""
    await tx.execute(text("delete from discarded where blob = :blob"), {"blob": blob})


# --- People


async def decide_on(tx: AsyncConnection, cameo_id: str, account_id: str, *, approved: bool) -> Person:
    grant_id = _new_grant_id()
    await log_change(tx, grant_id, cameo_id, "approved" if approved else "refused", account_id)
    row = {"cameo_id": cameo_id, "account_id": account_id, "approved": approved, "grant_id": grant_id}
    return Person(*(await tx.execute(_DECIDE, row)).one())


async def people(tx: AsyncConnection, cameo_id: str) -> list[Person]:
    """Newest decision first."""
    statement = text(f"select {_PERSON} from people where cameo_id = :cameo_id order by grant_id desc")
    return [Person(*row) for row in await tx.execute(statement, {"cameo_id": cameo_id})]


async def person(tx: AsyncConnection, cameo_id: str, account_id: str) -> Person | None:
    statement = text(f"select {_PERSON} from people where cameo_id = :cameo_id and account_id = :account_id")
    row = (await tx.execute(statement, {"cameo_id": cameo_id, "account_id": account_id})).one_or_none()
    return Person(*row) if row else None


async def count_people(tx: AsyncConnection, cameo_id: str) -> int:
    count: int = (await tx.execute(text("select count(*) from people where cameo_id = :id"), {"id": cameo_id})).scalar_one()
    return count


async def relation(tx: AsyncConnection, viewer: str, owner: str, person: Person | None) -> Relation:
    """How `viewer` and `owner` stand to each other; `person` is what the owner decided on the viewer by name."""
    ties = (await tx.execute(_TIES, {"viewer": viewer, "owner": owner})).one()
    return Relation(person.approved if person else None, ties.follows, ties.followed, ties.blocked)


async def tie(tx: AsyncConnection, from_account_id: str, to_account_id: str, *, follows: bool, blocks: bool) -> None:
    await tx.execute(_TIE, {"from_account_id": from_account_id, "to_account_id": to_account_id, "follows": follows, "blocks": blocks})


async def is_logged(tx: AsyncConnection, grant_id: str) -> bool:
    """Whether this change of consent is known here."""
    return (await tx.execute(text("select 1 from consent_log where id = :id"), {"id": grant_id})).first() is not None


async def log_change(tx: AsyncConnection, grant_id: str, cameo_id: str, what: str, account_id: str | None = None) -> None:
    await tx.execute(_LOG, {"id": grant_id, "cameo_id": cameo_id, "what": what, "account_id": account_id})


def _new_grant_id() -> str:
    return f"grant_{uuid7().hex}"
