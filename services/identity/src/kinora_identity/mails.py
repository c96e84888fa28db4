"""Mails are rows, written in the transaction of what they tell about; a loop sends them."""

import asyncio
from dataclasses import dataclass

from kinora_kit import log
from kinora_kit.db import Database
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import mail_store, metrics
from kinora_identity.clients import Mail, MailRefused, Postman
from kinora_identity.envelope import Envelope, ReplyExpired
from kinora_identity.letters import Letter

_PER_HOUR = 5  # of one kind to one address: strangers may type anybody's
_MAX_TRIES = 12  # over two days
_BACKOFF_S, _LONGEST_S = 30, 6 * 3600
_log = log.get("kinora.identity")


@dataclass(frozen=True)
class Outgoing:
    """Puts mails into the box. Their words lie there in an envelope, since they hold tokens."""

    envelope: Envelope
    public_url: str

    async def add(self, tx: AsyncConnection, address: str, letter: Letter, *, send: bool = True) -> bool:
        """False beyond a few an hour to one address, which are dropped: kind by kind, so that what strangers cause does not drown what an
        owner needs. With `send` off the work is the same and no mail leaves.
        """
        if await mail_store.count_lately(tx, address, letter.subject) >= _PER_HOUR:
            _log.info("mail.too_many")
            return False
        await mail_store.add(tx, address=address, subject=letter.subject, closed_body=self.envelope.close(letter.body), send=send)
        return True


async def send_all(database: Database, envelope: Envelope, postman: Postman, poll_s: float) -> None:
    """Until cancelled. A mail may arrive twice when a sender dies, never less than once."""
    while True:
        row = await mail_store.take(database)
        if row is None:
            await asyncio.sleep(poll_s)
            continue
        await _send(database, envelope, postman, row.id, row.address, row.subject, row.closed_body, row.tries)


async def _send(
    database: Database, envelope: Envelope, postman: Postman, number: int, address: str, subject: str, closed: str, tries: int
) -> None:
    try:
        await postman.send(Mail(number, address, subject, envelope.open(closed)))
        metrics.MAILS.labels("sent").inc()
        _log.info("mail.sent", mail=number, tries=tries)
    except (MailRefused, ReplyExpired) as error:
        metrics.MAILS.labels("given_up").inc()
        _log.warning("mail.given_up", mail=number, error=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever a mail server does must not stop the other mails
        if tries < _MAX_TRIES:
            wait_s = min(_BACKOFF_S * 2 ** (tries - 1), _LONGEST_S)
            metrics.MAILS.labels("again").inc()
            _log.warning("mail.again", mail=number, tries=tries, again_in_s=wait_s, error=type(error).__name__)
            return await mail_store.later(database, number, wait_s)
        metrics.MAILS.labels("given_up").inc()
        _log.error("mail.given_up", mail=number, error=type(error).__name__)
    await mail_store.done(database, number)
    return None
