"""/confirm and /waitlist: where the links of mails lead."""

from typing import Annotated

import grpc
from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from kinora.identity.v1 import entry_service_pb2 as pb

from kinora_gateway.pages import form, onward, page, refusal, text
from kinora_gateway.session import Anonymous

router = APIRouter(include_in_schema=False)
Token = Annotated[str, Query(max_length=200)]


@router.get("/confirm")
async def ask_to_confirm(token: Token = "") -> HTMLResponse:
    """A button, since mail scanners open links."""
    return page("Confirm your address", form("/confirm", "Open my account", token=token))


@router.post("/confirm")
async def confirm(session: Anonymous, token: Annotated[str, Form(max_length=200)]) -> HTMLResponse:
    try:
        opened = await session.call(session.gateway.entry.ConfirmSignUp, pb.ConfirmSignUpRequest(token=token))
    except grpc.RpcError as error:
        return refusal(error)
    return page("Welcome", text(f"Your account @{opened.account.handle} is open."), onward("Sign in"))


@router.get("/waitlist")
async def show_place(session: Anonymous, token: Token = "") -> HTMLResponse:
    try:
        found = await session.call(session.gateway.entry.GetWaitlistPlace, pb.GetWaitlistPlaceRequest(ticket=token))
    except grpc.RpcError as error:
        return refusal(error)
    words = f"You are number {found.position} of {found.waiting}." if found.position else "Your invite is in your mailbox."
    return page("Your place on the waitlist", text(words))
