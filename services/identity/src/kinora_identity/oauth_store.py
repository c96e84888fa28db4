"""All SQL about OAuth clients, codes and devices."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ADD_CLIENT = text("insert into oauth_clients (id, name, redirect_uris) values (:id, :name, :redirect_uris)")
_CLIENT = text("select id, name, redirect_uris from oauth_clients where id = :id")
_ADD_CODE = text(
    "insert into oauth_codes (code_sha256, client_id, account_id, redirect_uri, challenge, scopes, amr, device, network)"
    " values (:code_sha256, :client_id, :account_id, :redirect_uri, :challenge, :scopes, :amr, :device, :network)"
)
_CODE = text(
    "select client_id, account_id, redirect_uri, challenge, scopes, amr, device, network, session_id from oauth_codes"
    " where code_sha256 = :code_sha256 and expires_at > now() for update"
)
_USE_CODE = text("update oauth_codes set session_id = :session_id where code_sha256 = :code_sha256")
_ADD_DEVICE = text(
    "insert into oauth_devices (device_sha256, user_code, client_id, scopes, device, network)"
    " values (:device_sha256, :user_code, :client_id, :scopes, :device, :network) on conflict do nothing returning 1"
)
_ANSWER = text(
    "update oauth_devices set account_id = :account_id, amr = :amr, refused = :refused"
    " where user_code = :user_code and account_id is null and expires_at > now() returning client_id"
)
_DEVICE = text(
    "select client_id, scopes, device, network, account_id, amr, refused, expires_at <= now() as expired,"
    " coalesce(polled_at + make_interval(secs => interval_s) > now(), false) as hasty"
    " from oauth_devices where device_sha256 = :device_sha256 for update"
)
_POLLED = text("update oauth_devices set polled_at = now(), interval_s = interval_s + :slower_s where device_sha256 = :device_sha256")
_DROP_DEVICE = text("delete from oauth_devices where device_sha256 = :device_sha256")
_SWEEP = (
    text("delete from oauth_codes where expires_at < now() - interval '1 hour'"),
    text("delete from oauth_devices where expires_at < now() - interval '1 hour'"),
)


@dataclass(frozen=True)
class Client:
    id: str
    name: str
    redirect_uris: Sequence[str]


@dataclass(frozen=True)
class Code:
    """`session_id`: the session that it opened; None while unused."""

    client_id: str
    account_id: str
    redirect_uri: str
    challenge: str
    scopes: Sequence[str]
    amr: Sequence[str]
    device: str
    network: str
    session_id: str | None = None


@dataclass(frozen=True)
class Device:
    """`hasty`: it was asked about less than its interval ago."""

    client_id: str
    scopes: Sequence[str]
    device: str
    network: str
    account_id: str | None
    amr: Sequence[str]
    refused: bool
    expired: bool
    hasty: bool


async def add_client(tx: AsyncConnection, client: Client) -> None:
    await tx.execute(_ADD_CLIENT, vars(client))


async def client(tx: AsyncConnection, client_id: str) -> Client | None:
    row = (await tx.execute(_CLIENT, {"id": client_id})).one_or_none()
    return Client(*row) if row else None


async def add_code(tx: AsyncConnection, code: Code, code_sha256: bytes) -> None:
    await tx.execute(_ADD_CODE, {**vars(code), "code_sha256": code_sha256})


async def code(tx: AsyncConnection, code_sha256: bytes) -> Code | None:
    """Locked until the transaction ends, used or not."""
    row = (await tx.execute(_CODE, {"code_sha256": code_sha256})).one_or_none()
    return Code(*row) if row else None


async def use_code(tx: AsyncConnection, code_sha256: bytes, session_id: str) -> None:
    await tx.execute(_USE_CODE, {"code_sha256": code_sha256, "session_id": session_id})


async def add_device(
    tx: AsyncConnection, *, device_sha256: bytes, user_code: str, client_id: str, scopes: Sequence[str], device: str, network: str
) -> bool:
    """False when the user code is in use."""
    row = {"device_sha256": device_sha256, "user_code": user_code, "client_id": client_id, "device": device, "network": network}
    return (await tx.execute(_ADD_DEVICE, {**row, "scopes": list(scopes)})).first() is not None


async def answer(tx: AsyncConnection, user_code: str, account_id: str, amr: Sequence[str], *, refused: bool) -> str | None:
    """The client that waits; None when no such code waits."""
    return (await tx.execute(_ANSWER, {"user_code": user_code, "account_id": account_id, "amr": list(amr), "refused": refused})).scalar()


async def device(tx: AsyncConnection, device_sha256: bytes) -> Device | None:
    """Locked until the transaction ends."""
    row = (await tx.execute(_DEVICE, {"device_sha256": device_sha256})).one_or_none()
    return Device(*row) if row else None


async def polled(tx: AsyncConnection, device_sha256: bytes, *, slower_s: int = 0) -> None:
    await tx.execute(_POLLED, {"device_sha256": device_sha256, "slower_s": slower_s})


async def drop_device(tx: AsyncConnection, device_sha256: bytes) -> None:
    await tx.execute(_DROP_DEVICE, {"device_sha256": device_sha256})


async def forget_expired(tx: AsyncConnection) -> None:
    for statement in _SWEEP:
        await tx.execute(statement)
