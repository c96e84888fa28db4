"""/api: what guards an account; /api/audit: what was done."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from kinora.identity.v1 import security_service_pb2 as pb

from kinora_gateway import accounts, body, docs, security
from kinora_gateway.accounts import Account
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.sessions import origin
from kinora_gateway.security import Audit, AuditCheck, Erased, Factors, FirstCode, NewRole, Proof, RecoveryCodes, SteppedUp, TotpSecret
from kinora_gateway.session import Admin, bearer

router = APIRouter(prefix="/api", tags=["security"])
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
_BODY = (408, 413, 415)
_repeatable = {"parameters": docs.repeat_headers()}


@router.post("/sessions/current/step-up", responses=docs.errors(409, *_BODY), openapi_extra=docs.body(Proof))
async def step_up(request: Request, session: Admin, credentials: Bearer) -> SteppedUp:
    """Proves once more who sits there; for ten minutes the session may do what needs that."""
    wanted = await body.read(request, Proof, timeout_s=session.gateway.settings.body_timeout_s)
    message = _proof(request, wanted)
    until = (await session.call(session.gateway.security.StepUp, message)).until
    if credentials:
        session.gateway.keys.forget(credentials.credentials)
    return SteppedUp(until=until)


@router.get("/me/factors", responses=docs.errors())
async def read_factors(session: Admin) -> Factors:
    """What the account can be entered with."""
    found = await session.call(session.gateway.security.GetFactors, pb.GetFactorsRequest())
    return Factors(password=found.password, totp=found.totp, recovery_codes=found.recovery_codes, passkeys=found.passkeys)


@router.post("/me/totp", responses=docs.errors(409))
async def start_totp(session: Admin, response: Response) -> TotpSecret:
    """A secret for an authenticator app, which counts once confirmed. Needs step-up."""
    response.headers["cache-control"] = "no-store"
    started = await session.call(session.gateway.security.StartTotp, pb.StartTotpRequest())
    return TotpSecret(secret=started.secret, uri=started.uri)


@router.post("/me/totp/confirm", responses=docs.errors(409, *_BODY), openapi_extra=docs.body(FirstCode))
async def confirm_totp(request: Request, session: Admin) -> RecoveryCodes:
    """Confirms the app by a first code. Needs step-up."""
    wanted = await body.read(request, FirstCode, timeout_s=session.gateway.settings.body_timeout_s)
    confirmed = await session.call(session.gateway.security.ConfirmTotp, pb.ConfirmTotpRequest(code=wanted.code))
    return RecoveryCodes(recovery_codes=list(confirmed.recovery_codes))


@router.delete("/me/totp", responses=docs.errors())
async def remove_totp(session: Admin) -> Factors:
    """Removes the app and the recovery codes. Needs step-up."""
    await session.call(session.gateway.security.RemoveTotp, pb.RemoveTotpRequest())
    return await read_factors(session)


@router.get("/me/export", responses={**docs.errors(404), 200: {"content": {"application/json": {"schema": {"type": "object"}}}}})
async def export_account(session: Admin) -> Response:
    """Everything that identity holds about the account, without secrets. Needs step-up."""
    found = await session.call(session.gateway.security.ExportAccount, pb.ExportAccountRequest())
    headers = {"content-disposition": 'attachment; filename="kinora-account.json"', "cache-control": "no-store"}
    return Response(found.export_json, media_type="application/json", headers=headers)


@router.delete("/me", responses=docs.errors(404, 409))
async def erase_me(session: Admin) -> Erased:
    """Erases one's own account for good. Needs step-up."""
    await session.call(session.gateway.security.EraseAccount, pb.EraseAccountRequest())
    return Erased()


@router.delete("/accounts/{account_id}", responses=docs.errors(404, 409))
async def erase_account(account_id: str, session: Admin) -> Erased:
    """Erases an account for good; operators only."""
    await session.call(session.gateway.security.EraseAccount, pb.EraseAccountRequest(account_id=account_id))
    return Erased()


@router.put("/accounts/{account_id}/role", responses=docs.errors(404, 409, *_BODY), openapi_extra={**docs.body(NewRole), **_repeatable})
async def set_role(account_id: str, request: Request, session: Admin) -> Account:
    """Makes an account a user, moderator or operator; operators only."""
    wanted = await body.read(request, NewRole, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.SetRoleRequest(request_id=repeat(request).request_id, account_id=account_id, role=accounts.ROLES[wanted.role])
    return accounts.account((await session.call(session.gateway.security.SetRole, message)).account)


@router.get("/audit", responses=docs.errors())
async def list_audit(session: Admin, before: Annotated[int, Query(ge=0, le=2**62)] = 0) -> Audit:
    """What was done, newest first, a hundred at a time: operators see all, others what concerns themselves."""
    found = await session.call(session.gateway.security.ListAudit, pb.ListAuditRequest(before=before))
    return Audit(data=[security.entry(each) for each in found.entries])


@router.get("/audit/check", responses=docs.errors())
async def check_audit(session: Admin) -> AuditCheck:
    """Recomputes the chain of the audit log; operators only."""
    found = await session.call(session.gateway.security.CheckAudit, pb.CheckAuditRequest())
    return AuditCheck(entries=found.entries, first_broken=found.first_broken or None, head_sha256=found.head_sha256)


def _proof(request: Request, wanted: Proof) -> pb.StepUpRequest:
    message = pb.StepUpRequest(origin=origin(request), **wanted.model_dump(include={"password", "code"}, exclude_none=True))
    if wanted.passkey is not None:
        message.passkey_json = json.dumps(wanted.passkey)
    return message
