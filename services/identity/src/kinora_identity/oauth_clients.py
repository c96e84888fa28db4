"""Programs that act for people, and what they may ask for."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.errors import InvalidArgument
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_kit.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, oauth_store, wire
from kinora_identity.domain import check_name, require_operator, require_service
from kinora_identity.oauth_store import Client

SCOPES = ("videos:read", "videos:write")
"""`admin` is for people and their keys alone."""
_MAX_URIS = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PRIVATE_SCHEME = re.compile(r"[a-z][a-z0-9+-]*\.[a-z0-9.+-]+")


class RedirectInvalid(InvalidArgument):
    pass


class ClientUnknown(InvalidArgument):
    pass


class InvalidScope(InvalidArgument):
    pass


class ChallengeInvalid(InvalidArgument):
    pass


async def register(database: Database, caller: Identity, request: pb.RegisterClientRequest) -> pb.RegisterClientResponse:
    require_operator(caller)
    name, uris = check_name(request.name, "name"), _check_uris(request.redirect_uris)

    async def do() -> pb.RegisterClientResponse:
        client = Client(f"client_{uuid7().hex}", name, uris)
        await oauth_store.add_client(tx, client)
        await audit.add(tx, caller.account_id, "client.registered", client.id)
        return pb.RegisterClientResponse(client=wire.client(client))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="RegisterClient", request=request, reply=pb.RegisterClientResponse, do=do)


async def check_authorization(database: Database, caller: Identity, wanted: pb.Authorization) -> tuple[Client, Sequence[str]]:
    """Raises ClientUnknown and RedirectInvalid, after which nobody is to be redirected, and InvalidScope and ChallengeInvalid."""
    require_service(caller)
    async with database.begin() as tx:
        client = await get_client(tx, wanted.client_id)
    if not any(is_same_redirect(wanted.redirect_uri, known) for known in client.redirect_uris):
        raise RedirectInvalid("redirect_uri is not one that this client has registered.", param="redirect_uri")
    if not _CHALLENGE.fullmatch(wanted.code_challenge):
        raise ChallengeInvalid("code_challenge must be the 43 characters of a SHA-256 in base64url (PKCE, S256).", param="code_challenge")
    return client, check_scopes(wanted.scopes)


async def get_client(tx: AsyncConnection, client_id: str) -> Client:
    client = await oauth_store.client(tx, client_id) if _ID.fullmatch(client_id) else None
    if client is None:
        raise ClientUnknown("client_id names no client that is registered here.", param="client_id")
    return client


def check_scopes(scopes: Sequence[str]) -> list[str]:
    """In their fixed order; all that programs may have when none is named."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise InvalidScope(f"Programs may ask for {' and '.join(SCOPES)}, not for {', '.join(unknown)[:100]}.", param="scope")
    return [scope for scope in SCOPES if scope in scopes or not scopes]


def is_same_redirect(wanted: str, known: str) -> bool:
    """Exactly, but for the port of a loopback address, which a native app learns when it starts (RFC 8252 7.3)."""
    if wanted == known:
        return True
    try:
        one, other = urlsplit(wanted), urlsplit(known)
        ports = (one.port, other.port)
    except ValueError:
        return False
    loopback = other.scheme == "http" and other.hostname in _LOOPBACK and all(port != 0 for port in ports)
    return loopback and one._replace(netloc="") == other._replace(netloc="") and one.hostname == other.hostname and "@" not in one.netloc


def _check_uris(uris: Sequence[str]) -> list[str]:
    if not 1 <= len(uris) <= _MAX_URIS or not all(_is_redirect(uri) for uri in uris):
        raise RedirectInvalid(
            f"redirect_uris must be 1 to {_MAX_URIS} addresses without fragment: https, http to a loopback address, or a private scheme"
            " with a dot, as com.example.app:/done.",
            param="redirect_uris",
        )
    return list(dict.fromkeys(uris))


def _is_redirect(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    if len(uri) > 500 or not uri.isascii() or not uri.isprintable() or " " in uri or "#" in uri or "@" in parts.netloc:
        return False
    web = (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return bool(web) or bool(_PRIVATE_SCHEME.fullmatch(parts.scheme) and parts.path.startswith("/"))
