"""/api: passkeys, to sign in and to step up with."""

import json

from fastapi import APIRouter, Request, Response
from kinora.identity.v1 import passkey_service_pb2 as pb

from kinora_gateway import body, cookies, docs, passkeys, sessions
from kinora_gateway.passkeys import NewPasskey, Passkey, PasskeyList, PasskeyOptions, PasskeySignIn
from kinora_gateway.routes.sessions import origin
from kinora_gateway.session import Admin, Anonymous
from kinora_gateway.sessions import SignedIn

router = APIRouter(prefix="/api", tags=["passkeys"])
_BODY = (408, 413, 415)


@router.post("/sessions/passkey/options", responses=docs.errors())
async def ask_anybody(session: Anonymous) -> PasskeyOptions:
    """Options to sign in with a passkey; for one use within five minutes."""
    return passkeys.options((await session.call(session.gateway.passkeys.AskForPasskey, pb.AskForPasskeyRequest())).options_json)


@router.post("/sessions/passkey", responses=docs.errors(*_BODY), openapi_extra=docs.body(PasskeySignIn))
async def sign_in(request: Request, session: Anonymous, response: Response) -> SignedIn:
    """Signs in by a passkey alone; sets the refresh token as a cookie."""
    cookies.check_origin(request)
    wanted = await body.read(request, PasskeySignIn, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.SignInByPasskeyRequest(credential_json=json.dumps(wanted.credential), origin=origin(request))
    tokens = (await session.call(session.gateway.passkeys.SignInByPasskey, message)).tokens
    cookies.keep(request, response, tokens.refresh_token)
    return sessions.signed_in(tokens)


@router.post("/sessions/current/passkey-options", responses=docs.errors())
async def ask_caller(session: Admin) -> PasskeyOptions:
    """Options to step up with one of one's own passkeys."""
    return passkeys.options((await session.call(session.gateway.passkeys.AskForPasskey, pb.AskForPasskeyRequest())).options_json)


@router.post("/me/passkeys/options", responses=docs.errors())
async def start_passkey(session: Admin) -> PasskeyOptions:
    """Options to make a passkey with. Needs step-up."""
    return passkeys.options((await session.call(session.gateway.passkeys.StartPasskey, pb.StartPasskeyRequest())).options_json)


@router.post("/me/passkeys", responses=docs.errors(409, *_BODY), openapi_extra=docs.body(NewPasskey))
async def add_passkey(request: Request, session: Admin) -> Passkey:
    """Keeps a passkey that was made. Needs step-up."""
    wanted = await body.read(request, NewPasskey, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.AddPasskeyRequest(name=wanted.name, credential_json=json.dumps(wanted.credential))
    return passkeys.passkey((await session.call(session.gateway.passkeys.AddPasskey, message)).passkey)


@router.get("/me/passkeys", responses=docs.errors())
async def list_passkeys(session: Admin) -> PasskeyList:
    """One's own passkeys, oldest first."""
    found = await session.call(session.gateway.passkeys.ListPasskeys, pb.ListPasskeysRequest())
    return PasskeyList(data=[passkeys.passkey(each) for each in found.passkeys])


@router.delete("/me/passkeys/{passkey_id}", responses=docs.errors(404))
async def remove_passkey(passkey_id: str, session: Admin) -> PasskeyList:
    """Removes one; answers with those that are left. Needs step-up."""
    await session.call(session.gateway.passkeys.RemovePasskey, pb.RemovePasskeyRequest(passkey_id=passkey_id))
    return await list_passkeys(session)
