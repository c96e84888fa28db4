"""/set-up and /new-email: where the links of mails lead."""

from typing import Annotated

import grpc
from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from kinora.identity.v1 import credentials_service_pb2 as pb

from kinora_gateway.pages import field, form, onward, page, refusal, text
from kinora_gateway.session import Anonymous

router = APIRouter(include_in_schema=False)
Token = Annotated[str, Query(max_length=200)]
Text = Annotated[str, Form(max_length=200)]


@router.get("/set-up")
async def ask_to_set_up(token: Token = "") -> HTMLResponse:
    fields = (
        field("birth_date", "Your birth date", kind="date", fills="bday"),
        field("password", "A password", kind="password", fills="new-password"),
    )
    return page("Set up your account", form("/set-up", "Set it up", *fields, token=token))


@router.post("/set-up")
async def set_up(session: Anonymous, token: Text, birth_date: Text, password: Annotated[str, Form(max_length=128)]) -> HTMLResponse:
    message = pb.CompleteSetUpRequest(token=token, birth_date=birth_date, password=password)
    try:
        account = (await session.call(session.gateway.credentials.CompleteSetUp, message)).account
    except grpc.RpcError as error:
        return refusal(error)
    words = f"@{account.handle} is entered with your address and this password from now on."
    return page("Your account is set up", text(words), onward("Sign in"))


@router.get("/new-email")
async def ask_to_confirm(token: Token = "") -> HTMLResponse:
    """A button, since mail scanners open links."""
    return page("Confirm your new address", form("/new-email", "Use this address", token=token))


@router.post("/new-email")
async def confirm(session: Anonymous, token: Text) -> HTMLResponse:
    try:
        await session.call(session.gateway.credentials.ConfirmEmail, pb.ConfirmEmailRequest(token=token))
    except grpc.RpcError as error:
        return refusal(error)
    return page("Your new address counts", text("Sign in with it from now on. The old address was told."), onward("Your account"))
