"""All SQL about accounts and keys."""
# ruff: noqa: S608 - only the column lists above are put into statements

from collections.abc import Sequence
from datetime import date

from kinora_kit.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.domain import Account, ApiKey

_ACCOUNT = "id, handle, display_name, role, created_at, birth_date"
_KEY = "k.id, k.account_id, k.name, k.prefix, k.scopes, k.created_at, k.revoked_at"
_FIRST_START = text("select pg_advisory_xact_lock(hashtextextended('kinora.identity.first_start', 0))")
_ANY_ACCOUNT = text("select exists (select from accounts)")
_ADD_ACCOUNT = text(
    f"insert into accounts (id, handle, display_name, role) values (:id, :handle, :display_name, :role)"
    f" on conflict (handle) do nothing returning {_ACCOUNT}"
)
_GET_ACCOUNT = text(f"select {_ACCOUNT} from accounts where id = :id")
_BY_HANDLE = text(f"select {_ACCOUNT} from accounts where handle = :handle")
_NAMED = text(f"select {_ACCOUNT} from accounts where id = any(:ids)")
_FURNISH = text(
    "update accounts set email = :email, password_hash = :password_hash, birth_date = :birth_date, invited_by = :invited_by"
    f" where id = :id returning {_ACCOUNT}"
)
_SET_ROLE = text(f"update accounts set role = :role where id = :id returning {_ACCOUNT}")
_SET_NAME = text(f"update accounts set display_name = :display_name where id = :id returning {_ACCOUNT}")
_SET_EMAIL = text("update accounts set email = :email where id = :id")
_LOCK_EMAIL = text("select pg_advisory_xact_lock(hashtextextended('kinora.identity.email.' || lower(:email), 0))")
_HAS_EMAIL = text("select exists (select from accounts where lower(email) = lower(:email))")
_EMAIL_OF = text("select email from accounts where id = :id")
_LOCK_ACCOUNT = text("select 1 from accounts where id = :id for update")
_ADD_KEY = text(
    f"insert into api_keys as k (id, account_id, name, prefix, secret_sha256, scopes)"
    f" values (:id, :account_id, :name, :prefix, :secret_sha256, :scopes) returning {_KEY}"
)
_WORKING_KEYS = text("select count(*) from api_keys where account_id = :account_id and revoked_at is null")
_LIST_KEYS = text(f"select {_KEY} from api_keys k where account_id = :account_id order by id desc limit 1000")
_KEY_BY_ID = text(f"select {_KEY} from api_keys k where id = :id for update")
_REVOKE = text(f"update api_keys k set revoked_at = now() where id = :id returning {_KEY}")
_BY_SECRET = text(
    f"select {_KEY}, a.handle, a.display_name, a.role, a.created_at as account_created_at, a.birth_date"
    " from api_keys k join accounts a on a.id = k.account_id where k.secret_sha256 = :secret_sha256"
)


async def is_first_start(tx: AsyncConnection) -> bool:
    """True while there is no account; another start waits until this transaction has ended."""
    await tx.execute(_FIRST_START)
    return not (await tx.execute(_ANY_ACCOUNT)).scalar_one()


async def add_account(tx: AsyncConnection, *, handle: str, display_name: str, role: str) -> Account | None:
    """None when the handle is taken."""
    row = {"id": f"acct_{uuid7().hex}", "handle": handle, "display_name": display_name, "role": role}
    added = (await tx.execute(_ADD_ACCOUNT, row)).one_or_none()
    return Account(*added) if added else None


async def get_account(tx: AsyncConnection, account_id: str) -> Account | None:
    found = (await tx.execute(_GET_ACCOUNT, {"id": account_id})).one_or_none()
    return Account(*found) if found else None


async def named(tx: AsyncConnection, ids: Sequence[str]) -> list[Account]:
    """Those that there are."""
    return [Account(*row) for row in await tx.execute(_NAMED, {"ids": list(ids)})]


async def by_handle(tx: AsyncConnection, handle: str) -> Account | None:
    found = (await tx.execute(_BY_HANDLE, {"handle": handle})).one_or_none()
    return Account(*found) if found else None


async def furnish_account(
    tx: AsyncConnection, account_id: str, *, email: str, password_hash: str, birth_date: date, invited_by: str | None
) -> Account:
    """What a person brings along who signs up."""
    row = {"id": account_id, "email": email, "password_hash": password_hash, "birth_date": birth_date, "invited_by": invited_by}
    return Account(*(await tx.execute(_FURNISH, row)).one())


async def set_role(tx: AsyncConnection, account_id: str, role: str) -> Account | None:
    changed = (await tx.execute(_SET_ROLE, {"id": account_id, "role": role})).one_or_none()
    return Account(*changed) if changed else None


async def set_name(tx: AsyncConnection, account_id: str, display_name: str) -> Account | None:
    changed = (await tx.execute(_SET_NAME, {"id": account_id, "display_name": display_name})).one_or_none()
    return Account(*changed) if changed else None


async def set_email(tx: AsyncConnection, account_id: str, email: str) -> None:
    await tx.execute(_SET_EMAIL, {"id": account_id, "email": email})


async def lock_email(tx: AsyncConnection, email: str) -> None:
    """Until the transaction ends nobody else gives the address to an account."""
    await tx.execute(_LOCK_EMAIL, {"email": email})


async def has_email(tx: AsyncConnection, email: str) -> bool:
    found: bool = (await tx.execute(_HAS_EMAIL, {"email": email})).scalar_one()
    return found


async def email_of(tx: AsyncConnection, account_id: str) -> str:
    """Empty when the account has none."""
    return (await tx.execute(_EMAIL_OF, {"id": account_id})).scalar() or ""


async def lock_account(tx: AsyncConnection, account_id: str) -> bool:
    """Until the transaction ends nobody else adds keys to the account; False when there is none."""
    return (await tx.execute(_LOCK_ACCOUNT, {"id": account_id})).first() is not None


async def add_key(tx: AsyncConnection, *, account_id: str, name: str, prefix: str, secret_sha256: bytes, scopes: Sequence[str]) -> ApiKey:
    row = {"id": f"key_{uuid7().hex}", "account_id": account_id, "name": name, "prefix": prefix, "scopes": list(scopes)}
    return ApiKey(*(await tx.execute(_ADD_KEY, {**row, "secret_sha256": secret_sha256})).one())


async def count_working_keys(tx: AsyncConnection, account_id: str) -> int:
    count: int = (await tx.execute(_WORKING_KEYS, {"account_id": account_id})).scalar_one()
    return count


async def list_keys(tx: AsyncConnection, account_id: str) -> list[ApiKey]:
    """Newest first: the ids begin with their time."""
    return [ApiKey(*row) for row in await tx.execute(_LIST_KEYS, {"account_id": account_id})]


async def get_key(tx: AsyncConnection, key_id: str) -> ApiKey | None:
    """Locks the key until the transaction ends."""
    found = (await tx.execute(_KEY_BY_ID, {"id": key_id})).one_or_none()
    return ApiKey(*found) if found else None


async def revoke_key(tx: AsyncConnection, key_id: str) -> ApiKey:
    return ApiKey(*(await tx.execute(_REVOKE, {"id": key_id})).one())


async def find_by_secret(tx: AsyncConnection, secret_sha256: bytes) -> tuple[ApiKey, Account] | None:
    row = (await tx.execute(_BY_SECRET, {"secret_sha256": secret_sha256})).one_or_none()
    if row is None:
        return None
    return ApiKey(*row[:7]), Account(row.account_id, row.handle, row.display_name, row.role, row.account_created_at, row.birth_date)
