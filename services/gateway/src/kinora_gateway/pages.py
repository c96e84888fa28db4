"""Pages that a mail or a program must open where there is no web app: plain HTML, no scripts; the headers of those with one."""

from html import escape

import grpc
from fastapi.responses import HTMLResponse
from kinora_kit.errors import from_rpc_error

from kinora_gateway.errors import from_remote

_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self' "
_STYLE = '<link rel="stylesheet" href="/account.css">'


def page(title: str, *parts: str, status: int = 200, leads_to: str = "") -> HTMLResponse:
    """`parts` are HTML, made by the functions below. `leads_to`: the origin that the answer to the form may redirect to."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>{_STYLE}'
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


def onward(words: str, path: str = "/account") -> str:
    """A link to a page of ours."""
    return f'<p><a href="{escape(path)}">{escape(words)}</a></p>'


def form(path: str, button: str, *fields: str, no: str = "", **hidden: str) -> str:
    """Posts to `path`; `no` is a second button, which posts answer=no whatever is filled in."""
    kept = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items())
    refuse = f' <button name="answer" value="no" formnovalidate>{escape(no)}</button>' if no else ""
    return f'<form method="post" action="{escape(path)}">{kept}{"".join(fields)}<p><button>{escape(button)}</button>{refuse}</p></form>'


def field(name: str, label: str, *, kind: str = "text", value: str = "", fills: str = "off", required: bool = True) -> str:
    """One labelled input. `fills`: what the browser may fill in, in HTML's words for autocomplete."""
    must = " required" if required else ""
    given = f'name="{escape(name)}" type="{kind}" value="{escape(value)}" autocomplete="{fills}"{must}'
    return f"<label>{escape(label)} <input {given}></label>"


def refusal(error: grpc.RpcError) -> HTMLResponse:
    """What a service refused, as a page."""
    refused = from_remote(from_rpc_error(error))
    return page("That did not work", text(refused.message), status=refused.status)
