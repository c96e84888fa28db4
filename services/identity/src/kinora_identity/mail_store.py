"""All SQL about mails."""

from kinora_kit.db import Database
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

LEASE_S = 120
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('kinora.mails.' || lower(:address), 0))")
_LATELY = text(
    "select count(*) from mails where lower(address) = lower(:address) and subject = :subject and created_at > now() - interval '1 hour'"
)
_ADD = text(
    "insert into mails (address, subject, closed_body, done_at)"
    " values (:address, :subject, :closed_body, case when :send then null else now() end)"
)
# Taken for the time of a lease: a sender that dies is followed by another.
_TAKE = text(
    "update mails set tries = tries + 1, due_at = now() + make_interval(secs => :lease_s) where id ="
    " (select id from mails where done_at is null and due_at <= now() order by due_at limit 1 for update skip locked)"
    " returning id, address, subject, closed_body, tries"
)
_DONE = text("update mails set done_at = now(), closed_body = null where id = :id")
_LATER = text("update mails set due_at = now() + make_interval(secs => :wait_s) where id = :id")
_SWEEP = text("delete from mails where done_at < now() - interval '1 hour'")


async def count_lately(tx: AsyncConnection, address: str, subject: str) -> int:
    """Mails of that subject to the address within the hour; nobody else adds any until the transaction ends."""
    await tx.execute(_LOCK, {"address": address})
    count: int = (await tx.execute(_LATELY, {"address": address, "subject": subject})).scalar_one()
    return count


async def add(tx: AsyncConnection, *, address: str, subject: str, closed_body: str, send: bool) -> None:
    """One that is not to be sent is as one that was."""
    await tx.execute(_ADD, {"address": address, "subject": subject, "closed_body": closed_body, "send": send})


async def take(database: Database) -> Row[tuple[int, str, str, str, int]] | None:
    """The mail that has been due longest: id, address, subject, closed_body, tries."""
    async with database.begin() as tx:
        return (await tx.execute(_TAKE, {"lease_s": LEASE_S})).one_or_none()


async def done(database: Database, mail_id: int) -> None:
    """Its words are forgotten at once, the rest by the housekeeping."""
    async with database.begin() as tx:
        await tx.execute(_DONE, {"id": mail_id})


async def forget_done(tx: AsyncConnection) -> None:
    """An hour after."""
    await tx.execute(_SWEEP)


async def later(database: Database, mail_id: int, wait_s: float) -> None:
    async with database.begin() as tx:
        await tx.execute(_LATER, {"id": mail_id, "wait_s": wait_s})
