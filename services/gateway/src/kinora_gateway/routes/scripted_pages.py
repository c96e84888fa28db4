"""/account: signing in, and what guards the account; /cameo: lending one's face; /check: is this ours? A page, style and script each."""

from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import Response

from kinora_gateway import pages
from kinora_gateway.session import gateway

router = APIRouter(include_in_schema=False)
_FOLDER = files("kinora_gateway") / "static"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_HEADERS = {"account": {}, "check": {}, "cameo": {"permissions-policy": "camera=(self), microphone=(self)"}}


def _serve(name: str, headers: dict[str, str]) -> None:
    kept = {kind: (_FOLDER / f"{name}.{kind}").read_bytes() for kind in _TYPES}

    def file(kind: str, more: dict[str, str]) -> Response:
        return Response(kept[kind], media_type=_TYPES[kind], headers={"cache-control": "no-cache", **more})

    @router.get(f"/{name}")
    async def page(request: Request) -> Response:
        return file("html", pages.scripted(gateway(request).public_origin) | headers)

    @router.get(f"/{name}.css")  # the account's is also that of the pages of mails
    async def style() -> Response:
        return file("css", {})

    @router.get(f"/{name}.js")
    async def script() -> Response:
        return file("js", {})


for _name, _headers in _HEADERS.items():
    _serve(_name, _headers)
