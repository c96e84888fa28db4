"""Issuing, listing and revoking API keys."""

from collections.abc import Sequence

from kinora.identity.v1.events_pb2 import ApiKeyRevoked
from kinora.identity.v1.identity_service_pb2 import (
    CreateApiKeyRequest,
    CreateApiKeyResponse,
    RevokeApiKeyRequest,
    RevokeApiKeyResponse,
)
from kinora_kit import log, outbox, secret
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import store, wire
from kinora_identity.domain import (
    MAX_WORKING_KEYS,
    AccountNotFound,
    ApiKey,
    KeyNotFound,
    TooManyKeys,
    account_in_question,
    check_name,
    check_scopes,
    is_id,
    is_operator,
    require_admin,
    require_may_give,
)
from kinora_identity.envelope import Envelope

_log = log.get("kinora.identity")


async def create_api_key(database: Database, envelope: Envelope, caller: Identity, request: CreateApiKeyRequest) -> CreateApiKeyResponse:
    require_admin(caller)
    account_id = account_in_question(caller, request.account_id)
    name, scopes = check_name(request.name, "name"), check_scopes(request.scopes, caller)
    require_may_give(caller, scopes)

    async def do() -> CreateApiKeyResponse:
        key, fresh = await add_key(tx, account_id, name, scopes)
        return CreateApiKeyResponse(key=wire.api_key(key), secret=envelope.close(fresh))

    # A repeat must show the same secret, and the reply that is kept for it must not: it is kept in an envelope.
    async with database.begin() as tx:
        kept = await once(tx, caller=caller.account_id, rpc="CreateApiKey", request=request, reply=CreateApiKeyResponse, do=do)
    return CreateApiKeyResponse(key=kept.key, secret=envelope.open(kept.secret))


async def add_key(tx: AsyncConnection, account_id: str, name: str, scopes: Sequence[str], *, given: str = "") -> tuple[ApiKey, str]:
    """The key and its secret: `given`, or a fresh one. Raises AccountNotFound and TooManyKeys."""
    if not await store.lock_account(tx, account_id):
        raise AccountNotFound("There is no such account.", param="account_id")
    if await store.count_working_keys(tx, account_id) >= MAX_WORKING_KEYS:
        raise TooManyKeys(f"This account has {MAX_WORKING_KEYS} working keys; revoke one first.")
    fresh = given or secret.new_secret()
    key = await store.add_key(
        tx, account_id=account_id, name=name, prefix=fresh[: secret.SHOWN], secret_sha256=secret.digest(fresh), scopes=scopes
    )
    _log.info("key.created", key_id=key.id, account_id=account_id, scopes=list(scopes))
    return key, fresh


async def list_api_keys(database: Database, caller: Identity, account_id: str) -> list[ApiKey]:
    require_admin(caller)
    wanted = account_in_question(caller, account_id)
    async with database.begin() as tx:
        return await store.list_keys(tx, wanted)


async def revoke_api_key(database: Database, caller: Identity, request: RevokeApiKeyRequest) -> RevokeApiKeyResponse:
    require_admin(caller)

    async def do() -> RevokeApiKeyResponse:
        return RevokeApiKeyResponse(key=wire.api_key(await _revoke(tx, caller, request.key_id)))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="RevokeApiKey", request=request, reply=RevokeApiKeyResponse, do=do)


async def _revoke(tx: AsyncConnection, caller: Identity, key_id: str) -> ApiKey:
    key = await store.get_key(tx, key_id) if is_id(key_id) else None
    if key is None or (key.account_id != caller.account_id and not is_operator(caller)):
        raise KeyNotFound("You have no such key.", param="key_id")
    if key.revoked_at:
        return key
    revoked = await store.revoke_key(tx, key_id)
    await outbox.add(tx, ApiKeyRevoked(key_id=key_id, account_id=key.account_id), key=key.account_id)
    _log.info("key.revoked", key_id=key_id, account_id=key.account_id)
    return revoked


async def revoked_before(tx: AsyncConnection, event: ApiKeyRevoked) -> None:
    """A key that a restored backup has brought back stops working again; but for that, it did when this is heard."""
    key = await store.get_key(tx, event.key_id)
    if key and not key.revoked_at:
        await store.revoke_key(tx, event.key_id)
        _log.info("key.revoked_again", key_id=event.key_id, account_id=event.account_id)
