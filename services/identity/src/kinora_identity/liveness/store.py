"""All SQL about liveness sessions and their clips. Clocks are the database's."""
# ruff: noqa: S608 - only the column list above is put into statements

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kinora_kit.ids import uuid7
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.liveness.domain import Item, Liveness, Reason, own_reason

# What has run out is over for everybody from that moment on, not from when the sweep comes by.
_SESSION = (
    "id, account_id, case when state in ('created', 'approved') and expires_at <= now() then 'expired' else state end as state,"
    " created_at, expires_at, coalesce(extract(epoch from expires_at - now()), 0)::float8 as left_s, language, needs, challenge_json,"
    " items_json, ends_s, path, reveals, stopped_at is not null as stopped, received_s, typed, source_key, clip_key, reasons_json, remarks,"
    " tries, lease, redeemed_by"
)
_FAILED_AT = "failed_at = case when cardinality(reveals) > 0 then now() end"
_ADD = text(
    "insert into liveness_sessions (id, account_id, expires_at, language, needs, challenge_json, items_json, ends_s) values"
    " (:id, :account_id, now() + make_interval(secs => :seconds), :language, :needs, :challenge_json, :items_json, :ends_s)"
    f" returning {_SESSION}"
)
_GET = f"select {_SESSION} from liveness_sessions where id = :id and account_id = coalesce(:account_id, account_id)"
_SUPERSEDE = text(
    f"update liveness_sessions set state = 'expired', expires_at = null, {_FAILED_AT}"
    " where account_id = :account_id and state in ('created', 'capturing') returning id"
)
_FAILURES = text(
    "select failed_at + make_interval(secs => :pause_s) as until from liveness_sessions where account_id = :account_id"
    " and failed_at > now() - make_interval(secs => :pause_s) order by failed_at desc limit :limit"
)
_UNDECIDED = text("select count(*) from liveness_sessions where account_id = :account_id and state in ('analysing', 'review')")
_OPEN = text(
    "update liveness_sessions set state = 'capturing', path = :path where id = :id and account_id = :account_id"
    f" and state = 'created' and expires_at > now() returning {_SESSION}"
)
_REVEAL = text(
    "update liveness_sessions set reveals = :reveals, stopped_at = case when :stopped then now() end"
    " where id = :id and state = 'capturing' and expires_at > now() returning 1"
)
_SUBMIT = text(
    "update liveness_sessions set state = 'analysing', expires_at = null, submitted_at = now(), clip_key = :clip_key,"
    f" received_s = :received_s, typed = :typed, source_key = :source_key where id = :id and state = 'capturing' returning {_SESSION}"
)
_BREAK_OFF = text(
    f"update liveness_sessions set state = 'retry', expires_at = null, reasons_json = :reasons_json, {_FAILED_AT}"
    f" where id = :id and state = 'capturing' returning {_SESSION}"
)
_CLAIM = text(
    "update liveness_sessions set tries = tries + 1, lease = :lease, lease_until = now() + make_interval(secs => :lease_s)"
    " where id = (select id from liveness_sessions where state = 'analysing' and lease_until <= now() order by submitted_at limit 1"
    f" for update skip locked) returning {_SESSION}"
)
_LATER = text(
    "update liveness_sessions set lease = '', lease_until = now() + make_interval(secs => :after_s),"
    " tries = tries - case when :counts then 0 else 1 end where id = :id and lease = :lease"
)
_DECIDE = text(
    "update liveness_sessions set state = :state, reasons_json = :reasons_json, remarks = :remarks, lease = '',"
    " expires_at = case when :state in ('approved', 'review') then now() + make_interval(secs => :keep_s) end,"
    " failed_at = case when :state in ('retry', 'declined') then now() end"
    f" where id = :id and state = :before and lease = :lease returning {_SESSION}"
)
_USE = text(f"update liveness_sessions set state = 'used', expires_at = null, redeemed_by = :by where id = :id returning {_SESSION}")
_LAPSED = text(
    "update liveness_sessions set state = 'expired', expires_at = null where state in ('created', 'approved') and expires_at <= now()"
    f" returning {_SESSION}"
)
_CUT_OFF = text(
    f"update liveness_sessions set state = 'retry', expires_at = null, reasons_json = :reasons_json, {_FAILED_AT}"
    f" where state = 'capturing' and expires_at <= now() - make_interval(secs => :grace_s) returning {_SESSION}"
)
_UNREVIEWED = text(
    "update liveness_sessions set state = 'retry', expires_at = null, reasons_json = :reasons_json"
    f" where state = 'review' and expires_at <= now() returning {_SESSION}"
)
_FORGET = text(
    "delete from liveness_sessions where state in ('retry', 'declined', 'expired', 'used') and created_at < now() - interval '90 days'"
)
_REVIEWS = text(f"select {_SESSION} from liveness_sessions where state = 'review' order by submitted_at limit :limit")
_KEEP = text(
    "insert into liveness_clips (key, account_id, due) values (:key, :account_id, now() + make_interval(secs => :seconds))"
    " on conflict (key) do update set due = excluded.due"
)
_IS_KEPT = text("select exists (select from liveness_clips where key = :key and due > now())")
_DISCARD_OF = text(
    "update liveness_clips set due = now() where key = (select clip_key from liveness_sessions"
    " where id = :id and account_id = :account_id and state = 'used')"
)
_DISCARD_ALL = text("update liveness_clips set due = now() where account_id = :account_id")
_DUE = text("select key from liveness_clips where due <= now() order by due limit :limit")
_AGAIN = text("update liveness_clips set due = now() + make_interval(secs => :after_s) where key = :key")
_REMOVED = text("delete from liveness_clips where key = :key")


def _session(row: Row[Any]) -> Liveness:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented access by name
    items = [Item(**item) for item in json.loads(values.pop("items_json"))]
    reasons = [Reason(**reason) for reason in json.loads(values.pop("reasons_json"))]
    return Liveness(**values, items=items, reasons=reasons)


def _json(parts: Sequence[Item] | Sequence[Reason]) -> str:
    return json.dumps([asdict(part) for part in parts])


async def _one(tx: AsyncConnection, statement: Any, values: Mapping[str, Any]) -> Liveness | None:
    row = (await tx.execute(statement, values)).one_or_none()
    return _session(row) if row else None


# --- Sessions


async def add(
    tx: AsyncConnection, *, account_id: str, language: str, needs: Sequence[str], challenge_json: str, items: Sequence[Item], ends_s: float,
    seconds: float,
) -> Liveness:  # fmt: skip
    """To be captured within `seconds`."""
    row = {"id": f"live_{uuid7().hex}", "account_id": account_id, "language": language, "needs": list(needs), "seconds": seconds}
    return _session((await tx.execute(_ADD, {**row, "challenge_json": challenge_json, "items_json": _json(items), "ends_s": ends_s})).one())


async def get(tx: AsyncConnection, session_id: str, account_id: str | None, *, lock: bool = False) -> Liveness | None:
    """Of that account, or, when None, of any."""
    return await _one(tx, text(f"{_GET} {'for update' if lock else ''}"), {"id": session_id, "account_id": account_id})


async def supersede(tx: AsyncConnection, account_id: str) -> int:
    """Ends what is not captured yet; says how many that were."""
    return len((await tx.execute(_SUPERSEDE, {"account_id": account_id})).all())


async def failures(tx: AsyncConnection, account_id: str, *, pause_s: float, limit: int) -> list[datetime]:
    """Until when each of the latest sessions that came to nothing counts, the latest first."""
    return list((await tx.execute(_FAILURES, {"account_id": account_id, "pause_s": pause_s, "limit": limit})).scalars())


async def count_undecided(tx: AsyncConnection, account_id: str) -> int:
    count: int = (await tx.execute(_UNDECIDED, {"account_id": account_id})).scalar_one()
    return count


# --- The capture


async def open_capture(tx: AsyncConnection, session_id: str, account_id: str, path: str) -> Liveness | None:
    """Only the first of several gets it."""
    return await _one(tx, _OPEN, {"id": session_id, "account_id": account_id, "path": path})


async def reveal(tx: AsyncConnection, session_id: str, reveals: Sequence[float], *, stopped: bool = False) -> bool:
    """False when the capture may go on no longer."""
    return (await tx.execute(_REVEAL, {"id": session_id, "reveals": list(reveals), "stopped": stopped})).first() is not None


async def submit(
    tx: AsyncConnection, session_id: str, *, clip_key: str, received_s: float | None, typed: Sequence[str], source_key: str
) -> Liveness | None:
    """None when the capture has ended otherwise."""
    row = {"id": session_id, "clip_key": clip_key, "received_s": received_s, "typed": list(typed), "source_key": source_key}
    return await _one(tx, _SUBMIT, row)


async def break_off(tx: AsyncConnection, session_id: str, reason: Reason) -> Liveness | None:
    """None when the capture has ended otherwise."""
    return await _one(tx, _BREAK_OFF, {"id": session_id, "reasons_json": _json([reason])})


# --- The analysis


async def claim(tx: AsyncConnection, *, lease: str, lease_s: float) -> Liveness | None:
    """The one that waits longest, to be looked at by nobody else for so long."""
    return await _one(tx, _CLAIM, {"lease": lease, "lease_s": lease_s})


async def later(tx: AsyncConnection, session: Liveness, *, after_s: float, counts: bool) -> None:
    await tx.execute(_LATER, {"id": session.id, "lease": session.lease, "after_s": after_s, "counts": counts})


async def decide(
    tx: AsyncConnection, session: Liveness, state: str, *, reasons: Sequence[Reason], remarks: Sequence[str], keep_s: float
) -> Liveness | None:
    """None when somebody else has decided meanwhile."""
    row = {"id": session.id, "before": session.state, "lease": session.lease, "state": state, "keep_s": keep_s}
    return await _one(tx, _DECIDE, {**row, "reasons_json": _json(reasons), "remarks": list(remarks)})


async def reviews(tx: AsyncConnection, limit: int) -> list[Liveness]:
    return [_session(row) for row in await tx.execute(_REVIEWS, {"limit": limit})]


async def use(tx: AsyncConnection, session_id: str, by: str) -> Liveness:
    """`by` is the request that may ask again."""
    return _session((await tx.execute(_USE, {"id": session_id, "by": by})).one())


async def lapse(tx: AsyncConnection, *, grace_s: float) -> list[Liveness]:
    """Ends what has run out. A capture in progress ends itself; after `grace_s` nobody is left to do so."""
    found = [*(await tx.execute(_LAPSED))]
    found += await tx.execute(_CUT_OFF, {"grace_s": grace_s, "reasons_json": _json([own_reason("CAPTURE_TOO_LATE")])})
    found += await tx.execute(_UNREVIEWED, {"reasons_json": _json([own_reason("NOT_REVIEWED")])})
    return [_session(row) for row in found]


async def forget_old(tx: AsyncConnection) -> None:
    await tx.execute(_FORGET)


# --- Clips


async def keep(tx: AsyncConnection, key: str, account_id: str, seconds: float) -> None:
    """From now on, for so long."""
    await tx.execute(_KEEP, {"key": key, "account_id": account_id, "seconds": seconds})


async def is_kept(tx: AsyncConnection, key: str) -> bool:
    kept: bool = (await tx.execute(_IS_KEPT, {"key": key})).scalar_one()
    return kept


async def discard_of(tx: AsyncConnection, session_id: str, account_id: str) -> None:
    """Has the clip of a used session removed."""
    await tx.execute(_DISCARD_OF, {"id": session_id, "account_id": account_id})


async def discard_all(tx: AsyncConnection, account_id: str) -> None:
    await tx.execute(_DISCARD_ALL, {"account_id": account_id})


async def due(tx: AsyncConnection, limit: int) -> list[str]:
    return list((await tx.execute(_DUE, {"limit": limit})).scalars())


async def remove_again(tx: AsyncConnection, key: str, after_s: float) -> None:
    await tx.execute(_AGAIN, {"key": key, "after_s": after_s})


async def removed(tx: AsyncConnection, key: str) -> None:
    await tx.execute(_REMOVED, {"key": key})
