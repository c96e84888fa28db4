"""Puts the routes together."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from kinora_gateway import docs, errors
from kinora_gateway.cors import Cors
from kinora_gateway.edge import Edge
from kinora_gateway.oauth import OAuthRefusal
from kinora_gateway.routes import (
    account_page,
    accounts,
    cameo_page,
    cameos,
    characters,
    content,
    credential_pages,
    credentials,
    entry,
    entry_pages,
    events,
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
    security,
    session_pages,
    sessions,
    storyboards,
    things,
    videos,
)
from kinora_gateway.session import Gateway

_ABOUT = "Video from words. The /v1 part is compatible with OpenAI's video API."


def create_app(gateway: Gateway) -> ASGIApp:
    app = FastAPI(title="Kinora", version="0.1.0", description=_ABOUT, redirect_slashes=False, docs_url=None, redoc_url=None)
    app.state.gateway = gateway
    for module in (
        characters,
        videos,
        content,
        events,
        storyboards,
        provenance,
        models,
        accounts,
        account_page,
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
        cameo_page,
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
    return Edge(Cors(app), max_body_bytes=gateway.settings.max_body_bytes)
