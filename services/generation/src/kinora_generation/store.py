"""Videos in the database, seen by their owners. Every function takes the caller's transaction."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields

from sqlalchemy import text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from .domain import Keyframe, NewVideo, Priced, Source, State, Video, may_become
from .errors import BadField, NoSuchVideo

_COMPUTED = {
    "created_at": "CAST(extract(epoch FROM videos.created_at) AS bigint) AS created_at",
    "ended_at": "CAST(coalesce(extract(epoch FROM videos.ended_at), 0) AS bigint) AS ended_at",
    "elapsed": "CAST(coalesce(extract(epoch FROM now() - videos.leased_at), 0) AS double precision) AS elapsed",
    "engine_seconds": "coalesce(videos.engine_seconds, 0) AS engine_seconds",
    "keyframes": "CAST(videos.keyframes AS text) AS keyframes",
    "age": "CAST(extract(epoch FROM now() - videos.created_at) AS double precision) AS age",
}
COLUMNS = ", ".join(_COMPUTED.get(field.name, f"videos.{field.name}") for field in fields(Video))
_LISTS = ("notes", "passes", "loras")
_INSERTED = (*(field.name for kind in (NewVideo, Priced) for field in fields(kind)), "traceparent")
_FORGET_ACCOUNT = (
    text("DELETE FROM videos WHERE account_id = :account_id"),
    text("DELETE FROM shares WHERE account_id = :account_id"),
    text("DELETE FROM pool_shares WHERE account_id = :account_id"),
    text("DELETE FROM ledger WHERE account_id = :account_id"),
    text("DELETE FROM replies WHERE caller = :account_id"),
)


def video(row: Row[tuple[object, ...]]) -> Video:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented access by name
    values |= {name: tuple(values[name]) for name in _LISTS}
    values |= {"state": State(values["state"]), "source": Source(values["source"])}
    return Video(**{**values, "keyframes": tuple(Keyframe(**frame) for frame in json.loads(values["keyframes"]))})


async def insert(tx: AsyncConnection, new: NewVideo, priced: Priced, *, traceparent: str) -> Video:
    names, values = ", ".join(_INSERTED), ", ".join(f":{name}" for name in _INSERTED)
    statement = text(f"INSERT INTO videos ({names}) VALUES ({values}) RETURNING {COLUMNS}")  # noqa: S608 - our own column names
    given = {**asdict(new), "keyframes": json.dumps([asdict(frame) for frame in new.keyframes])}
    given |= {name: list(given[name]) for name in _LISTS}
    return video((await tx.execute(statement, {**given, **asdict(priced), "traceparent": traceparent})).one())


async def own(tx: AsyncConnection, video_id: str, account_id: str, *, lock: bool = False) -> Video:
    """The caller's video; NoSuchVideo when it is another's, deleted or never was."""
    found = await find(tx, video_id, lock=lock)
    if found is None or found.account_id != account_id:
        raise NoSuchVideo
    return found


async def find(tx: AsyncConnection, video_id: str, *, lock: bool = False) -> Video | None:
    """Anyone's video, unless deleted. `lock` holds its row until the transaction ends."""
    statement = f"SELECT {COLUMNS} FROM videos WHERE id = :id AND deleted_at IS NULL {'FOR UPDATE' if lock else ''}"  # noqa: S608
    row = (await tx.execute(text(statement), {"id": video_id})).one_or_none()
    return video(row) if row else None


async def was_there(tx: AsyncConnection, video_id: str) -> bool:
    """Whether there is such a video, or a tombstone of it."""
    return bool(await tx.scalar(text("SELECT EXISTS (SELECT FROM videos WHERE id = :id)"), {"id": video_id}))


async def all_of(tx: AsyncConnection, account_id: str) -> list[Video]:
    """The account's videos, their rows locked until the transaction ends."""
    statement = f"SELECT {COLUMNS} FROM videos WHERE account_id = :account_id AND deleted_at IS NULL ORDER BY place FOR UPDATE"  # noqa: S608
    return [video(row) for row in await tx.execute(text(statement), {"account_id": account_id})]


async def forget_account(tx: AsyncConnection, account_id: str) -> None:
    """Every row that names the account, tombstones of deleted videos included."""
    for statement in _FORGET_ACCOUNT:
        await tx.execute(statement, {"account_id": account_id})


async def page(tx: AsyncConnection, account_id: str, *, after: str, limit: int, ascending: bool, finished: bool = False) -> list[Video]:
    """Up to `limit` of the account's videos behind `after` ("" is the beginning), newest first unless `ascending`; `finished` ones alone.

    `after` may have been deleted meanwhile: its place is kept.
    """
    place = await _place(tx, account_id, after) if after else None
    behind = "" if place is None else f"AND place {'>' if ascending else '<'} :place"
    those = f"AND state = '{State.COMPLETED}'" if finished else ""
    statement = (
        f"SELECT {COLUMNS} FROM videos WHERE account_id = :account_id AND deleted_at IS NULL {behind} {those} "  # noqa: S608
        f"ORDER BY place {'ASC' if ascending else 'DESC'} LIMIT :limit"
    )
    bound = {"account_id": account_id, "limit": limit} | ({} if place is None else {"place": place})
    return [video(row) for row in await tx.execute(text(statement), bound)]


async def _place(tx: AsyncConnection, account_id: str, video_id: str) -> int:
    statement = text("SELECT place FROM videos WHERE id = :id AND account_id = :account_id")
    place: int | None = await tx.scalar(statement, {"id": video_id, "account_id": account_id})
    if place is None:
        raise BadField("after", "None of your videos has this id; give the last id of the page before")
    return place


async def revision(tx: AsyncConnection, video_id: str) -> int | None:
    """What a watcher polls; None once deleted."""
    found: int | None = await tx.scalar(text("SELECT revision FROM videos WHERE id = :id AND deleted_at IS NULL"), {"id": video_id})
    return found


async def preview(tx: AsyncConnection, video_id: str) -> bytes:
    found: bytes | None = await tx.scalar(text("SELECT preview FROM videos WHERE id = :id"), {"id": video_id})
    return found or b""


async def end(
    tx: AsyncConnection, before: Video, to: State, *, code: str = "", message: str = "", files: Mapping[str, str] | None = None
) -> Video:
    """Moves a video whose row is locked to a final state. `files` has every key that changes by its column."""
    if not may_become(before.state, to):
        raise AssertionError(f"{before.state} never becomes {to}")
    files = files or {}
    keys = "".join(f"{column} = :{column}, " for column in files)
    statement = text(
        f"UPDATE videos SET state = :to, {keys}error_code = :code, error_message = :message, stage = :to, "  # noqa: S608 - our own names
        "ended_at = now(), lease_until = NULL, preview = NULL, revision = revision + 1 "
        f"WHERE id = :id RETURNING {COLUMNS}",
    )
    bound = {**files, "id": before.id, "to": to, "code": code, "message": message}
    return video((await tx.execute(statement, bound)).one())


async def bury(tx: AsyncConnection, video_id: str) -> None:
    """Leaves only a tombstone: what its maker wrote goes, the id stays taken and pages can go on behind it."""
    statement = text(
        "UPDATE videos SET deleted_at = now(), revision = revision + 1, prompt = '', negative_prompt = '', storyboard = '', notes = '{}', "
        "preview = NULL, first_frame_key = '', last_frame_key = '', keyframes = '[]', source_key = '', error_message = '' WHERE id = :id",
    )
    await tx.execute(statement, {"id": video_id})


async def steers_another(tx: AsyncConnection, picture_key: str) -> bool:
    """True while a video that is not deleted opens on this picture, ends on it or passes through it."""
    statement = text(
        "SELECT EXISTS (SELECT FROM videos WHERE first_frame_key = :key AND deleted_at IS NULL) "
        "OR EXISTS (SELECT FROM videos WHERE last_frame_key = :key AND deleted_at IS NULL) "
        "OR EXISTS (SELECT FROM videos WHERE keyframes @> jsonb_build_array(jsonb_build_object('key', CAST(:key AS text))) "
        "AND deleted_at IS NULL)",
    )
    return bool(await tx.scalar(statement, {"key": picture_key}))


async def discard(tx: AsyncConnection, path: str, *, after_s: float = 0) -> None:
    """Has a media key, or with a trailing slash a media folder, removed once the transaction is committed and `after_s` have passed."""
    statement = text("INSERT INTO discarded (path, due) VALUES (:path, now() + make_interval(secs => :after_s))")
    await tx.execute(statement, {"path": path, "after_s": after_s})


async def due_discards(tx: AsyncConnection, limit: int) -> list[tuple[int, str]]:
    rows = await tx.execute(text("SELECT id, path FROM discarded WHERE due <= now() ORDER BY due LIMIT :limit"), {"limit": limit})
    return [(row.id, row.path) for row in rows]


async def discard_done(tx: AsyncConnection, discard_id: int) -> None:
    await tx.execute(text("DELETE FROM discarded WHERE id = :id"), {"id": discard_id})


async def discard_later(tx: AsyncConnection, discard_id: int, after_s: float) -> None:
    statement = text("UPDATE discarded SET due = now() + make_interval(secs => :after_s) WHERE id = :id")
    await tx.execute(statement, {"id": discard_id, "after_s": after_s})
