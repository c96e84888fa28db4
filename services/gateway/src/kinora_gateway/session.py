"""One verified caller of one request, and the services that are called in the caller's name."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import grpc
from fastapi import Depends, Request, WebSocket
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from google.protobuf.message import Message
from kinora_kit import identity
from kinora_kit.identity import Identity
from kinora_media.store import MediaStore
from starlette.requests import HTTPConnection

from kinora_gateway.address import client_address
from kinora_gateway.auth import SELF, KeyRing
from kinora_gateway.errors import ApiError
from kinora_gateway.limits import Allowance, Limiter, Limits, Policy, headers
from kinora_gateway.settings import Settings

if TYPE_CHECKING:  # the generated modules have these names for type checkers alone
    from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceAsyncStub
    from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceAsyncStub
    from kinora.identity.v1.credentials_service_pb2_grpc import CredentialsServiceAsyncStub
    from kinora.identity.v1.entry_service_pb2_grpc import EntryServiceAsyncStub
    from kinora.identity.v1.family_service_pb2_grpc import FamilyServiceAsyncStub
    from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceAsyncStub
    from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceAsyncStub
    from kinora.identity.v1.oauth_service_pb2_grpc import OAuthServiceAsyncStub
    from kinora.identity.v1.passkey_service_pb2_grpc import PasskeyServiceAsyncStub
    from kinora.identity.v1.security_service_pb2_grpc import SecurityServiceAsyncStub
    from kinora.identity.v1.session_service_pb2_grpc import SessionServiceAsyncStub
    from kinora.provenance.v1.check_service_pb2_grpc import CheckServiceAsyncStub
    from kinora.provenance.v1.export_service_pb2_grpc import ExportServiceAsyncStub
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
    liveness: "LivenessServiceAsyncStub"
    sessions: "SessionServiceAsyncStub"
    oauth: "OAuthServiceAsyncStub"
    credentials: "CredentialsServiceAsyncStub"
    security: "SecurityServiceAsyncStub"
    passkeys: "PasskeyServiceAsyncStub"
    family: "FamilyServiceAsyncStub"
    generation: "GenerationServiceAsyncStub"
    provenance: "ProvenanceServiceAsyncStub"
    checks: "CheckServiceAsyncStub"
    exports: "ExportServiceAsyncStub"
    cameo: "CameoServiceAsyncStub"
    channels: dict[str, grpc.aio.Channel]
    keys: KeyRing
    limits: Limits

    @property
    def public_origin(self) -> str:
        """Scheme, host and port, as browsers name it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class Session:
    gateway: Gateway
    caller: Identity

    async def call(self, rpc: grpc.aio.UnaryUnaryMultiCallable[Q, R], request: Q, *, looks: bool = False) -> R:
        """Raises grpc.RpcError, which the error handler turns into an answer. `looks`: at faces or things, which takes longer."""
        settings = self.gateway.settings
        return await rpc(request, metadata=self._metadata(), timeout=settings.look_timeout_s if looks else settings.rpc_timeout_s)

    async def follow(self, rpc: grpc.aio.UnaryStreamMultiCallable[Q, R], request: Q) -> AsyncGenerator[R, None]:
        """Closing the generator cancels the call."""
        call = rpc(request, metadata=self._metadata())
        try:
            async for reply in call:
                yield reply
        finally:
            call.cancel()

    def converse(self, rpc: grpc.aio.StreamStreamMultiCallable[Q, R], *, timeout_s: float) -> grpc.aio.StreamStreamCall[Q, R]:
        """Both sides speak; whoever calls this cancels the call at the end."""
        return rpc(metadata=self._metadata(), timeout=timeout_s)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return identity.metadata(self.caller, self.gateway.secret)


def gateway(connection: HTTPConnection) -> Gateway:
    found: Gateway = connection.app.state.gateway
    return found


def require(scope: str | None, *policies: Policy) -> Callable[..., Awaitable[Session]]:
    """A dependency: who calls, with a key or token that has `scope`, within its limits."""

    async def session(
        request: Request,
        door: Annotated[Gateway, Depends(gateway)],
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Session:
        return await _session(request, door, credentials.credentials if credentials else None, scope, policies)

    return session


async def on_socket(socket: WebSocket, token: str | None, scope: str) -> Session:
    """The same for a WebSocket."""
    return await _session(socket, gateway(socket), token, scope, ())


async def anonymous(request: Request, door: Annotated[Gateway, Depends(gateway)]) -> Session:
    """Somebody who has no account yet, or has not said whose: the gateway asks in its own name, seldom for one client address."""
    _spend(request, [door.limits.entries.take(client_address(request))])
    return Session(door, SELF)


async def token_client(request: Request, door: Annotated[Gateway, Depends(gateway)]) -> Session:
    """The same for programs that deal in tokens, which come more often."""
    _spend(request, [door.limits.tokens.take(client_address(request))])
    return Session(door, SELF)


async def public_reader(request: Request, door: Annotated[Gateway, Depends(gateway)]) -> Session:
    """Anybody, who reads what is public."""
    _spend(request, [door.limits.reads.take(client_address(request))])
    return Session(door, SELF)


async def inquirer(
    request: Request,
    door: Annotated[Gateway, Depends(gateway)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Session:
    """Anybody, who has a file looked at: by the account, where a key or token says whose, else by the client address."""
    if credentials is not None:
        return await _session(request, door, credentials.credentials, None, ("checks",))
    _spend(request, [door.limits.checks.take(client_address(request))])
    return Session(door, SELF)


def spend(request: Request, session: Session, policy: Policy) -> None:
    """One more token of the account's, for what only some requests do."""
    limiter: Limiter = getattr(session.gateway.limits, policy)
    _spend(request, [limiter.take(session.caller.account_id)])


async def _session(
    connection: HTTPConnection, door: Gateway, token: str | None, scope: str | None, policies: tuple[Policy, ...]
) -> Session:
    caller = await _verified(connection, door, token)
    connection.state.key_id, connection.state.account_id = caller.key_id, caller.account_id
    limiters: list[Limiter] = [getattr(door.limits, policy) for policy in policies]
    own = door.limits.requests.take(caller.key_id or caller.session_id)
    _spend(connection, [own, *(limiter.take(caller.account_id) for limiter in limiters)])
    if scope is not None and scope not in caller.scopes:
        raise ApiError(
            403, "insufficient_scope", f"This API key or token lacks the scope '{scope}'; it has: {', '.join(sorted(caller.scopes))}."
        )
    return Session(door, caller)


async def _verified(connection: HTTPConnection, door: Gateway, token: str | None) -> Identity:
    known = door.keys.recall(token) if token else None
    if known is not None:
        return known
    address = client_address(connection)
    _spend(connection, [door.limits.refusals.peek(address)], tell=False)
    caller = await door.keys.verify(token) if token else None
    if caller is None:
        door.limits.refusals.take(address)
        raise _complaint(token)
    return caller


def _complaint(token: str | None) -> ApiError:
    if token and "." in token:
        headers = {"www-authenticate": 'Bearer error="invalid_token"'}
        return ApiError(401, "invalid_token", "This access token has expired or its session has ended.", headers=headers)
    missing = "No API key or access token was given; send it as 'Authorization: Bearer …'."
    message = "This API key is unknown or revoked." if token else missing
    return ApiError(401, "invalid_api_key", message, headers={"www-authenticate": "Bearer"})


def _spend(connection: HTTPConnection, allowances: list[Allowance], *, tell: bool = True) -> None:
    """Tells what is left, and refuses where nothing is."""
    wait = max(allowance.retry_after_s for allowance in allowances)
    if tell or wait:
        connection.state.headers.update(headers(allowances))
    if wait:
        message = f"Too many requests; the next one may come in {wait} s. The RateLimit headers tell what is left."
        raise ApiError(429, "rate_limit_exceeded", message, headers={"retry-after": str(wait)})


Anonymous = Annotated[Session, Depends(anonymous)]
PublicReader = Annotated[Session, Depends(public_reader)]
Inquirer = Annotated[Session, Depends(inquirer)]
TokenClient = Annotated[Session, Depends(token_client)]
Caller = Annotated[Session, Depends(require(None))]
Admin = Annotated[Session, Depends(require("admin"))]
"""A key that only makes videos does not decide over a face or an account."""
Tracer = Annotated[Session, Depends(require("admin", "checks"))]
Reader = Annotated[Session, Depends(require("videos:read"))]
Writer = Annotated[Session, Depends(require("videos:write"))]
Creator = Annotated[Session, Depends(require("videos:write", "creates"))]
Looker = Annotated[Session, Depends(require("videos:read", "lookups"))]
Uploader = Annotated[Session, Depends(require("videos:write", "uploads"))]
