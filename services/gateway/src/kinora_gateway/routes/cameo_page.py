"""/cameo: where a person lends their face and says who may use it. One page with one script, which speaks to the API as any client does."""

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kinora_gateway import pages
from kinora_gateway.session import gateway

router = APIRouter(include_in_schema=False)
_FOLDER = files("kinora_gateway") / "static"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_FILES = {kind: (_FOLDER / f"cameo.{kind}").read_bytes() for kind in _TYPES}


@router.get("/cameo")
async def show(request: Request) -> Response:
    return _file("html", pages.scripted(gateway(request).public_origin) | {"permissions-policy": "camera=(self), microphone=(self)"})


@router.get("/cameo.css")
async def style() -> Response:
    return _file("css", {})


@router.get("/cameo.js")
async def script() -> Response:
    return _file("js", {})


def _file(kind: str, headers: dict[str, str]) -> Response:
    return Response(_FILES[kind], media_type=_TYPES[kind], headers={"cache-control": "no-cache", **headers})
