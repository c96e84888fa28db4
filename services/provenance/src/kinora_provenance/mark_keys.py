"""Keys of the invisible marks: the operator's, or made on first start. Who has one can read and forge our marks."""

import secrets
from pathlib import Path

from kinora_marks.keys import KeyRing

from kinora_provenance import secret_files

_BYTES = 32


class MarkKeysInvalid(Exception):
    """The keys cannot be used; the message tells the operator why, and holds no key."""


def ring(written: str, folder: Path) -> KeyRing:
    """Of "2:<hex> 1:<hex>", the current key first; when nothing is written, of the file `keys` in `folder`, made where needed."""
    source = "PROVENANCE_MARK_KEYS" if written else str(folder / "keys")
    try:
        return KeyRing.parse(written or _kept(folder))
    except ValueError as error:
        raise MarkKeysInvalid(f"{source}: {error}") from None


def text(keys: KeyRing) -> str:
    """As `ring` reads them."""
    return " ".join(f"{key.number}:{key.secret.hex()}" for key in keys)


def _kept(folder: Path) -> str:
    path = folder / "keys"
    with secret_files.locked(folder):
        if not path.exists():
            secret_files.write(path, f"1:{secrets.token_hex(_BYTES)}\n".encode())
        return path.read_text()
