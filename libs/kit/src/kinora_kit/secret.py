"""The form of every secret that we hand out: a prefix that says what it is, 32 random characters, 6 characters of checksum.

The checksum proves nothing. It lets a mistyped secret be told from a wrong one without asking the database, and lets secret scanners
report leaks without false alarms.
"""

import hashlib
import re
import secrets
import string
import zlib

API_KEY, MAIL_TOKEN, REFRESH_TOKEN, OAUTH_CODE, DEVICE_CODE = "kn", "km", "kr", "kc", "kd"
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM = 32  # 190 bits
_CHECKSUM = 6  # 62^6 > 2^32
_FORM = re.compile(rf"([a-z]{{2}})_([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECKSUM}}})")
SHOWN = 9
"""How many first characters are kept to recognise a key by: 6 of its 32 random ones."""


def new_secret(kind: str = API_KEY) -> str:
    """A fresh secret, 41 characters."""
    random = "".join(secrets.choice(_BASE62) for _ in range(_RANDOM))
    return f"{kind}_{random}{_checksum(random)}"


def is_well_formed(secret: str, kind: str = API_KEY) -> bool:
    found = _FORM.fullmatch(secret)
    return found is not None and found[1] == kind and _checksum(found[2]) == found[3]


def digest(secret: str) -> bytes:
    """What is stored. One SHA-256 is enough: nobody can guess through 190 random bits, so slowness as for passwords would buy nothing."""
    return hashlib.sha256(secret.encode()).digest()


def _checksum(random: str) -> str:
    number, letters = zlib.crc32(random.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        letters += _BASE62[digit]
    return letters
