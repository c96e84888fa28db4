"""A mutating rpc that is asked twice acts once."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_kit.errors import InvalidArgument

M = TypeVar("M", bound=Message)
_NOT_BODY = ("request_id", "is_retry")
_SERIALIZE = text("select pg_advisory_xact_lock(hashtextextended(:caller || chr(31) || :rpc || chr(31) || encode(:body_hash, 'hex'), 0))")
_CLAIM = text(
    "insert into replies (caller, rpc, request_id, body_hash) values (:caller, :rpc, :request_id, :body_hash)"
    " on conflict do nothing returning 1"
)
_STORED = text("select body_hash, reply from replies where caller = :caller and rpc = :rpc and request_id = :request_id")
_RECENT = text(
    "select reply from replies where caller = :caller and rpc = :rpc and body_hash = :body_hash and reply is not null"
    " and created_at > now() - interval '10 minutes' order by created_at desc limit 1"
)
_STORE = text("update replies set reply = :reply where caller = :caller and rpc = :rpc and request_id = :request_id")


class RequestIdMissing(InvalidArgument):
    pass


class RequestIdReused(InvalidArgument):
    pass


async def once(
    tx: AsyncConnection, *, caller: str, rpc: str, request: Message, reply: type[M], do: Callable[[], Awaitable[M]], retry: bool = False
) -> M:
    """Run `do` (inside `tx`, no remote calls) unless this request was answered before; then return that answer.

    The same request_id with another body raises RequestIdReused. `retry=True`: an equal body of this caller within
    ten minutes counts as the same request even under another id. Repeats in parallel wait for the first.
    """
    row = _row(caller, rpc, request)
    await tx.execute(_SERIALIZE, row)
    if (await tx.execute(_CLAIM, row)).first() is None:
        return _answer((await tx.execute(_STORED, row)).one(), row, reply)
    recent = (await tx.execute(_RECENT, row)).scalar() if retry else None
    answer = reply.FromString(recent) if recent is not None else await do()
    await tx.execute(_STORE, {**row, "reply": answer.SerializeToString()})
    return answer


async def answered(tx: AsyncConnection, *, caller: str, rpc: str, request: Message, reply: type[M]) -> M | None:
    """What `once` answered to this request, if it did; to be asked before other services are. Raises RequestIdReused."""
    row = _row(caller, rpc, request)
    stored = (await tx.execute(_STORED, row)).one_or_none()
    return _answer(stored, row, reply) if stored else None


def _row(caller: str, rpc: str, request: Message) -> dict[str, object]:
    return {"caller": caller, "rpc": rpc, "request_id": check_request_id(request), "body_hash": _body_hash(request)}


def _answer(stored: Row[Any], row: Mapping[str, object], reply: type[M]) -> M:
    if bytes(stored.body_hash) != row["body_hash"]:
        raise RequestIdReused("this request_id was used for a different request; use a new one", param="request_id")
    return reply.FromString(stored.reply)


def check_request_id(request: Message) -> str:
    """Raises RequestIdMissing."""
    request_id: str = getattr(request, "request_id", "")
    if not 1 <= len(request_id) <= 128 or not request_id.isprintable():
        raise RequestIdMissing("request_id must be 1 to 128 printable characters, unique per request", param="request_id")
    return request_id


def _body_hash(request: Message) -> bytes:
    body = type(request).FromString(request.SerializeToString())
    for name in _NOT_BODY:
        if name in body.DESCRIPTOR.fields_by_name:
            body.ClearField(name)
    return hashlib.sha256(body.SerializeToString(deterministic=True)).digest()
