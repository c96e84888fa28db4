"""Signing up, and confirming the address, which opens the account."""

from kinora.identity.v1 import entry_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import AlreadyExists, NotFound
from kinora_kit.identity import Identity
from kinora_kit.secret import MAIL_TOKEN, digest, new_secret
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import accounts, door, entry_store, letters, store
from kinora_identity.addresses import check_email
from kinora_identity.ages import check_birth_date
from kinora_identity.domain import Account, HandleTaken, check_handle, check_name, require_service
from kinora_identity.door import InviteInvalid
from kinora_identity.entry_store import SignUp
from kinora_identity.invites import ON_ADMISSION, add_invites, read_code
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords

RESERVED = frozenset(
    ("admin", "administrator", "api", "help", "kinora", "me", "moderator", "operator", "root", "security", "support", "system")
)
_log = log.get("kinora.identity")


class LinkInvalid(NotFound):
    pass


class EmailTaken(AlreadyExists):
    pass


async def sign_up(database: Database, passwords: Passwords, outgoing: Outgoing, caller: Identity, request: pb.SignUpRequest) -> None:
    """The work and the answer are the same whether or not the address has an account; only the mail differs."""
    require_service(caller)
    handle, code = check_handle(request.handle), read_code(request.invite_code)
    name = check_name(request.display_name or handle, "display_name")
    birth_date, email = check_birth_date(request.birth_date), check_email(request.email)
    password = await passwords.check(request.password, (handle, name, email, email.partition("@")[0]))
    earlier, hashed = await _hash_or_recognise(database, passwords, handle, email, password)
    async with database.begin() as tx:
        await entry_store.forget_expired(tx)
        if earlier:
            await entry_store.drop_sign_up(tx, earlier)
        await _keep(tx, outgoing, SignUp(handle, name, birth_date, email, hashed, code or None))


async def _hash_or_recognise(database: Database, passwords: Passwords, handle: str, email: str, password: str) -> tuple[str | None, str]:
    """The id of the same person's earlier, unconfirmed sign-up, and the password's hash. Raises HandleTaken. One hash in any case."""
    async with database.begin() as tx:
        taken = handle in RESERVED or await entry_store.is_handle_taken(tx, handle)
        earlier = await entry_store.pending(tx, handle)
    if taken:
        raise _taken(handle)
    if earlier is None:
        return None, await passwords.hash(password)
    earlier_id, address, hashed = earlier
    if not await passwords.matches(hashed, password) or address.lower() != email.lower():
        raise _taken(handle)
    return earlier_id, hashed


async def _keep(tx: AsyncConnection, outgoing: Outgoing, wanted: SignUp) -> None:
    await door.require_way_in(tx, wanted.code or "")
    token = new_secret(MAIL_TOKEN)
    if not await entry_store.add_sign_up(tx, wanted, digest(token)):
        await door.require_way_in(tx, wanted.code or "")  # was it the code, taken in this very moment?
        raise _taken(wanted.handle)
    known = await store.has_email(tx, wanted.email)
    url = outgoing.public_url
    await outgoing.add(tx, wanted.email, letters.already_here(url) if known else letters.confirm(url, wanted.handle, token))
    _log.info("sign_up.kept")


async def confirm(database: Database, caller: Identity, token: str) -> Account:
    """Raises LinkInvalid, EmailTaken, HandleTaken and InviteInvalid."""
    require_service(caller)
    async with database.begin() as tx:
        wanted = await entry_store.take_sign_up(tx, digest(token))
        if wanted is None:
            raise LinkInvalid("This link was used before or is more than a day old; sign up again to get another.", param="token")
        await store.lock_email(tx, wanted.email)
        if await store.has_email(tx, wanted.email):
            raise EmailTaken("This address has an account already; sign in with it.", param="token")
        account = await accounts.add_account(tx, wanted.handle, wanted.display_name, "user")
        return await _furnish(tx, account, wanted)


async def _furnish(tx: AsyncConnection, account: Account, wanted: SignUp) -> Account:
    owner_id = await entry_store.use_invite(tx, wanted.code, account.id) if wanted.code else None
    if wanted.code and owner_id is None:
        raise InviteInvalid("This invite was used by another; sign up again with one of your own.", param="token")
    await add_invites(tx, account.id, ON_ADMISSION)
    return await store.furnish_account(
        tx, account.id, email=wanted.email, password_hash=wanted.password_hash, birth_date=wanted.birth_date, invited_by=owner_id
    )


def _taken(handle: str) -> HandleTaken:
    return HandleTaken(f"The handle {handle} is taken; choose another.", param="handle")
