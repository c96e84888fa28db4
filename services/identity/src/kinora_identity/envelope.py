"""Encryption for what must be kept for a while but not lie open in the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from kinora_kit.errors import FailedPrecondition
from kinora_kit.identity import each


class ReplyExpired(FailedPrecondition):
    pass


class Envelope:
    """Fernet (AES-128-CBC and HMAC-SHA256) under a key derived from the platform's internal secret, another one for each purpose.

    Of several secrets the first closes and all open.
    """

    def __init__(self, internal_secret: bytes, purpose: str = "replies") -> None:
        keys = [hmac.digest(secret, f"kinora identity {purpose} v1".encode(), hashlib.sha256) for secret in each(internal_secret)]
        fernets = [Fernet(urlsafe_b64encode(key)) for key in keys]
        self._newest, self._all = fernets[0], MultiFernet(fernets)
        self.renews = len(fernets) > 1

    def close(self, text: str) -> str:
        return self._newest.encrypt(text.encode()).decode()

    def open(self, closed: str) -> str:
        """Raises ReplyExpired when the internal secret has changed since."""
        try:
            return self._all.decrypt(closed.encode()).decode()
        except InvalidToken as error:
            raise ReplyExpired("This request was answered before and its secret can no longer be shown; create another key.") from error

    def renewed(self, closed: str) -> str | None:
        """Closed by the newest secret; None where it is already, or no secret opens it."""
        try:
            self._newest.decrypt(closed.encode())
        except InvalidToken:
            with suppress(InvalidToken):
                return self._all.rotate(closed.encode()).decode()
        return None
