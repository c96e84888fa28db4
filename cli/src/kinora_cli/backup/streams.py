"""Bytes on their way, measured as they pass."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import IO

import obstore

from kinora_cli.backup.store import Store

CHUNK = 4 * 1024 * 1024
_MULTIPART_FROM = 8 * CHUNK  # bytes; what is smaller is put in one request


class Measured:
    """`size` in bytes and `sha256` in hex of what has passed."""

    def __init__(self) -> None:
        self.size, self._hash = 0, hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def of(self, chunk: bytes) -> bytes:
        self.size += len(chunk)
        self._hash.update(chunk)
        return chunk

    def file(self, source: IO[bytes]) -> Iterator[bytes]:
        while chunk := source.read(CHUNK):
            yield self.of(chunk)

    async def object(self, found: "obstore.GetResult") -> AsyncIterator[bytes]:
        async for chunk in found.stream(CHUNK):
            yield self.of(bytes(chunk))


async def copy(source: Store, key: str, target: Store, to: str, *, content_type: str, size: int) -> Measured:
    """Raises FileNotFoundError when it is gone."""
    measured = Measured()
    attributes = {"Content-Type": content_type} if isinstance(target, obstore.store.S3Store) else None
    chunks = measured.object(await obstore.get_async(source, key))
    await obstore.put_async(target, to, chunks, attributes=attributes, use_multipart=size >= _MULTIPART_FROM)
    return measured


async def measure(store: Store, key: str) -> Measured:
    """Reads the object. Raises FileNotFoundError."""
    measured = Measured()
    async for _ in measured.object(await obstore.get_async(store, key)):
        await asyncio.sleep(0)
    return measured
