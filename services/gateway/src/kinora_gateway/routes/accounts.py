"""/api: one's own account and its keys; operators open accounts."""

from fastapi import APIRouter, Request
from kinora.identity.v1.identity_service_pb2 import (
    CreateAccountRequest,
    CreateApiKeyRequest,
    GetAccountRequest,
    ListApiKeysRequest,
    RevokeApiKeyRequest,
)

from kinora_gateway import accounts, body, docs
from kinora_gateway.accounts import Account, ApiKey, IssuedKey, KeyList, Me, NewAccount, NewKey
from kinora_gateway.repeats import repeat
from kinora_gateway.session import Admin, Caller

router = APIRouter(prefix="/api", tags=["accounts"])
_repeatable = {"parameters": docs.repeat_headers()}


@router.get("/me", responses=docs.errors())
async def me(session: Caller) -> Me:
    """Whose key this is, and what it may do."""
    reply = await session.call(session.gateway.identity.GetAccount, GetAccountRequest())
    return Me(
        account=accounts.account(reply.account), email=reply.email or None,
        key_id=session.caller.key_id, scopes=sorted(session.caller.scopes),
    )  # fmt: skip


@router.post("/accounts", responses=docs.errors(408, 409, 413, 415), openapi_extra={**docs.body(NewAccount), **_repeatable})
async def create_account(request: Request, session: Admin) -> Account:
    """Opens an account; operators only."""
    wanted = await body.read(request, NewAccount, timeout_s=session.gateway.settings.body_timeout_s)
    message = CreateAccountRequest(
        request_id=repeat(request).request_id, handle=wanted.handle, display_name=wanted.display_name, role=accounts.ROLES[wanted.role]
    )
    return accounts.account((await session.call(session.gateway.identity.CreateAccount, message)).account)


@router.post("/keys", responses=docs.errors(408, 409, 413, 415), openapi_extra={**docs.body(NewKey), **_repeatable})
async def create_key(request: Request, session: Admin) -> IssuedKey:
    """Issues a key with no more scopes than this one has. Its secret is shown once."""
    wanted = await body.read(request, NewKey, timeout_s=session.gateway.settings.body_timeout_s)
    message = CreateApiKeyRequest(
        request_id=repeat(request).request_id, account_id=wanted.account_id or "", name=wanted.name, scopes=wanted.scopes
    )
    issued = await session.call(session.gateway.identity.CreateApiKey, message)
    return IssuedKey(**accounts.api_key(issued.key).model_dump(), secret=issued.secret)


@router.get("/keys", responses=docs.errors())
async def list_keys(session: Admin) -> KeyList:
    """The account's keys, never their secrets."""
    reply = await session.call(session.gateway.identity.ListApiKeys, ListApiKeysRequest())
    return KeyList(data=[accounts.api_key(key) for key in reply.keys])


@router.delete("/keys/{key_id}", responses=docs.errors(404))
async def revoke_key(key_id: str, request: Request, session: Admin) -> ApiKey:
    """Revokes a key; it stops working everywhere within five seconds."""
    message = RevokeApiKeyRequest(request_id=repeat(request).request_id, key_id=key_id)
    return accounts.api_key((await session.call(session.gateway.identity.RevokeApiKey, message)).key)
