"""Clips and pictures that go on to be looked at elsewhere: put on disk as they arrive, limited, told by their first bytes, stored."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from fastapi import Request
from kinora_media.store import MediaMissing, MediaStore
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from kinora_gateway import body, forms
from kinora_gateway.errors import ApiError, invalid, renamed
from kinora_gateway.session import Session

R = TypeVar("R")
B = TypeVar("B", bound=BaseModel)
_HEAD = 16
CLIPS = {".mp4": "video/mp4", ".webm": "video/webm"}
PICTURES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
_REFUSED = {400, 403, 404, 409}  # the service has it, and wants none of it


@dataclass(frozen=True)
class Clip:
    """A file that arrived whole; `suffix` as its first bytes say."""

    path: Path
    suffix: str
    content_type: str
    sha256: str
    param: str
    """How the client calls it."""


def allow(request: Request, session: Session) -> None:
    """Larger bodies than elsewhere; to be said before anything is read."""
    request.state.max_body_bytes = session.gateway.settings.max_clip_bytes


@asynccontextmanager
async def raw(request: Request, session: Session, kinds: dict[str, str] | None, param: str) -> AsyncGenerator[Clip, None]:
    """The body itself is the file. Raises ApiError."""
    allow(request, session)
    with NamedTemporaryFile() as target:
        async with body.arrival(session.gateway.settings.clip_timeout_s):
            async for chunk in request.stream():
                await asyncio.to_thread(target.write, chunk)
        target.flush()
        yield await asyncio.to_thread(_looked_at, Path(target.name), kinds, param)


@asynccontextmanager
async def part(file: UploadFile, kinds: dict[str, str] | None, param: str) -> AsyncGenerator[Clip, None]:
    """The file is a part of a form. Raises ApiError."""
    with NamedTemporaryFile() as target:
        await asyncio.to_thread(shutil.copyfileobj, file.file, target)
        target.flush()
        yield await asyncio.to_thread(_looked_at, Path(target.name), kinds, param)


@asynccontextmanager
async def posted(
    request: Request, session: Session, kind: type[B], kinds: dict[str, str] | None, param: str
) -> AsyncGenerator[tuple[B, Clip], None]:
    """A form with the file in the part `param`, and its other parts as `kind`. Raises ApiError."""
    allow(request, session)
    if body.media_type(request) != "multipart/form-data":
        raise ApiError(415, "unsupported_media_type", f"Send multipart/form-data, with the file in the part '{param}'.")
    async with AsyncExitStack() as stack:
        async with body.arrival(session.gateway.settings.clip_timeout_s):
            form = await stack.enter_async_context(forms.parsed(request))
        file, rest = forms.parted(form, param)
        wanted = body.validated(await forms.fold(rest), kind)
        yield wanted, await stack.enter_async_context(part(file, kinds, param))


async def handed_in(session: Session, clip: Clip, name: str, tell: Callable[[str], Awaitable[R]]) -> R:
    """Stores the clip for the account and tells its key; where that is refused, no clip stays behind. `name` makes the key."""
    key = f"uploads/{session.caller.account_id}/{hashlib.sha256(f'{name} {clip.sha256}'.encode()).hexdigest()}{clip.suffix}"
    await session.gateway.media.put(key, clip.path, content_type=clip.content_type)
    try:
        with renamed(clip_key=clip.param, source_key=clip.param):
            return await tell(key)
    except ApiError as refused:
        # A reused Idempotency-Key says nothing about this clip: an equal request may have been accepted.
        if refused.status in _REFUSED and refused.code != "idempotency_key_reused":
            await session.gateway.media.delete(key)
        raise


async def content_type(media: MediaStore, key: str) -> str:
    """Of a clip that is stored without a suffix. Raises ApiError when it is gone."""
    try:
        head = b"".join([chunk async for chunk in media.stream(key, 0, _HEAD)])
    except MediaMissing:
        raise ApiError(404, "media_not_found", "This clip is not kept any more.") from None
    return CLIPS.get(_suffix(head), "application/octet-stream")


def _looked_at(path: Path, kinds: dict[str, str] | None, param: str) -> Clip:
    """Of any kind when `kinds` is None."""
    with path.open("rb") as file:
        suffix = _suffix(file.read(_HEAD))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if kinds is None:
        return Clip(path, suffix, "application/octet-stream", digest, param)
    if suffix not in kinds:
        wanted = ", ".join(kind.partition("/")[2].upper() for kind in kinds.values())
        found = "It is empty" if path.stat().st_size == 0 else "What came is something else"
        raise invalid(param, f"Send a file of one of these kinds: {wanted}. {found}.", code="invalid_file")
    return Clip(path, suffix, kinds[suffix], digest, param)


def _suffix(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return ".mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    starts = {b"\x1a\x45\xdf\xa3": ".webm", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
    return next((suffix for start, suffix in starts.items() if head.startswith(start)), "")
