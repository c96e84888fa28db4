"""Short-lived tokens for media URLs: who holds one may read one object until it expires."""

import binascii
import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

_LEAST = 32  # characters of one of several secrets


class BadToken(Exception):
    """The token is forged, malformed or expired."""


@dataclass(frozen=True)
class Signed:
    """What a token allows; `expires_at` in Unix seconds."""

    key: str
    content_type: str
    filename: str | None
    expires_at: int


class TokenSigner:
    """`base64url(JSON).base64url(HMAC-SHA256)`; the key is derived from the secret, so the secret's other uses cannot collide.

    Of several secrets (words of 32 characters or more) the first signs and all open.
    """

    def __init__(self, secret: bytes) -> None:
        words = secret.split()
        secrets = words if words and all(len(word) >= _LEAST for word in words) else [secret]
        self._keys = [hmac.digest(each, b"kinora media token v1", hashlib.sha256) for each in secrets]

    def seal(self, key: str, *, ttl_s: int, content_type: str, filename: str | None) -> str:
        fields = [key, content_type, filename, int(time.time()) + ttl_s]
        body = _encode(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())
        return f"{body}.{self._macs(body)[0]}"

    def open(self, token: str) -> Signed:
        body, _, mac = token.partition(".")
        # Compared as text: base64 has several spellings of the same bytes, and only ours may pass.
        if not token.isascii() or not any(hmac.compare_digest(mac, ours) for ours in self._macs(body)):
            raise BadToken("This media link is not ours.")
        signed = Signed(*json.loads(_decode(body)))
        if signed.expires_at < time.time():
            raise BadToken("This media link has expired; ask for a new one.")
        return signed

    def _macs(self, body: str) -> list[str]:
        return [_encode(hmac.digest(key, body.encode(), hashlib.sha256)) for key in self._keys]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise BadToken("This media link is not ours.") from error
