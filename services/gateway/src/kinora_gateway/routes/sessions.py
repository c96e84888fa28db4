"""/api/sessions: signing in and out; /api/password: when it is forgotten; /.well-known/jwks.json."""

from fastapi import APIRouter, Request, Response
from kinora.identity.v1 import session_service_pb2 as pb

from kinora_gateway import body, cookies, docs, sessions
from kinora_gateway.address import client_network
from kinora_gateway.entry import MailSent
from kinora_gateway.session import Admin, Anonymous, TokenClient
from kinora_gateway.sessions import Ended, ForgottenPassword, NewPassword, SessionList, SignedIn, SignIn

router = APIRouter(prefix="/api", tags=["sessions"])
well_known = APIRouter(tags=["sessions"])
_BODY = (408, 413, 415)
_KEEP_KEYS_S = 3600  # shorter than a key is listed before it signs


@router.post("/sessions", responses=docs.errors(*_BODY), openapi_extra=docs.body(SignIn))
async def sign_in(request: Request, session: Anonymous, response: Response) -> SignedIn:
    """Signs in by e-mail address and password; sets the refresh token as a cookie."""
    cookies.check_origin(request)
    wanted = await body.read(request, SignIn, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.SignInRequest(email=wanted.email, password=wanted.password, code=wanted.code, origin=origin(request))
    tokens = (await session.call(session.gateway.sessions.SignIn, message)).tokens
    cookies.keep(request, response, tokens.refresh_token)
    return sessions.signed_in(tokens)


@router.post("/sessions/refresh", responses=docs.errors())
async def refresh(request: Request, session: TokenClient, response: Response) -> SignedIn:
    """New tokens for the cookie, which is replaced; a cookie that comes a second time ends its session."""
    cookies.check_origin(request)
    message = pb.RefreshRequest(refresh_token=cookies.kept(request))
    tokens = (await session.call(session.gateway.sessions.Refresh, message)).tokens
    cookies.keep(request, response, tokens.refresh_token)
    return sessions.signed_in(tokens)


@router.get("/sessions", responses=docs.errors())
async def list_sessions(session: Admin) -> SessionList:
    """Where the account is signed in."""
    found = await session.call(session.gateway.sessions.ListSessions, pb.ListSessionsRequest())
    return SessionList(data=[sessions.session(each, current=session.caller.session_id) for each in found.sessions])


@router.delete("/sessions", responses=docs.errors())
async def sign_out_everywhere(session: Admin, request: Request, response: Response) -> Ended:
    """Ends all sessions; their access tokens stop working everywhere within five seconds."""
    cookies.drop(request, response)
    return Ended(ended=(await session.call(session.gateway.sessions.EndSessions, pb.EndSessionsRequest())).ended)


@router.delete("/sessions/{session_id}", responses=docs.errors(404))
async def sign_out(session_id: str, session: Admin, request: Request, response: Response) -> Ended:
    """Ends one session; `current` is that of the access token."""
    wanted = session.caller.session_id or "none" if session_id == "current" else session_id
    if wanted == session.caller.session_id:
        cookies.drop(request, response)
    return Ended(ended=(await session.call(session.gateway.sessions.EndSessions, pb.EndSessionsRequest(session_id=wanted))).ended)


@router.post("/password/forgotten", status_code=202, responses=docs.errors(*_BODY), openapi_extra=docs.body(ForgottenPassword))
async def forget_password(request: Request, session: Anonymous) -> MailSent:
    """Mails a link to set a new password, if the address has an account."""
    wanted = await body.read(request, ForgottenPassword, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.sessions.ForgetPassword, pb.ForgetPasswordRequest(email=wanted.email))
    return MailSent(message="If the address has an account, a mail is on its way.")


@router.post("/password/reset", responses=docs.errors(404, *_BODY), openapi_extra=docs.body(NewPassword))
async def reset_password(request: Request, session: Anonymous) -> MailSent:
    """Sets a new password by the mail's token, and signs out everywhere."""
    wanted = await body.read(request, NewPassword, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.sessions.ResetPassword, pb.ResetPasswordRequest(token=wanted.token, password=wanted.password))
    return MailSent(message="The new password is set. Sign in with it.")


@well_known.get("/.well-known/jwks.json", responses=docs.errors(), response_class=Response)
async def jwks(session: TokenClient) -> Response:
    """The public keys of access tokens, a JWK Set (RFC 7517)."""
    found = await session.call(session.gateway.sessions.GetSigningKeys, pb.GetSigningKeysRequest())
    return Response(found.jwks_json, media_type="application/jwk-set+json", headers={"cache-control": f"public, max-age={_KEEP_KEYS_S}"})


def origin(request: Request) -> pb.Origin:
    return pb.Origin(network=client_network(request), device=request.headers.get("user-agent", "")[:200])
