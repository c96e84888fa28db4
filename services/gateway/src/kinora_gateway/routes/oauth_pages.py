"""/oauth/authorize and /device: where a person lets a program in, by password."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

import grpc
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora_kit.errors import from_rpc_error
from pydantic import BaseModel, Field

from kinora_gateway import cookies
from kinora_gateway.oauth import refused
from kinora_gateway.pages import field, form, page, refusal, text
from kinora_gateway.routes.sessions import origin
from kinora_gateway.session import Anonymous, Session

router = APIRouter(include_in_schema=False)
_AGAIN = {"SignInRefused", "SecondFactorNeeded", "TooManyTries", "UserCodeUnknown"}  # what a person can put right on the page
_MAY = {"videos:read": "see your videos", "videos:write": "make, change and delete your videos"}
_CODE = field("code", "Code of your authenticator app, if you use one", fills="one-time-code", required=False)
_SIGN_IN = (
    field("email", "E-mail address", kind="email", fills="username"),
    field("password", "Password", kind="password", fills="current-password"),
    _CODE,
)
Text = Annotated[str, Field(max_length=1000)]


class Asked(BaseModel):
    """What a client sends a person along with."""

    response_type: Text = ""
    client_id: Text = ""
    redirect_uri: Text = ""
    scope: Text = ""
    state: Text = ""
    code_challenge: Text = ""
    code_challenge_method: Text = ""

    @property
    def authorization(self) -> pb.Authorization:
        return pb.Authorization(
            client_id=self.client_id, redirect_uri=self.redirect_uri, scopes=self.scope.split(), code_challenge=self.code_challenge
        )


class Answered(Asked):
    email: Text = ""
    password: Annotated[str, Field(max_length=128)] = ""
    code: Annotated[str, Field(max_length=40)] = ""
    answer: Text = ""


class DeviceAnswered(BaseModel):
    user_code: Text = ""
    email: Text = ""
    password: Annotated[str, Field(max_length=128)] = ""
    code: Annotated[str, Field(max_length=40)] = ""
    answer: Text = ""


@router.get("/oauth/authorize")
async def ask(asked: Annotated[Asked, Query()], session: Anonymous) -> Response:
    return await _consent(asked, session)


@router.post("/oauth/authorize")
async def allow(request: Request, answered: Annotated[Answered, Form()], session: Anonymous) -> Response:
    cookies.check_origin(request)
    shown = await _consent(answered, session)
    if isinstance(shown, RedirectResponse) or shown.status_code != 200:
        return shown
    if answered.answer == "no":
        return _back(answered, session, error="access_denied")
    message = pb.AuthorizeRequest(authorization=answered.authorization, consent=_consent_of(request, answered))
    try:
        return _back(answered, session, code=(await session.call(session.gateway.oauth.Authorize, message)).code)
    except grpc.RpcError as error:
        return await _consent(answered, session, complaint=_complaint(error))


@router.get("/device")
async def ask_device(user_code: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    return _device_page(user_code)


@router.post("/device")
async def answer_device(request: Request, answered: Annotated[DeviceAnswered, Form()], session: Anonymous) -> HTMLResponse:
    cookies.check_origin(request)
    allowed = answered.answer != "no"
    consent = _consent_of(request, answered)
    message = pb.AnswerDeviceRequest(user_code=answered.user_code, allow=allowed, consent=consent)
    try:
        client = (await session.call(session.gateway.oauth.AnswerDevice, message)).client
    except grpc.RpcError as error:
        return _device_page(answered.user_code, complaint=_complaint(error))
    return page("Done", text(f"{client.name} {'may now act for you' if allowed else 'was refused'}. You can close this page."))


async def _consent(asked: Asked, session: Session, *, complaint: str = "") -> Response:
    """The page that asks; a redirect or an error page when the client asks wrongly."""
    try:
        checked = await session.call(
            session.gateway.oauth.CheckAuthorization, pb.CheckAuthorizationRequest(authorization=asked.authorization)
        )
    except grpc.RpcError as error:
        if from_rpc_error(error).reason in {"InvalidScope", "ChallengeInvalid"}:
            return _back(asked, session, error=refused(error).code)
        return refusal(error)
    if asked.response_type != "code":
        return _back(asked, session, error="unsupported_response_type")
    if asked.code_challenge_method != "S256":
        return _back(asked, session, error="invalid_request")
    name, target = checked.client.name, urlsplit(asked.redirect_uri)
    may = " and ".join(_MAY[scope] for scope in checked.scopes)
    return page(
        f"Let {name} in?",
        text(complaint), text(f"{name} asks to {may}. You will be sent on to {target.netloc or target.scheme}."),
        form("/oauth/authorize", "Allow", *_SIGN_IN, no="Refuse", **asked.model_dump(include=set(Asked.model_fields))),
        leads_to=f"{target.scheme}://{target.netloc}" if target.netloc else f"{target.scheme}:",
    )  # fmt: skip


def _back(asked: Asked, session: Session, **answer: str) -> RedirectResponse:
    """To the client, which was checked before."""
    target = urlsplit(asked.redirect_uri)
    state = {"state": asked.state} if asked.state else {}
    query = urlencode([*parse_qsl(target.query), *(answer | state | {"iss": session.gateway.public_url}).items()])
    return RedirectResponse(target._replace(query=query).geturl(), 303, {"cache-control": "no-store"})


def _device_page(user_code: str, *, complaint: str = "") -> HTMLResponse:
    warning = "Go on only if this code is shown by a program that you have started yourself."
    code = field("user_code", "Code", value=user_code)
    return page("Let a device in?", text(complaint), text(warning), form("/device", "Allow", code, *_SIGN_IN, no="Refuse"))


def _consent_of(request: Request, answered: Answered | DeviceAnswered) -> pb.Consent:
    return pb.Consent(email=answered.email, password=answered.password, code=answered.code, origin=origin(request))


def _complaint(error: grpc.RpcError) -> str:
    remote = from_rpc_error(error)
    if remote.reason not in _AGAIN:
        raise error
    return remote.message
