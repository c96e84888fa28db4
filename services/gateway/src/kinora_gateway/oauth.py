"""OAuth's own words: requests, answers and errors (RFC 6749, 8414, 8628)."""

from typing import Annotated, Any, Literal

import grpc
from fastapi.responses import JSONResponse
from kinora.identity.v1.oauth_service_pb2 import Client as ClientMessage
from kinora.identity.v1.session_service_pb2 import Tokens
from kinora_kit.errors import from_rpc_error
from pydantic import BaseModel, Field

from kinora_gateway.entry import Wanted
from kinora_gateway.errors import from_remote
from kinora_gateway.schemas import Answer

SCOPES = ("videos:read", "videos:write")
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
NO_STORE = {"cache-control": "no-store"}
_CODES = {  # our reasons that OAuth has a code for
    "AuthorizationPending": "authorization_pending",
    "SlowDown": "slow_down",
    "AccessDenied": "access_denied",
    "ExpiredToken": "expired_token",
    "InvalidScope": "invalid_scope",
    "ClientUnknown": "invalid_client",
    "InvalidGrant": "invalid_grant",
    "RefreshRefused": "invalid_grant",
    "ChallengeInvalid": "invalid_request",
}


class NewClient(Wanted):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    redirect_uris: Annotated[list[Annotated[str, Field(max_length=500)]], Field(min_length=1, max_length=10)]


class OAuthClient(Answer):
    client_id: str
    object: Literal["oauth.client"] = "oauth.client"
    name: str
    redirect_uris: list[str]


class TokenAnswer(Answer):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's word
    expires_in: int
    refresh_token: str
    scope: str


class DeviceAnswer(Answer):
    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class OAuthError(BaseModel):
    error: str
    error_description: str


class OAuthRefusal(Exception):
    """A refusal in OAuth's form."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description


def refused(error: grpc.RpcError) -> OAuthRefusal:
    """What identity refused, in OAuth's words; anything else is raised again."""
    remote = from_rpc_error(error)
    code = _CODES.get(remote.reason)
    if code is None:
        raise from_remote(remote) from error
    return OAuthRefusal(code, remote.message)


def answer(refusal: OAuthRefusal) -> JSONResponse:
    return JSONResponse({"error": refusal.code, "error_description": refusal.description}, 400, NO_STORE)


def tokens(message: Tokens) -> TokenAnswer:
    return TokenAnswer(
        access_token=message.access_token, expires_in=message.expires_in, refresh_token=message.refresh_token,
        scope=" ".join(message.scopes),
    )  # fmt: skip


def client(message: ClientMessage) -> OAuthClient:
    return OAuthClient(client_id=message.id, name=message.name, redirect_uris=list(message.redirect_uris))


def metadata(url: str) -> dict[str, Any]:
    """RFC 8414. `url`: the platform's public address, which is the issuer."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/oauth/authorize",
        "token_endpoint": f"{url}/oauth/token",
        "device_authorization_endpoint": f"{url}/oauth/device_authorization",
        "revocation_endpoint": f"{url}/oauth/revoke",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
