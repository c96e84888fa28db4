"""/account: where a person without another app signs in, and sees and changes what guards the account."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from kinora_gateway import pages

router = APIRouter(include_in_schema=False)
_KINDS = {"account.html": "text/html", "style.css": "text/css", "script.js": "text/javascript"}
_FILES = {name: files("kinora_gateway").joinpath("assets", name).read_bytes() for name in _KINDS}


@router.get("/account")
async def show() -> Response:
    """It asks the API by its script, which is ours alone."""
    return _file("account.html")


@router.get("/account/style.css")
async def style() -> Response:
    return _file("style.css")


@router.get("/account/script.js")
async def script() -> Response:
    return _file("script.js")


def _file(name: str) -> Response:
    return Response(_FILES[name], media_type=_KINDS[name], headers=pages.headers("; script-src 'self'; connect-src 'self'"))
