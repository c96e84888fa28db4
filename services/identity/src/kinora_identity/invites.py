"""Codes that let one person in each."""

import re
import secrets
from collections.abc import Sequence

from kinora.identity.v1 import entry_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.errors import InvalidArgument
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, entry_store, store, wire
from kinora_identity.domain import AccountNotFound, account_in_question, require_admin, require_operator
from kinora_identity.entry_store import Invite

ON_ADMISSION = 4
MAX_AT_ONCE = 1000
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is read as something else
_HALF = 5  # 50 bits in all: hopeless to guess over a network
_FORM = re.compile(f"[{_LETTERS}]{{{2 * _HALF}}}")


class CountInvalid(InvalidArgument):
    pass


def new_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2))


def read_code(text: str) -> str:
    """As people type it: any case, with or without the hyphen, o for 0, i and l for 1. What is no code at all becomes "?"."""
    letters = re.sub(r"[\s-]", "", text.upper()).translate(str.maketrans("OIL", "011"))
    if not letters:
        return ""
    return f"{letters[:_HALF]}-{letters[_HALF:]}" if _FORM.fullmatch(letters) else "?"


def check_count(count: int) -> int:
    if not 1 <= count <= MAX_AT_ONCE:
        raise CountInvalid(f"count must be 1 to {MAX_AT_ONCE}.", param="count")
    return count


async def add_invites(tx: AsyncConnection, owner_id: str, count: int) -> Sequence[Invite]:
    return [await entry_store.add_invite(tx, new_code(), owner_id) for _ in range(count)]


async def grant_invites(database: Database, caller: Identity, request: pb.GrantInvitesRequest) -> pb.GrantInvitesResponse:
    require_operator(caller)
    owner_id, count = account_in_question(caller, request.account_id), check_count(request.count)

    async def do() -> pb.GrantInvitesResponse:
        if not await store.lock_account(tx, owner_id):
            raise AccountNotFound("There is no such account.", param="account_id")
        granted = await add_invites(tx, owner_id, count)
        await audit.add(tx, caller.account_id, "invites.granted", owner_id, count=count)
        return pb.GrantInvitesResponse(invites=[wire.invite(invite) for invite in granted])

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="GrantInvites", request=request, reply=pb.GrantInvitesResponse, do=do)


async def list_invites(database: Database, caller: Identity, account_id: str) -> tuple[Sequence[Invite], str]:
    """The invites, and the handle of who invited the account itself."""
    require_admin(caller)
    owner_id = account_in_question(caller, account_id)
    async with database.begin() as tx:
        return await entry_store.list_invites(tx, owner_id), await entry_store.invited_by(tx, owner_id)
