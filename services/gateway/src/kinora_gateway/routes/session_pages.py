"""/new-password: where the link of a mail leads."""

from typing import Annotated

import grpc
from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from kinora.identity.v1 import session_service_pb2 as pb

from kinora_gateway.pages import field, form, onward, page, refusal, text
from kinora_gateway.session import Anonymous

router = APIRouter(include_in_schema=False)


@router.get("/new-password")
async def ask_for_password(token: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    return page(
        "Set a new password",
        form("/new-password", "Set it", field("password", "New password", kind="password", fills="new-password"), token=token),
    )


@router.post("/new-password")
async def set_password(
    session: Anonymous, token: Annotated[str, Form(max_length=200)], password: Annotated[str, Form(max_length=128)]
) -> HTMLResponse:
    try:
        await session.call(session.gateway.sessions.ResetPassword, pb.ResetPasswordRequest(token=token, password=password))
    except grpc.RpcError as error:
        return refusal(error)
    return page("Your new password is set", text("You were signed out everywhere."), onward("Sign in with it"))
