"""Who carries our mails away, and who looks at clips."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

import aiosmtplib
import grpc
from kinora.likeness.v1 import likeness_service_pb2 as likeness
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceStub
from kinora_kit import identity, log
from kinora_kit.errors import remote_errors

from kinora_identity.liveness.domain import Liveness
from kinora_identity.settings import Settings

ANALYSIS_S = 120.0
"""The longest that a clip may be looked at."""
_TIMEOUT_S = 30.0
_log = log.get("kinora.identity")


class MailRefused(Exception):
    """For good: another try would fare no better."""


@dataclass(frozen=True)
class Mail:
    """`number` is the same when a mail is sent again, so that mailboxes can tell."""

    number: int
    address: str
    subject: str
    body: str


class Postman(Protocol):
    async def send(self, mail: Mail) -> None:
        """Raises MailRefused; any other exception means that a later try may succeed."""

    async def forget(self, address: str) -> None:
        """What is left here of mails to the address goes."""


def postman(settings: Settings, state_dir: Path) -> Postman:
    return SmtpPostman(settings) if settings.smtp_host else FolderPostman(settings, state_dir / "mails")


class SmtpPostman:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, mail: Mail) -> None:
        wanted = self._settings
        try:
            await aiosmtplib.send(
                message(mail, wanted.mail_from), hostname=wanted.smtp_host, port=wanted.smtp_port, timeout=_TIMEOUT_S,
                username=wanted.smtp_user or None, password=wanted.smtp_password.get_secret_value() or None,
                use_tls=wanted.smtp_tls == "tls", start_tls=wanted.smtp_tls == "starttls",
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(refusal.code >= 500 for refusal in error.recipients):
                raise MailRefused(str(error)) from error
            raise

    async def forget(self, address: str) -> None:
        """Nothing is left here of a mail that was sent."""


class FolderPostman:
    """Where there is no mail server: each mail is a file that only this user can read."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder

    async def send(self, mail: Mail) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{mail.number:06d}.eml"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(message(mail, self._settings.mail_from)))
        _log.info("mail.written", path=str(path))

    async def forget(self, address: str) -> None:
        for path in self._folder.glob("*.eml"):
            if message_from_bytes(path.read_bytes(), policy=policy.default)["To"].lower() == address.lower():
                path.unlink(missing_ok=True)


def message(mail: Mail, sender: str) -> EmailMessage:
    name, address = parseaddr(sender)
    made = EmailMessage()
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=mail.address)
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<{mail.number}.mail@{address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    # As it is where it can be: quoted-printable breaks links for who opens the file.
    made.set_content(mail.body, cte="7bit" if mail.body.isascii() else "quoted-printable")
    return made


class Likeness:
    """The likeness service. Raises RemoteError."""

    def __init__(self, channel: grpc.aio.Channel, secret: bytes) -> None:
        self._stub = LikenessServiceStub(channel)
        self._secret = secret

    async def make_challenge(self, language: str, needs: Sequence[str]) -> likeness.MakeChallengeResponse:
        request = likeness.MakeChallengeRequest(language=language, needs=likeness.Needs(**dict.fromkeys(needs, True)))
        with remote_errors():
            return await self._stub.MakeChallenge(request, metadata=self._signed())

    async def analyse(self, session: Liveness) -> likeness.AnalyseClipResponse:
        """Takes seconds."""
        request = likeness.AnalyseClipRequest(
            clip_key=session.clip_key, challenge_json=session.challenge_json, reveals=session.reveals,
            received_s=session.received_s, typed=session.typed,
        )  # fmt: skip
        with remote_errors():
            return await self._stub.AnalyseClip(request, metadata=self._signed(), timeout=ANALYSIS_S)

    def _signed(self) -> Sequence[tuple[str, str]]:
        return identity.metadata(identity.Identity("identity", "service"), self._secret)
