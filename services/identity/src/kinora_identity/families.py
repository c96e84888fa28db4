"""Young people, the parents that they are linked to, and what those may relax."""

from dataclasses import asdict

from kinora.identity.v1 import family_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import ages, audit, family_store, letters, store
from kinora_identity.domain import Account, AccountNotFound, AdultsOnly, check_handle, is_id, is_operator, require_stepped_up
from kinora_identity.family_store import Relative, Switches
from kinora_identity.mails import Outgoing

DAY = 24 * 60
STRICT = Switches(infinite_scroll=False, stop_after_minutes=60, cool_down_minutes=30, quiet_from=22 * 60, quiet_until=7 * 60)
"""For everybody under 18, and for those whose age is not known, unless a parent relaxes it."""
NONE = Switches(infinite_scroll=True, stop_after_minutes=0, cool_down_minutes=0, quiet_from=0, quiet_until=0)
_MAX_ASKED = 4


class NotUnder18(FailedPrecondition):
    pass


class HandleUnknown(NotFound):
    pass


class TooManyParents(FailedPrecondition):
    pass


class LinkNotFound(NotFound):
    pass


class SwitchInvalid(InvalidArgument):
    pass


async def ask_parent(database: Database, outgoing: Outgoing, caller: Identity, handle: str) -> None:
    """Only an adult is told; who asks does not learn who is one."""
    handle = check_handle(handle)
    async with database.begin() as tx:
        child = await _account(tx, caller.account_id)
        _require_band(child, "teen", NotUnder18("Only people under 18 have parents here."))
        await store.lock_account(tx, child.id)
        parent = await family_store.by_handle(tx, handle)
        if parent is None or parent.id == child.id:
            raise HandleUnknown("There is nobody else with this handle.", param="handle")
        if await family_store.count_asked(tx, child.id) >= _MAX_ASKED:
            raise TooManyParents(f"You have asked {_MAX_ASKED} people; end one of these links first.")
        asked = await family_store.ask(tx, child.id, parent.id)
        if asked and _band(parent) == "adult" and (email := await store.email_of(tx, parent.id)):
            await outgoing.add(tx, email, letters.child_asks(outgoing.public_url, child.handle))


async def answer_child(database: Database, caller: Identity, child_id: str, *, accept: bool) -> None:
    require_stepped_up(caller)
    async with database.begin() as tx:
        _require_band(await _account(tx, caller.account_id), "adult", AdultsOnly("Only adults are parents here."))
        found = is_id(child_id) and await (
            family_store.accept(tx, child_id, caller.account_id) if accept else family_store.end(tx, child_id, caller.account_id)
        )
        if not found:
            raise LinkNotFound("This person has not asked you.", param="account_id")
        await audit.add(tx, caller.account_id, "parent.accepted" if accept else "parent.refused", child_id)


async def list_family(database: Database, caller: Identity) -> tuple[list[Relative], list[Relative]]:
    """Parents, and children."""
    async with database.begin() as tx:
        return await family_store.parents(tx, caller.account_id), await family_store.children(tx, caller.account_id)


async def end_link(database: Database, outgoing: Outgoing, caller: Identity, other_id: str) -> None:
    """The other end is told by mail."""
    async with database.begin() as tx:
        child_id = await family_store.end(tx, caller.account_id, other_id) if is_id(other_id) else None
        if child_id is None:
            raise LinkNotFound("You have no link with this account.", param="account_id")
        if not await family_store.is_linked(tx, child_id):
            await family_store.forget_switches(tx, child_id)
        if email := await store.email_of(tx, other_id):
            await outgoing.add(tx, email, letters.link_ended(outgoing.public_url, (await _account(tx, caller.account_id)).handle))
        await audit.add(tx, caller.account_id, "parent.ended", other_id)


async def get_switches(database: Database, caller: Identity, account_id: str) -> Switches:
    wanted = account_id or caller.account_id
    async with database.begin() as tx:
        own = wanted == caller.account_id or caller.role == "service" or is_operator(caller)
        if not is_id(wanted) or not (own or await family_store.is_linked(tx, wanted, caller.account_id)):
            raise AccountNotFound("There is no such account.", param="account_id")
        return await _holding(tx, await _account(tx, wanted))


async def set_switches(database: Database, caller: Identity, account_id: str, wanted: pb.Switches) -> Switches:
    require_stepped_up(caller)
    switches = check_switches(wanted)
    async with database.begin() as tx:
        if not is_id(account_id) or not await family_store.is_linked(tx, account_id, caller.account_id):
            raise LinkNotFound("You are not linked with this account as its parent.", param="account_id")
        child = await _account(tx, account_id)
        _require_band(child, "teen", NotUnder18("This person has come of age: nothing holds for them any more."))
        await family_store.set_switches(tx, account_id, switches)
        await audit.add(tx, caller.account_id, "switches.set", account_id, **asdict(switches))
        return await _holding(tx, child)


def check_switches(wanted: pb.Switches) -> Switches:
    """Raises SwitchInvalid."""
    limits = {"stop_after_minutes": DAY, "cool_down_minutes": DAY, "quiet_from": DAY - 1, "quiet_until": DAY - 1}
    for name, most in limits.items():
        if not 0 <= getattr(wanted, name) <= most:
            raise SwitchInvalid(f"{name} must be 0 to {most} minutes.", param=name)
    return Switches(infinite_scroll=wanted.infinite_scroll, **{name: getattr(wanted, name) for name in limits})


async def _holding(tx: AsyncConnection, account: Account) -> Switches:
    """What a parent relaxed counts while the link does, and while the child is one: computed at use, nothing has to expire."""
    if _band(account) == "adult":
        return NONE
    relaxed = await family_store.switches(tx, account.id) if await family_store.is_linked(tx, account.id) else None
    return relaxed or STRICT


async def _account(tx: AsyncConnection, account_id: str) -> Account:
    account = await store.get_account(tx, account_id)
    if account is None:
        raise AccountNotFound("There is no such account.", param="account_id")
    return account


def _band(account: Account) -> str:
    return ages.band(account.birth_date)


def _require_band(account: Account, band: str, refusal: FailedPrecondition) -> None:
    if _band(account) != band:
        raise refusal
