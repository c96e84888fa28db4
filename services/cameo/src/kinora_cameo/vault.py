"""Packages of likeness: encrypted under a key of their own before they are stored."""

import asyncio
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from kinora_media.store import MediaMissing, MediaStore

from kinora_cameo.keyring import Master, Wrapped, seal, unseal

FOLDER = "cameos"


class PackageLost(Exception):
    """The encrypted package is missing or not what was stored: somebody changed the media store behind our back."""


@dataclass(frozen=True)
class Sealed:
    """Where the encrypted package lies, and the key that opens it."""

    blob: str
    key: Wrapped


class Vault:
    """AES-256-GCM under a fresh key per package; both the package and its wrapped key are bound to the cameo's id."""

    def __init__(self, media: MediaStore, master: Master) -> None:
        self._media, self._master = media, master

    async def put(self, cameo_id: str, blob: str, package: bytes) -> Sealed:
        """Stores `package` under the media key `blob`."""
        key = AESGCM.generate_key(256)
        encrypted = await asyncio.to_thread(seal, AESGCM(key), package, cameo_id)
        await self._media.put(blob, encrypted, content_type="application/octet-stream")
        return Sealed(blob, await self._master.wrap(key, cameo_id))

    async def open(self, cameo_id: str, sealed: Sealed) -> bytes:
        """Raises PackageLost, and MasterKeyInvalid."""
        key = await self._master.unwrap(sealed.key, cameo_id)
        try:
            return await asyncio.to_thread(unseal, AESGCM(key), await self._media.get(sealed.blob), cameo_id)
        except (MediaMissing, InvalidTag) as error:
            raise PackageLost(f"The package of {cameo_id} cannot be opened: {error!r}") from error


def folder(account_id: str, cameo_id: str = "") -> str:
    """Media folder of all packages of an account, or of one of its cameos."""
    return f"{FOLDER}/{account_id}/{cameo_id}".rstrip("/")
