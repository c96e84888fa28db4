"""All SQL about passkeys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PASSKEY = "id, account_id, name, public_key, sign_count, created_at, last_used_at"
_ADD_CHALLENGE = text("insert into passkey_challenges (challenge, purpose, account_id) values (:challenge, :purpose, :account_id)")
_TAKE_CHALLENGE = text(
    "delete from passkey_challenges where challenge = :challenge and purpose = :purpose and account_id = :account_id"
    " and expires_at > now() returning 1"
)
_SWEEP = text("delete from passkey_challenges where expires_at <= now()")
_ADD = text(
    "insert into passkeys (id, account_id, name, public_key, sign_count)"  # noqa: S608 - column lists from above
    f" values (:id, :account_id, :name, :public_key, :sign_count) on conflict do nothing returning {_PASSKEY}"
)
_GET = text(f"select {_PASSKEY} from passkeys where id = :id for update")  # noqa: S608
_LIST = text(f"select {_PASSKEY} from passkeys where account_id = :account_id order by created_at, id")  # noqa: S608
_USED = text("update passkeys set sign_count = :sign_count, last_used_at = now() where id = :id")
_REMOVE = text("delete from passkeys where id = :id and account_id = :account_id returning 1")


@dataclass(frozen=True)
class Passkey:
    """`id`: base64url. `public_key`: COSE."""

    id: str
    account_id: str
    name: str
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


async def add_challenge(tx: AsyncConnection, challenge: bytes, purpose: str, account_id: str) -> None:
    await tx.execute(_ADD_CHALLENGE, {"challenge": challenge, "purpose": purpose, "account_id": account_id})


async def take_challenge(tx: AsyncConnection, challenge: bytes, purpose: str, account_id: str) -> bool:
    """Once: False when it was not given for this, was answered, or is more than five minutes old."""
    row = {"challenge": challenge, "purpose": purpose, "account_id": account_id}
    return (await tx.execute(_TAKE_CHALLENGE, row)).first() is not None


async def forget_expired(tx: AsyncConnection) -> None:
    await tx.execute(_SWEEP)


async def add(tx: AsyncConnection, *, passkey_id: str, account_id: str, name: str, public_key: bytes, sign_count: int) -> Passkey | None:
    """None when the passkey is known already."""
    row = {"id": passkey_id, "account_id": account_id, "name": name, "public_key": public_key, "sign_count": sign_count}
    added = (await tx.execute(_ADD, row)).one_or_none()
    return Passkey(*added) if added else None


async def get(tx: AsyncConnection, passkey_id: str) -> Passkey | None:
    """Locked until the transaction ends."""
    row = (await tx.execute(_GET, {"id": passkey_id})).one_or_none()
    return Passkey(*row) if row else None


async def list_of(tx: AsyncConnection, account_id: str) -> list[Passkey]:
    """Oldest first."""
    return [Passkey(*row) for row in await tx.execute(_LIST, {"account_id": account_id})]


async def used(tx: AsyncConnection, passkey_id: str, sign_count: int) -> None:
    await tx.execute(_USED, {"id": passkey_id, "sign_count": sign_count})


async def remove(tx: AsyncConnection, account_id: str, passkey_id: str) -> bool:
    return (await tx.execute(_REMOVE, {"id": passkey_id, "account_id": account_id})).first() is not None
