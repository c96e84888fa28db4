"""/api: the way in. Signing up needs no key."""

from fastapi import APIRouter, Request
from kinora.identity.v1 import entry_service_pb2 as pb

from kinora_gateway import accounts, body, docs, entry
from kinora_gateway.accounts import Account
from kinora_gateway.entry import (
    Admission,
    Admitted,
    Confirmation,
    Door,
    DoorSetting,
    InviteGrant,
    InviteList,
    MailSent,
    NewSignUp,
    Place,
    Ticket,
    WaitlistEntry,
)
from kinora_gateway.repeats import repeat
from kinora_gateway.session import Admin, Anonymous

router = APIRouter(prefix="/api", tags=["entry"])
_BODY = (408, 413, 415)
_repeatable = {"parameters": docs.repeat_headers()}


@router.get("/door", responses=docs.errors())
async def read_door(session: Anonymous) -> Door:
    """Who may sign up now."""
    return entry.door((await session.call(session.gateway.entry.GetDoor, pb.GetDoorRequest())).mode)


@router.put("/door", responses=docs.errors(*_BODY), openapi_extra={**docs.body(DoorSetting), **_repeatable})
async def set_door(request: Request, session: Admin) -> Door:
    """Opens or closes the door; operators only."""
    wanted = await body.read(request, DoorSetting, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.SetDoorRequest(request_id=repeat(request).request_id, mode=entry.MODES[wanted.mode])
    return entry.door((await session.call(session.gateway.entry.SetDoor, message)).mode)


@router.post("/sign-up", status_code=202, responses=docs.errors(409, *_BODY), openapi_extra=docs.body(NewSignUp))
async def sign_up(request: Request, session: Anonymous) -> MailSent:
    """Keeps the handle and the invite for a day and mails a link that opens the account; once more: mails another."""
    wanted = await body.read(request, NewSignUp, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.entry.SignUp, pb.SignUpRequest(**wanted.model_dump()))
    return MailSent(message="We have sent you a mail; open its link within a day to open your account.")


@router.post("/sign-up/confirm", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(Confirmation))
async def confirm_sign_up(request: Request, session: Anonymous) -> Account:
    """Opens the account."""
    wanted = await body.read(request, Confirmation, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.ConfirmSignUpRequest(token=wanted.token)
    return accounts.account((await session.call(session.gateway.entry.ConfirmSignUp, message)).account)


@router.post("/waitlist", status_code=202, responses=docs.errors(*_BODY), openapi_extra=docs.body(WaitlistEntry))
async def join_waitlist(request: Request, session: Anonymous) -> MailSent:
    """Mails the place on the waitlist; once more: mails it again."""
    wanted = await body.read(request, WaitlistEntry, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.entry.JoinWaitlist, pb.JoinWaitlistRequest(email=wanted.email))
    return MailSent(message="We have sent you a mail with your place on the waitlist.")


@router.post("/waitlist/place", responses=docs.errors(404, *_BODY), openapi_extra=docs.body(Ticket))
async def read_place(request: Request, session: Anonymous) -> Place:
    """The place that a ticket stands for."""
    wanted = await body.read(request, Ticket, timeout_s=session.gateway.settings.body_timeout_s)
    found = await session.call(session.gateway.entry.GetWaitlistPlace, pb.GetWaitlistPlaceRequest(ticket=wanted.ticket))
    return Place(position=found.position, waiting=found.waiting)


@router.post("/waitlist/admissions", responses=docs.errors(409, *_BODY), openapi_extra={**docs.body(Admission), **_repeatable})
async def admit(request: Request, session: Admin) -> Admitted:
    """Mails invites to those who have waited longest; operators only."""
    wanted = await body.read(request, Admission, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.AdmitFromWaitlistRequest(request_id=repeat(request).request_id, count=wanted.count)
    return Admitted(admitted=(await session.call(session.gateway.entry.AdmitFromWaitlist, message)).admitted)


@router.post("/invites", responses=docs.errors(404, 409, *_BODY), openapi_extra={**docs.body(InviteGrant), **_repeatable})
async def grant_invites(request: Request, session: Admin) -> InviteList:
    """Gives an account more invites; operators only. Answers with the new ones."""
    wanted = await body.read(request, InviteGrant, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.GrantInvitesRequest(request_id=repeat(request).request_id, account_id=wanted.account_id or "", count=wanted.count)
    granted = await session.call(session.gateway.entry.GrantInvites, message)
    return InviteList(data=[entry.invite(each) for each in granted.invites], invited_by=None)


@router.get("/invites", responses=docs.errors())
async def list_invites(session: Admin) -> InviteList:
    """One's own invites, and who came by them."""
    found = await session.call(session.gateway.entry.ListInvites, pb.ListInvitesRequest())
    return InviteList(data=[entry.invite(each) for each in found.invites], invited_by=found.invited_by or None)
