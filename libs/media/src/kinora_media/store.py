"""The object store: one folder or one bucket behind the same few verbs."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from kinora_media.token import Signed, TokenSigner

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_CHUNK = 256 * 1024
_PATIENCE = timedelta(seconds=30)  # with a bucket that does not answer: as long as one small server needs to come back
Delivery = Literal["direct", "gateway"]
_TYPES = {
    ".mp4": "video/mp4",
    ".mkv": "video/x-matroska",
    ".webm": "video/webm",
    ".zip": "application/zip",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".vtt": "text/vtt",
    ".json": "application/json",
}


class MediaMissing(Exception):
    """Nothing is stored under the key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Nothing is stored under {key!r}.")
        self.key = key


class MediaUnavailable(Exception):
    """The store does not answer, or refuses us; the message says why."""


@dataclass(frozen=True)
class Meta:
    """What is known of an object without reading it; `size` in bytes."""

    size: int
    etag: str
    content_type: str


def check_key(key: str) -> str:
    """Returns the key; raises ValueError unless it is 1-512 of `A-Za-z0-9._-` in `/`-separated names, none starting with a dot."""
    if len(key) > 512 or not _KEY.fullmatch(key):
        raise ValueError(
            f"{key!r} is no media key: names of A-Z a-z 0-9 . _ - separated by '/', none starting with a dot, 512 characters at most."
        )
    return key


def content_type_of(key: str) -> str:
    """Guessed from the suffix, for stores that keep no types."""
    return _TYPES.get(Path(key).suffix, "application/octet-stream")


class MediaStore:
    """Puts are atomic: a reader sees the old object or the new one, never half of one.

    `put_now`, `get_now` and `head_now` are for threads without an event loop (the engine's process).
    Every verb raises ValueError for a malformed key, and MediaUnavailable; reading verbs raise MediaMissing.
    """

    def __init__(self, store: LocalStore | S3Store, signer: TokenSigner, public_url: str, delivery: Delivery = "direct") -> None:
        self._store = store
        self._signer = signer
        self._public_url = public_url.rstrip("/")
        self._bucket = store if isinstance(store, S3Store) and delivery == "direct" else None  # that clients reach themselves

    @classmethod
    def open(cls, url: str, *, signing_secret: bytes, public_url: str, delivery: Delivery = "direct") -> Self:
        """`url` is `file:///folder` or `s3://bucket/prefix`; S3 reads endpoint and credentials from the AWS_* environment.

        `delivery` of what lies in a bucket: "direct" from there, "gateway" where clients cannot reach it.
        """
        return cls(_open(url), TokenSigner(signing_secret), public_url, delivery)

    def put_now(self, key: str, data: bytes | Path, *, content_type: str) -> None:
        with _told(None):
            obstore.put(self._store, check_key(key), data, attributes=self._attributes(content_type))

    async def put(self, key: str, data: bytes | Path, *, content_type: str) -> None:
        with _told(None):
            await obstore.put_async(self._store, check_key(key), data, attributes=self._attributes(content_type))

    def get_now(self, key: str) -> bytes:
        with _told(key):
            return bytes(obstore.get(self._store, check_key(key)).bytes())

    async def get(self, key: str) -> bytes:
        return await asyncio.to_thread(self.get_now, key)

    async def copy(self, key: str, to: str) -> None:
        """Puts the object under another key too, without reading it here."""
        with _told(key):
            await obstore.copy_async(self._store, check_key(key), check_key(to))

    async def fetch(self, key: str, to: Path) -> None:
        """Copies the object into the local file `to`, without holding it in memory."""
        await asyncio.to_thread(self._fetch, key, to)

    def _fetch(self, key: str, to: Path) -> None:
        with _told(key):
            source = obstore.get(self._store, check_key(key))
        with to.open("wb") as target, _told(key):
            for chunk in source.stream(_CHUNK):
                target.write(chunk)

    async def head(self, key: str) -> Meta:
        return await asyncio.to_thread(self.head_now, key)

    def head_now(self, key: str) -> Meta:
        with _told(key):
            found = obstore.get(self._store, check_key(key), options={"head": True})
        stored_type = found.attributes.get("Content-Type")
        return Meta(found.meta["size"], (found.meta["e_tag"] or "").strip('"'), stored_type or content_type_of(key))

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yields the bytes `start` to `end` (not included; the object's end when None) in chunks; `start` must lie inside the object."""
        if end is not None and end <= start:
            return
        span: obstore.GetOptions = {} if end is None and start == 0 else {"range": {"offset": start} if end is None else (start, end)}
        with _told(key):
            found = await obstore.get_async(self._store, check_key(key), options=span)
            async for chunk in found.stream(_CHUNK):
                yield chunk

    async def delete(self, *keys: str) -> None:
        """A key that is already gone is fine."""
        for key in keys:
            with _told(key), suppress(FileNotFoundError):
                await obstore.delete_async(self._store, check_key(key))

    async def delete_prefix(self, prefix: str) -> None:
        """Deletes everything below the folder `prefix`."""
        await self.delete(*await self.list(prefix))

    async def list(self, prefix: str) -> list[str]:
        """The keys of everything below the folder `prefix`."""
        with _told(None):
            listing = obstore.list(self._store, check_key(prefix.rstrip("/")))
            return [meta["path"] async for batch in listing for meta in batch]

    async def older(self, prefix: str, age: timedelta) -> AsyncIterator[str]:
        """Keys below the folder `prefix` of what was last put at least `age` ago."""
        until = datetime.now(UTC) - age
        with _told(None):
            async for batch in obstore.list(self._store, check_key(prefix.rstrip("/"))):
                for meta in batch:
                    if meta["last_modified"] <= until:
                        yield meta["path"]

    def sign(self, key: str, *, ttl_s: int, content_type: str, filename: str | None = None) -> str:
        """A URL that serves the object to anyone for `ttl_s` seconds; with `filename` the browser saves it under that name.

        A bucket that is delivered from signs its own URLs. They cannot name the file, so a named download goes through the gateway's
        /media route, as every other download does.
        """
        if self._bucket and filename is None:
            return obstore.sign(self._bucket, "GET", check_key(key), timedelta(seconds=ttl_s))
        token = self._signer.seal(check_key(key), ttl_s=ttl_s, content_type=content_type, filename=filename)
        return f"{self._public_url}/media/{token}"

    def open_token(self, token: str) -> Signed:
        """Reads the token of a /media URL; raises BadToken when it is forged, malformed or expired."""
        return self._signer.open(token)

    def _attributes(self, content_type: str) -> dict[str, str] | None:
        # A file system has no place for attributes and refuses them; the key's suffix tells the type there.
        return None if isinstance(self._store, LocalStore) else {"Content-Type": content_type}


@contextmanager
def _told(key: str | None) -> Iterator[None]:
    """The store's errors in our words. No key: that nothing is found can only be the store's fault, e.g. a bucket that nobody made."""
    try:
        yield
    except FileNotFoundError as missing:
        raise MediaMissing(key) if key else MediaUnavailable(_first_line(missing)) from missing
    except BaseError as error:
        raise MediaUnavailable(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    """What follows is for debugging."""
    return str(error).partition("\n")[0].strip()


def _open(url: str) -> LocalStore | S3Store:
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return LocalStore(unquote(parts.path), mkdir=True, automatic_cleanup=True)
    if parts.scheme == "s3" and parts.netloc:
        # Ten tries, which are the default, are over in three seconds where connections are refused.
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            retry_config={"max_retries": 1000, "retry_timeout": _PATIENCE, "backoff": {"max_backoff": timedelta(seconds=2)}},
        )
    raise ValueError(f"{url!r} is no media store: use file:///folder or s3://bucket/prefix.")
