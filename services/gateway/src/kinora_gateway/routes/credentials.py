"""/api: by what an account is entered: set-up, and changes of address, password and name."""

from fastapi import APIRouter, Request
from kinora.identity.v1 import credentials_service_pb2 as pb

from kinora_gateway import accounts, body, docs
from kinora_gateway.accounts import Account
from kinora_gateway.credentials import AccountChange, EmailChange, PasswordChange, PasswordChanged, SetUp, SetUpAsked
from kinora_gateway.entry import Confirmation, MailSent
from kinora_gateway.session import Admin, Anonymous, Session

router = APIRouter(prefix="/api", tags=["accounts"])
_BODY = (408, 413, 415)
_SENT = MailSent(message="We have sent a mail to this address; its link works for a day.")


@router.post("/me/set-up", status_code=202, responses=docs.errors(409, *_BODY), openapi_extra=docs.body(SetUpAsked))
async def set_me_up(request: Request, session: Admin) -> MailSent:
    """Mails a link by which an account without address and password gets both, and a birth date."""
    return await _send_set_up(request, session, "")


@router.post("/accounts/{account_id}/set-up", status_code=202, responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(SetUpAsked))
async def set_up_account(account_id: str, request: Request, session: Admin) -> MailSent:
    """The same for an account that was opened for somebody; operators only."""
    return await _send_set_up(request, session, account_id)


@router.post("/set-up", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(SetUp))
async def complete_set_up(request: Request, session: Anonymous) -> Account:
    """Sets the account up by the mail's token."""
    wanted = await body.read(request, SetUp, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.CompleteSetUpRequest(**wanted.model_dump())
    return accounts.account((await session.call(session.gateway.credentials.CompleteSetUp, message)).account)


@router.patch("/me", responses=docs.errors(404, *_BODY), openapi_extra=docs.body(AccountChange))
async def change_me(request: Request, session: Admin) -> Account:
    """Sets another display name."""
    wanted = await body.read(request, AccountChange, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.ChangeNameRequest(display_name=wanted.display_name)
    return accounts.account((await session.call(session.gateway.credentials.ChangeName, message)).account)


@router.post("/me/email", status_code=202, responses=docs.errors(409, *_BODY), openapi_extra=docs.body(EmailChange))
async def change_email(request: Request, session: Admin) -> MailSent:
    """Mails a link to the new address, which counts once confirmed. Needs step-up."""
    wanted = await body.read(request, EmailChange, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.credentials.ChangeEmail, pb.ChangeEmailRequest(email=wanted.email))
    return _SENT


@router.post("/email/confirm", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(Confirmation))
async def confirm_email(request: Request, session: Anonymous) -> MailSent:
    """Confirms the new address by the mail's token; the old one is told."""
    wanted = await body.read(request, Confirmation, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.credentials.ConfirmEmail, pb.ConfirmEmailRequest(token=wanted.token))
    return MailSent(message="Sign in with the new address from now on. The old one was told.")


@router.put("/me/password", responses=docs.errors(409, *_BODY), openapi_extra=docs.body(PasswordChange))
async def change_password(request: Request, session: Admin) -> PasswordChanged:
    """Sets another password and ends all other sessions. Needs step-up."""
    wanted = await body.read(request, PasswordChange, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.ChangePasswordRequest(password=wanted.password)
    return PasswordChanged(ended=(await session.call(session.gateway.credentials.ChangePassword, message)).ended)


async def _send_set_up(request: Request, session: Session, account_id: str) -> MailSent:
    wanted = await body.read(request, SetUpAsked, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.credentials.SendSetUp, pb.SendSetUpRequest(account_id=account_id, email=wanted.email))
    return _SENT
