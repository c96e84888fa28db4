"""One-time codes of authenticator apps (RFC 6238: SHA-1, 6 digits, 30 seconds), and recovery codes for when the app is lost."""

import hmac
import secrets
import struct
import time
from base64 import b32decode, b32encode
from urllib.parse import quote, urlencode

STEP_S, DIGITS = 30, 6
_DRIFT = 1  # steps that a clock may be wrong by
_RECOVERY = 10


def new_secret() -> str:
    """160 bits (RFC 4226 4) in base 32."""
    return b32encode(secrets.token_bytes(20)).decode()


def uri(secret: str, handle: str, host: str) -> str:
    return f"otpauth://totp/{quote(f'Kinora:{handle}@{host}')}?{urlencode({'secret': secret, 'issuer': 'Kinora'})}"


def code_at(secret: str, step: int) -> str:
    mac = hmac.digest(b32decode(secret), struct.pack(">Q", step), "sha1")
    number: int = struct.unpack_from(">I", mac, mac[-1] & 15)[0] & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, code: str, after: int, now: float | None = None) -> int | None:
    """The step whose code it is, later than step `after`, so that no code counts twice; None when it is none."""
    current = int((time.time() if now is None else now) // STEP_S)
    steps = [step for step in range(current - _DRIFT, current + _DRIFT + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())), None)


def new_recovery_codes() -> list[str]:
    """Ten of 60 bits each, in groups: xxxx-xxxx-xxxx."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return ["-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)) for _ in range(_RECOVERY)]
