"""/account: where a person signs in, and sees and changes what guards the account. It asks the API as any client does."""

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kinora_gateway import pages
from kinora_gateway.session import gateway

router = APIRouter(include_in_schema=False)
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_FILES = {kind: (files("kinora_gateway") / "static" / f"account.{kind}").read_bytes() for kind in _TYPES}


@router.get("/account")
async def show(request: Request) -> Response:
    return _file("html", pages.scripted(gateway(request).public_origin))


@router.get("/account.css")
async def style() -> Response:
    """Also that of the pages of mails."""
    return _file("css", {})


@router.get("/account.js")
async def script() -> Response:
    return _file("js", {})


def _file(kind: str, headers: dict[str, str]) -> Response:
    return Response(_FILES[kind], media_type=_TYPES[kind], headers={"cache-control": "no-cache", **headers})
