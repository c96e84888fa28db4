"""Encryption for what must be kept for a while but not lie open in the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from kinora_kit.errors import FailedPrecondition


class ReplyExpired(FailedPrecondition):
    pass


class Envelope:
    """Fernet (AES-128-CBC and HMAC-SHA256) under a key derived from the platform's internal secret, another one for each purpose."""

    def __init__(self, internal_secret: bytes, purpose: str = "replies") -> None:
        key = hmac.digest(internal_secret, f"kinora identity {purpose} v1".encode(), hashlib.sha256)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, closed: str) -> str:
        """Raises ReplyExpired when the internal secret has changed since."""
        try:
            return self._fernet.decrypt(closed.encode()).decode()
        except InvalidToken as error:
            raise ReplyExpired("This request was answered before and its secret can no longer be shown; create another key.") from error
