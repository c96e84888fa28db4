"""The few pages that a mail or a program must be able to open where there is no web app: plain HTML, no scripts but the cameo page's."""

from html import escape

import grpc
from fastapi.responses import HTMLResponse
from kinora_kit.errors import from_rpc_error

from kinora_gateway.errors import from_remote

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' "
_STYLE = (
    "body{font:1.1rem/1.6 system-ui;max-width:26rem;margin:15vh auto;padding:0 1rem}input,button{font:inherit;padding:.5rem;margin:.3rem 0}"
)


def page(title: str, *parts: str, status: int = 200, leads_to: str = "") -> HTMLResponse:
    """`parts` are HTML, made by the functions below. `leads_to`: the origin that the answer to the form may redirect to."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style>'
    html = f'<!doctype html><html lang="en"><head>{head}</head><body><main><h1>{escape(title)}</h1>{"".join(parts)}</main></body></html>'
    # Not no-referrer: browsers would then hide the Origin of our own forms.
    headers = {"content-security-policy": _POLICY + leads_to, "referrer-policy": "same-origin", "cache-control": "no-store"}
    return HTMLResponse(html, status, headers)


def scripted(origin: str) -> dict[str, str]:
    """The headers of a page with a script and a style sheet of its own, which talks to `origin` alone, by WebSocket too."""
    sockets = origin.replace("http", "ws", 1)
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {sockets}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return {"content-security-policy": policy, "referrer-policy": "same-origin"}


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def form(path: str, button: str, *fields: str, no: str = "", **hidden: str) -> str:
    """Posts to `path`; `no` is a second button, which posts answer=no whatever is filled in."""
    kept = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items())
    refuse = f' <button name="answer" value="no" formnovalidate>{escape(no)}</button>' if no else ""
    return f'<form method="post" action="{escape(path)}">{kept}{"".join(fields)}<p><button>{escape(button)}</button>{refuse}</p></form>'


def field(name: str, label: str, *, kind: str = "text", value: str = "", required: bool = True) -> str:
    """One labelled input."""
    must = " required" if required else ""
    return f'<p><label>{escape(label)}<br><input name="{escape(name)}" type="{kind}" value="{escape(value)}"{must}></label></p>'


def refusal(error: grpc.RpcError) -> HTMLResponse:
    """What a service refused, as a page."""
    refused = from_remote(from_rpc_error(error))
    return page("That did not work", text(refused.message), status=refused.status)
