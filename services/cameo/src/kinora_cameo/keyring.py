"""Master keys: they wrap the data key of each cameo, and never touch a likeness themselves."""

import fcntl
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES, NONCE_BYTES = 32, 12
FILE = "cameo_master.key"


class MasterKeyInvalid(Exception):
    """The master keys cannot be used; the message tells the operator why."""


@dataclass(frozen=True)
class Wrapped:
    """A data key that only the master key of that id opens."""

    master_id: str
    key: bytes


class Master(Protocol):
    """What a key management service has to do. `context` is bound to the wrapped key and not secret."""

    async def wrap(self, key: bytes, context: str) -> Wrapped: ...

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        """Raises MasterKeyInvalid."""


class Keyring:
    """Master keys (AES-256-GCM) in this process's memory; the last one wraps, all unwrap."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        for key_id, key in keys.items():
            if len(key) != KEY_BYTES:
                raise MasterKeyInvalid(f"The master key {key_id!r} has {len(key)} bytes; {KEY_BYTES} are needed.")
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._newest = list(keys)[-1]

    async def wrap(self, key: bytes, context: str) -> Wrapped:
        return Wrapped(self._newest, seal(self._keys[self._newest], key, context))

    async def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        if wrapped.master_id not in self._keys:
            raise MasterKeyInvalid(f"The master key {wrapped.master_id!r} is not in the ring; add it to CAMEO_MASTER_KEYS.")
        try:
            return unseal(self._keys[wrapped.master_id], wrapped.key, context)
        except InvalidTag as error:
            raise MasterKeyInvalid(f"The master key {wrapped.master_id!r} is not the one that wrapped this data key.") from error


def seal(cipher: AESGCM, data: bytes, context: str) -> bytes:
    """Nonce and ciphertext; only the same context opens it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, context.encode())


def unseal(cipher: AESGCM, sealed: bytes, context: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag."""
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())


def given(keys: Mapping[str, str]) -> Keyring:
    """From base64 texts by id. Raises MasterKeyInvalid."""
    try:
        return Keyring({key_id: b64decode(text, validate=True) for key_id, text in keys.items()})
    except ValueError as error:
        raise MasterKeyInvalid("CAMEO_MASTER_KEYS must hold 32 bytes in base64 by id.") from error


def local(folder: Path) -> Keyring:
    """The ring of a Kinora without keys of its own: one key in a private file, made when it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read().strip()
        if not text:
            text = b64encode(secrets.token_bytes(KEY_BYTES)).decode()
            file.write(text + "\n")
    return given({"local": text})
