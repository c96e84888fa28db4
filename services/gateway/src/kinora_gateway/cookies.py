"""The refresh token of the web app: a cookie that scripts cannot read and other sites cannot use."""

from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from kinora_gateway.errors import ApiError
from kinora_gateway.session import gateway

_NAME, _PATH = "kinora_refresh", "/api/sessions"
_SCHEMES = {"ws": "http", "wss": "https"}  # a page's origin has the scheme of the page
_MAX_AGE_S = 180 * 86_400


def check_origin(request: HTTPConnection) -> None:
    """Refuses requests that a page of another site makes (browsers name it in Origin). Clients that are no browsers send none."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in {
        gateway(request).public_origin,
        f"{_SCHEMES.get(request.url.scheme, request.url.scheme)}://{request.url.netloc}",
    }:
        raise ApiError(403, "foreign_origin", f"This may be asked by pages of {gateway(request).public_origin} alone.")


def keep(request: Request, response: Response, refresh_token: str) -> None:
    secure = urlsplit(gateway(request).public_origin).scheme == "https"
    response.set_cookie(_NAME, refresh_token, max_age=_MAX_AGE_S, path=_PATH, secure=secure, httponly=True, samesite="lax")
    response.headers["cache-control"] = "no-store"


def kept(request: Request) -> str:
    found = request.cookies.get(_NAME)
    if not found:
        raise ApiError(401, "refresh_refused", "No session's cookie was sent; sign in.")
    return found


def drop(request: Request, response: Response) -> None:
    if _NAME in request.cookies:
        response.delete_cookie(_NAME, path=_PATH, httponly=True, samesite="lax")
