"""/oauth: tokens for programs that act for people."""

from typing import Annotated, Any

import grpc
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from google.protobuf.message import Message
from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora.identity.v1 import session_service_pb2

from kinora_gateway import body, docs, oauth
from kinora_gateway.oauth import DEVICE_GRANT, NO_STORE, DeviceAnswer, NewClient, OAuthClient, OAuthError, OAuthRefusal, TokenAnswer
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.sessions import origin
from kinora_gateway.session import Admin, Session, TokenClient

router = APIRouter(tags=["oauth"])
Text = Annotated[str, Form(max_length=4096)]
_REFUSED: dict[int | str, dict[str, Any]] = {**docs.errors(), 400: {"model": OAuthError, "description": "Refused, in OAuth's form."}}


@router.post("/oauth/token", responses=_REFUSED)
async def token(
    session: TokenClient, response: Response, grant_type: Text = "", client_id: Text = "", code: Text = "", redirect_uri: Text = "",
    code_verifier: Text = "", refresh_token: Text = "", device_code: Text = "",
) -> TokenAnswer:  # fmt: skip
    """Tokens for an authorization code, a refresh token or a device code."""
    response.headers.update(NO_STORE)
    door = session.gateway
    if grant_type == "authorization_code":
        exchange = pb.ExchangeCodeRequest(code=code, client_id=client_id, redirect_uri=redirect_uri, code_verifier=code_verifier)
        return await _tokens(session, door.oauth.ExchangeCode, exchange)
    if grant_type == "refresh_token":
        if not client_id:
            raise OAuthRefusal("invalid_request", "client_id is missing.")
        again = session_service_pb2.RefreshRequest(refresh_token=refresh_token, client_id=client_id)
        return await _tokens(session, door.sessions.Refresh, again)
    if grant_type == DEVICE_GRANT:
        return await _tokens(session, door.oauth.PollDevice, pb.PollDeviceRequest(device_code=device_code, client_id=client_id))
    raise OAuthRefusal("unsupported_grant_type", f"grant_type must be authorization_code, refresh_token or {DEVICE_GRANT}.")


@router.post("/oauth/device_authorization", responses=_REFUSED)
async def start_device(request: Request, session: TokenClient, response: Response, client_id: Text = "", scope: Text = "") -> DeviceAnswer:
    """Begins the device grant: show the person user_code and verification_uri, then poll /oauth/token."""
    response.headers.update(NO_STORE)
    message = pb.StartDeviceRequest(client_id=client_id, scopes=scope.split(), origin=origin(request))
    try:
        started = await session.call(session.gateway.oauth.StartDevice, message)
    except grpc.RpcError as error:
        raise oauth.refused(error) from error
    page = f"{session.gateway.public_url}/device"
    return DeviceAnswer(
        device_code=started.device_code, user_code=started.user_code, verification_uri=page,
        verification_uri_complete=f"{page}?user_code={started.user_code}", expires_in=started.expires_in, interval=started.interval,
    )  # fmt: skip


@router.post("/oauth/revoke", responses=_REFUSED)
async def revoke(session: TokenClient, token: Text = "", client_id: Text = "") -> dict[str, str]:
    """Ends the session that a refresh or access token belongs to; an unknown token is as good as revoked."""
    await session.call(session.gateway.oauth.RevokeToken, pb.RevokeTokenRequest(token=token, client_id=client_id))
    return {}


@router.get("/.well-known/oauth-authorization-server")
async def read_metadata(session: TokenClient) -> dict[str, Any]:
    """RFC 8414."""
    return oauth.metadata(session.gateway.public_url)


@router.post("/api/oauth/clients", responses=docs.errors(408, 409, 413, 415), openapi_extra=docs.body(NewClient))
async def register_client(request: Request, session: Admin) -> OAuthClient:
    """Registers a public client; operators only."""
    wanted = await body.read(request, NewClient, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.RegisterClientRequest(request_id=repeat(request).request_id, name=wanted.name, redirect_uris=wanted.redirect_uris)
    return oauth.client((await session.call(session.gateway.oauth.RegisterClient, message)).client)


async def _tokens(session: Session, rpc: grpc.aio.UnaryUnaryMultiCallable[Any, Any], message: Message) -> TokenAnswer:
    try:
        return oauth.tokens((await session.call(rpc, message)).tokens)
    except grpc.RpcError as error:
        raise oauth.refused(error) from error


def respond(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OAuthRefusal)  # noqa: S101 - registered for this class only
    return oauth.answer(error)
