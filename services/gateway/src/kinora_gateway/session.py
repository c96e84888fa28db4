"""One verified caller of one request, and the services that are called in the caller's name."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import grpc
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from google.protobuf.message import Message
from kinora_kit import identity
from kinora_kit.identity import Identity
from kinora_media.store import MediaStore

from kinora_gateway.address import client_address
from kinora_gateway.auth import SELF, KeyRing
from kinora_gateway.errors import ApiError
from kinora_gateway.limits import Allowance, Limiter, headers
from kinora_gateway.settings import Settings

if TYPE_CHECKING:  # the generated modules have these names for type checkers alone
    from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceAsyncStub
    from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceAsyncStub
    from kinora.identity.v1.entry_service_pb2_grpc import EntryServiceAsyncStub
    from kinora.identity.v1.family_service_pb2_grpc import FamilyServiceAsyncStub
    from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceAsyncStub
    from kinora.identity.v1.oauth_service_pb2_grpc import OAuthServiceAsyncStub
    from kinora.identity.v1.passkey_service_pb2_grpc import PasskeyServiceAsyncStub
    from kinora.identity.v1.security_service_pb2_grpc import SecurityServiceAsyncStub
    from kinora.identity.v1.session_service_pb2_grpc import SessionServiceAsyncStub
    from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceAsyncStub

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
bearer = HTTPBearer(auto_error=False, scheme_name="Bearer", description="An API key, `kn_…`, or an access token.")


@dataclass(frozen=True)
class Gateway:
    """Everything that lives as long as the process."""

    settings: Settings
    secret: bytes
    public_url: str
    media: MediaStore
    identity: "IdentityServiceAsyncStub"
    entry: "EntryServiceAsyncStub"
    sessions: "SessionServiceAsyncStub"
    oauth: "OAuthServiceAsyncStub"
    security: "SecurityServiceAsyncStub"
    passkeys: "PasskeyServiceAsyncStub"
    family: "FamilyServiceAsyncStub"
    generation: "GenerationServiceAsyncStub"
    provenance: "ProvenanceServiceAsyncStub"
    cameo: "CameoServiceAsyncStub"
    channels: dict[str, grpc.aio.Channel]
    keys: KeyRing
    requests: Limiter
    creates: Limiter
    refusals: Limiter
    entries: Limiter
    tokens: Limiter

    @property
    def public_origin(self) -> str:
        """Scheme, host and port, as browsers name it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Session:
    gateway: Gateway
    caller: Identity

    async def call(self, rpc: grpc.aio.UnaryUnaryMultiCallable[Q, R], request: Q) -> R:
        """Raises grpc.RpcError, which the error handler turns into an answer."""
        return await rpc(request, metadata=self._metadata(), timeout=self.gateway.settings.rpc_timeout_s)

    async def follow(self, rpc: grpc.aio.UnaryStreamMultiCallable[Q, R], request: Q) -> AsyncGenerator[R, None]:
        """Closing the generator cancels the call."""
        call = rpc(request, metadata=self._metadata())
        try:
            async for reply in call:
                yield reply
        finally:
            call.cancel()

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return identity.metadata(self.caller, self.gateway.secret)


def gateway(request: Request) -> Gateway:
    found: Gateway = request.app.state.gateway
    return found


def require(scope: str | None, *, creates: bool = False) -> Callable[..., Awaitable[Session]]:
    """A dependency: who calls, with a key or token that has `scope`, within its limits."""

    async def session(
        request: Request,
        door: Annotated[Gateway, Depends(gateway)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Session:
        caller = await _verified(request, door, credentials)
        request.state.key_id, request.state.account_id = caller.key_id, caller.account_id
        _spend(request, [door.requests, door.creates] if creates else [door.requests], caller.key_id or caller.session_id)
        if scope is not None and scope not in caller.scopes:
            raise ApiError(
                403, "insufficient_scope", f"This API key or token lacks the scope '{scope}'; it has: {', '.join(sorted(caller.scopes))}."
            )
        return Session(door, caller)

    return session


async def anonymous(request: Request, door: Annotated[Gateway, Depends(gateway)]) -> Session:
    """Somebody who has no account yet, or has not said whose: the gateway asks in its own name, seldom for one client address."""
    _spend(request, [door.entries], client_address(request))
    return Session(door, SELF)


async def token_client(request: Request, door: Annotated[Gateway, Depends(gateway)]) -> Session:
    """The same for programs that deal in tokens, which come more often."""
    _spend(request, [door.tokens], client_address(request))
    return Session(door, SELF)


async def _verified(request: Request, door: Gateway, credentials: HTTPAuthorizationCredentials | None) -> Identity:
    known = door.keys.recall(credentials.credentials) if credentials else None
    if known is not None:
        return known
    address = client_address(request)
    _pass_or_refuse(request, [door.refusals.peek(address)])
    caller = await door.keys.verify(credentials.credentials) if credentials else None
    if caller is None:
        door.refusals.take(address)
        raise _complaint(credentials)
    return caller


def _complaint(credentials: HTTPAuthorizationCredentials | None) -> ApiError:
    if credentials and "." in credentials.credentials:
        headers = {"www-authenticate": 'Bearer error="invalid_token"'}
        return ApiError(401, "invalid_token", "This access token has expired or its session has ended.", headers=headers)
    missing = "No API key or access token was given; send it as 'Authorization: Bearer …'."
    message = "This API key is unknown or revoked." if credentials else missing
    return ApiError(401, "invalid_api_key", message, headers={"www-authenticate": "Bearer"})


def _spend(request: Request, limiters: list[Limiter], key: str) -> None:
    allowances = [limiter.take(key) for limiter in limiters]
    request.state.headers.update(headers(allowances))
    _pass_or_refuse(request, allowances)


def _pass_or_refuse(request: Request, allowances: list[Allowance]) -> None:
    wait = max(allowance.retry_after_s for allowance in allowances)
    if wait:
        request.state.headers.update(headers(allowances))
        message = f"Too many requests; the next one may come in {wait} s. The RateLimit headers tell what is left."
        raise ApiError(429, "rate_limit_exceeded", message, headers={"retry-after": str(wait)})


Anonymous = Annotated[Session, Depends(anonymous)]
TokenClient = Annotated[Session, Depends(token_client)]
Caller = Annotated[Session, Depends(require(None))]
Reader = Annotated[Session, Depends(require("videos:read"))]
Writer = Annotated[Session, Depends(require("videos:write"))]
Creator = Annotated[Session, Depends(require("videos:write", creates=True))]
