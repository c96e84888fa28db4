"""What pages of other sites may ask from within a browser: what needs a bearer token, or nothing. Cookies never count there (ADR 0010)."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = ("/v1/", "/api/films/", "/c2pa/", "/media/", "/.well-known/", "/oauth/token", "/oauth/revoke", "/oauth/device_authorization")
_EXPOSED = (
    "x-request-id",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "openai-poll-after-ms",
    "content-disposition",
    "www-authenticate",
)


class Cors:
    """CORS for the paths above, any origin, without credentials; the rest stays with the platform's own pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["GET", "POST", "DELETE"], allow_headers=["*"], expose_headers=_EXPOSED, max_age=7200
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = scope["type"] == "http" and scope["path"].startswith(_OPEN)
        await (self._shared if shared else self._app)(scope, receive, send)
