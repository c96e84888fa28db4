"""All SQL about the links of mails that lead to an account: to set a password, and to prove an address."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_FOR_PASSWORD = text("insert into password_links (token_sha256, account_id) select :token_sha256, id from accounts where id = :account_id")
_TAKE_FOR_PASSWORD = text("delete from password_links where token_sha256 = :token_sha256 and expires_at > now() returning account_id")
_FOR_EMAIL = text(
    "insert into email_links (token_sha256, account_id, email) values (:token_sha256, :account_id, :email) on conflict (account_id)"
    " do update set token_sha256 = excluded.token_sha256, email = excluded.email, expires_at = excluded.expires_at"
)
_WHOSE = text("select account_id from email_links where token_sha256 = :token_sha256 and expires_at > now()")
_TAKE_FOR_EMAIL = text("delete from email_links where token_sha256 = :token_sha256 and expires_at > now() returning account_id, email")
_FORGET = [text(f"delete from {table} where account_id = :account_id") for table in ("password_links", "email_links")]  # noqa: S608
_SWEEP = [text(f"delete from {table} where expires_at <= now()") for table in ("password_links", "email_links")]  # noqa: S608


async def add_for_password(tx: AsyncConnection, account_id: str, token_sha256: bytes) -> None:
    """None where there is no such account."""
    await tx.execute(_FOR_PASSWORD, {"account_id": account_id, "token_sha256": token_sha256})


async def take_for_password(tx: AsyncConnection, token_sha256: bytes) -> str | None:
    """Whose it was, once."""
    return (await tx.execute(_TAKE_FOR_PASSWORD, {"token_sha256": token_sha256})).scalar()


async def add_for_email(tx: AsyncConnection, account_id: str, email: str, token_sha256: bytes) -> None:
    """One an account: another replaces it."""
    await tx.execute(_FOR_EMAIL, {"account_id": account_id, "email": email, "token_sha256": token_sha256})


async def whose(tx: AsyncConnection, token_sha256: bytes) -> str:
    """The account that a link for an address belongs to, empty when there is no such link."""
    return (await tx.execute(_WHOSE, {"token_sha256": token_sha256})).scalar() or ""


async def take_for_email(tx: AsyncConnection, token_sha256: bytes) -> tuple[str, str] | None:
    """Account and address, once."""
    row = (await tx.execute(_TAKE_FOR_EMAIL, {"token_sha256": token_sha256})).one_or_none()
    return (row.account_id, row.email) if row else None


async def forget(tx: AsyncConnection, account_id: str) -> None:
    """What was asked for before the owner took the account in hand does not count after it."""
    for statement in _FORGET:
        await tx.execute(statement, {"account_id": account_id})


async def forget_expired(tx: AsyncConnection) -> None:
    for statement in _SWEEP:
        await tx.execute(statement)
