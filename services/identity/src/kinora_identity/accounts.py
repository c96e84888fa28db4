"""Opening and reading accounts."""

from collections.abc import Sequence
from contextlib import suppress

from kinora.identity.v1.events_pb2 import AccountCreated
from kinora.identity.v1.identity_service_pb2 import CreateAccountRequest, CreateAccountResponse
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, store, wire
from kinora_identity.domain import (
    Account,
    AccountNotFound,
    HandleInvalid,
    HandleTaken,
    TooManyAccounts,
    account_in_question,
    check_handle,
    check_name,
    require_operator,
)

_NAMED = 1000
_log = log.get("kinora.identity")


async def create_account(database: Database, caller: Identity, request: CreateAccountRequest) -> CreateAccountResponse:
    require_operator(caller)
    handle = check_handle(request.handle)
    display_name = check_name(request.display_name or handle, "display_name")
    role = wire.role(request.role)

    async def do() -> CreateAccountResponse:
        account = await add_account(tx, handle, display_name, role)
        await audit.add(tx, caller.account_id, "account.opened", account.id, role=role)
        return CreateAccountResponse(account=wire.account(account))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="CreateAccount", request=request, reply=CreateAccountResponse, do=do)


async def add_account(tx: AsyncConnection, handle: str, display_name: str, role: str) -> Account:
    """Raises HandleTaken."""
    account = await store.add_account(tx, handle=handle, display_name=display_name, role=role)
    if account is None:
        raise HandleTaken(f"The handle {handle} is taken; choose another.", param="handle")
    await outbox.add(tx, AccountCreated(account_id=account.id), key=account.id)
    _log.info("account.created", account_id=account.id, role=role)
    return account


async def get_account(database: Database, caller: Identity, account_id: str) -> tuple[Account, str]:
    """The account and its address, empty when it has none."""
    wanted = account_in_question(caller, account_id)
    async with database.begin() as tx:
        account, email = await store.get_account(tx, wanted), await store.email_of(tx, wanted)
    if account is None:
        raise AccountNotFound("There is no such account.", param="account_id")
    return account, email


async def find_account(database: Database, handle: str) -> Account:
    """Raises AccountNotFound, also for what cannot be a handle."""
    with suppress(HandleInvalid):
        wanted = check_handle(handle.removeprefix("@").lower())
        async with database.begin() as tx:
            if account := await store.by_handle(tx, wanted):
                return account
    raise AccountNotFound("Nobody here has that handle.", param="handle")


async def name_accounts(database: Database, account_ids: Sequence[str]) -> list[Account]:
    """What is no account is left out."""
    if len(account_ids) > _NAMED:
        raise TooManyAccounts(f"At most {_NAMED} accounts are named at once, not {len(account_ids)}.", param="account_ids")
    async with database.begin() as tx:
        return await store.named(tx, [each for each in account_ids if "\0" not in each])
