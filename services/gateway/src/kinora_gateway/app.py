"""Puts the routes together."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from kinora_gateway import address, docs, errors
from kinora_gateway.cors import Cors
from kinora_gateway.edge import Edge
from kinora_gateway.oauth import OAuthRefusal
from kinora_gateway.routes import (
    accounts,
    c2pa,
    cameos,
    characters,
    checks,
    content,
    credential_pages,
    credentials,
    entry,
    entry_pages,
    events,
    exports,
    family,
    health,
    liveness,
    media,
    models,
    oauth,
    oauth_pages,
    passkeys,
    provenance,
    reviews,
    scripted_pages,
    security,
    session_pages,
    sessions,
    storyboards,
    things,
    traces,
    usage,
    videos,
)
from kinora_gateway.session import Gateway

_ABOUT = "Video from words. The /v1 part is compatible with OpenAI's video API."


def create_app(gateway: Gateway) -> ASGIApp:
    app = FastAPI(
        title="Kinora", version="0.1.0", description=_ABOUT, redirect_slashes=False, docs_url=None, redoc_url=None,
        # Edge tells: FastAPI's own would begin each trace anew, and quote what was wrong in a request.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )  # fmt: skip
    app.state.gateway = gateway
    for module in (
        characters,
        videos,
        content,
        events,
        exports,
        storyboards,
        provenance,
        checks,
        traces,
        c2pa,
        models,
        accounts,
        usage,
        credentials,
        credential_pages,
        entry,
        entry_pages,
        sessions,
        session_pages,
        oauth,
        oauth_pages,
        security,
        passkeys,
        family,
        cameos,
        scripted_pages,
        things,
        reviews,
        liveness,
        media,
        health,
    ):
        app.include_router(module.router)
    app.include_router(sessions.well_known)
    app.include_router(cameos.well_known)
    errors.install(app)
    app.add_exception_handler(OAuthRefusal, oauth.respond)
    docs.install(app)
    settings = gateway.settings
    return address.behind(settings.trusted_proxies, Edge(Cors(app), max_body_bytes=settings.max_body_bytes))
