"""/media/{token}: files by signed link, with byte ranges. Whoever holds the link may read."""

import time
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from kinora_media.store import MediaMissing, Meta
from kinora_media.token import BadToken, Signed

from kinora_gateway import docs, ranges
from kinora_gateway.errors import ApiError
from kinora_gateway.session import Gateway, gateway

router = APIRouter(tags=["media"])
_FILE: dict[str, Any] = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", **_FILE},
    206: {"description": "The part that Range asked for.", **_FILE},
    304: {"description": "If-None-Match names this version."},
    416: {**docs.errors()[400], "description": "The range lies outside the file."},
    **{status: docs.errors(404)[status] for status in (403, 404, 500)},
}


@router.head("/media/{token}", include_in_schema=False)
@router.get("/media/{token}", response_class=Response, responses=_RESPONSES, response_model=None)
async def serve_media(token: str, request: Request) -> Response:
    """Serves a file whose link was signed by this Kinora; the link expires."""
    door = gateway(request)
    signed, meta = await _open(door, token)
    etag = f'"{meta.etag}"'
    headers = _headers(signed, etag)
    if ranges.is_fresh(request.headers, etag):
        return Response(status_code=304, headers=headers)
    try:
        span = ranges.wanted(request.headers, meta.size, etag) if request.method == "GET" else None
    except ranges.NotSatisfiable:
        message = f"The range lies outside the file, which has {meta.size} bytes."
        raise ApiError(416, "range_not_satisfiable", message, param="Range", headers={"content-range": f"bytes */{meta.size}"}) from None
    return _answer(door, request, signed, meta, headers, span)


async def _open(door: Gateway, token: str) -> tuple[Signed, Meta]:
    try:
        signed = door.media.open_token(token)
        return signed, await door.media.head(signed.key)
    except BadToken as error:
        raise ApiError(403, "invalid_link", str(error)) from None
    except MediaMissing:
        raise ApiError(404, "media_not_found", "The file is gone.") from None


def _answer(door: Gateway, request: Request, signed: Signed, meta: Meta, headers: dict[str, str], span: tuple[int, int] | None) -> Response:
    start, end = span or (0, meta.size)
    headers["content-length"] = str(end - start)
    if span:
        headers["content-range"] = f"bytes {start}-{end - 1}/{meta.size}"
    if request.method == "HEAD" or start == end:
        return Response(status_code=200, headers=headers)
    return StreamingResponse(door.media.stream(signed.key, start, end), 206 if span else 200, headers)


def _headers(signed: Signed, etag: str) -> dict[str, str]:
    left = max(0, signed.expires_at - int(time.time()))
    headers = {
        "content-type": signed.content_type, "etag": etag, "accept-ranges": "bytes",
        "cache-control": f"private, max-age={left}, immutable",
    }  # fmt: skip
    if signed.filename:
        headers["content-disposition"] = f"inline; filename*=UTF-8''{quote(signed.filename, safe='')}"
    return headers
