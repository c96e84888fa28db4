"""All SQL about families."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.domain import Account

_SWITCHES = "infinite_scroll, stop_after_minutes, cool_down_minutes, quiet_from, quiet_until"
_BY_HANDLE = text("select id, handle, display_name, role, created_at, birth_date from accounts where handle = :handle")
_ASK = text("insert into parent_links (child_id, parent_id) values (:child_id, :parent_id) on conflict do nothing returning 1")
_COUNT = text("select count(*) from parent_links where child_id = :child_id")
_ACCEPT = text(
    "update parent_links set accepted_at = coalesce(accepted_at, now()) where child_id = :child_id and parent_id = :parent_id returning 1"
)
_END = text(
    "delete from parent_links where (child_id = :one and parent_id = :other) or (child_id = :other and parent_id = :one) returning child_id"
)
_LINKED = text(
    "select exists (select from parent_links where child_id = :child_id and accepted_at is not null"
    " and (:parent_id = '' or parent_id = :parent_id))"
)
_PARENTS = text(
    "select a.id, a.handle, l.accepted_at is not null from parent_links l join accounts a on a.id = l.parent_id"
    " where l.child_id = :id order by l.asked_at, a.id"
)
_CHILDREN = text(
    "select a.id, a.handle, l.accepted_at is not null from parent_links l join accounts a on a.id = l.child_id"
    " where l.parent_id = :id order by l.asked_at, a.id limit 100"
)
_GET = text(f"select {_SWITCHES} from switches where child_id = :child_id")  # noqa: S608 - the column list from above
_SET = text(
    f"insert into switches (child_id, {_SWITCHES}) values"  # noqa: S608 - the column list from above
    " (:child_id, :infinite_scroll, :stop_after_minutes, :cool_down_minutes, :quiet_from, :quiet_until)"
    " on conflict (child_id) do update set infinite_scroll = excluded.infinite_scroll, stop_after_minutes = excluded.stop_after_minutes,"
    " cool_down_minutes = excluded.cool_down_minutes, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until"
)
_FORGET = text("delete from switches where child_id = :child_id")


@dataclass(frozen=True)
class Relative:
    account_id: str
    handle: str
    linked: bool


@dataclass(frozen=True)
class Switches:
    """Quiet hours are minutes from midnight where the person is; from = until: none."""

    infinite_scroll: bool
    stop_after_minutes: int
    cool_down_minutes: int
    quiet_from: int
    quiet_until: int


async def by_handle(tx: AsyncConnection, handle: str) -> Account | None:
    row = (await tx.execute(_BY_HANDLE, {"handle": handle})).one_or_none()
    return Account(*row) if row else None


async def ask(tx: AsyncConnection, child_id: str, parent_id: str) -> bool:
    """False when it was asked before."""
    return (await tx.execute(_ASK, {"child_id": child_id, "parent_id": parent_id})).first() is not None


async def count_asked(tx: AsyncConnection, child_id: str) -> int:
    count: int = (await tx.execute(_COUNT, {"child_id": child_id})).scalar_one()
    return count


async def accept(tx: AsyncConnection, child_id: str, parent_id: str) -> bool:
    return (await tx.execute(_ACCEPT, {"child_id": child_id, "parent_id": parent_id})).first() is not None


async def end(tx: AsyncConnection, one: str, other: str) -> str | None:
    """Who was the child; None when there was no link."""
    return (await tx.execute(_END, {"one": one, "other": other})).scalar()


async def is_linked(tx: AsyncConnection, child_id: str, parent_id: str = "") -> bool:
    """To that parent, or to any."""
    linked: bool = (await tx.execute(_LINKED, {"child_id": child_id, "parent_id": parent_id})).scalar_one()
    return linked


async def parents(tx: AsyncConnection, account_id: str) -> list[Relative]:
    return [Relative(*row) for row in await tx.execute(_PARENTS, {"id": account_id})]


async def children(tx: AsyncConnection, account_id: str) -> list[Relative]:
    return [Relative(*row) for row in await tx.execute(_CHILDREN, {"id": account_id})]


async def switches(tx: AsyncConnection, child_id: str) -> Switches | None:
    """None when no parent has set any."""
    row = (await tx.execute(_GET, {"child_id": child_id})).one_or_none()
    return Switches(*row) if row else None


async def set_switches(tx: AsyncConnection, child_id: str, wanted: Switches) -> None:
    await tx.execute(_SET, {"child_id": child_id, **vars(wanted)})


async def forget_switches(tx: AsyncConnection, child_id: str) -> None:
    await tx.execute(_FORGET, {"child_id": child_id})
