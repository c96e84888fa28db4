"""A mail server that keeps what it is given."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class Mailbox:
    """Every mail that arrived, by address. `refusal` is answered instead of taking a mail, once for each entry."""

    def __init__(self) -> None:
        self.port = 0
        self.refusals: list[str] = []
        self._mails: dict[str, list[EmailMessage]] = {}
        self._arrived = asyncio.Condition()

    async def next(self, address: str, *, subject: str = "", timeout_s: float = 10) -> str:
        """The words of the next mail to `address` whose subject begins so. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s), self._arrived:
            while True:
                for mail in self._mails.get(address, []):
                    if mail["Subject"].startswith(subject):
                        self._mails[address].remove(mail)
                        return str(mail.get_content())
                await self._arrived.wait()

    async def token(self, address: str, *, subject: str = "") -> str:
        """The token in the next mail's link."""
        found = re.search(r"token=(\w+)", await self.next(address, subject=subject))
        assert found is not None, "the mail holds no link"  # noqa: S101 - it is for tests
        return found[1]

    def waiting(self, address: str) -> int:
        return len(self._mails.get(address, []))

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd names it
        if self.refusals:
            return self.refusals.pop(0)
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - by the policy
        async with self._arrived:
            for address in envelope.rcpt_tos:
                self._mails.setdefault(address, []).append(mail)
            self._arrived.notify_all()
        return "250 taken"


@asynccontextmanager
async def mail_server() -> AsyncIterator[Mailbox]:
    """On a free loopback port, without TLS."""
    mailbox, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    yield mailbox
    server.close()
    await server.wait_closed()
