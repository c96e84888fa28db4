"""Accounts that an operator opened, the first one too, get what sign-up gives the others: an address, a birth date and a password."""

from kinora.identity.v1 import credentials_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition
from kinora_kit.identity import Identity
from kinora_kit.secret import MAIL_TOKEN, digest, new_secret
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, letters, link_store, store
from kinora_identity.addresses import check_email
from kinora_identity.ages import check_birth_date
from kinora_identity.domain import Account, AccountNotFound, account_in_question, require_admin, require_service
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords
from kinora_identity.sign_up import EmailTaken, LinkInvalid

_log = log.get("kinora.identity")


class AlreadySetUp(FailedPrecondition):
    pass


async def send_set_up(database: Database, outgoing: Outgoing, caller: Identity, request: pb.SendSetUpRequest) -> None:
    """Raises AccountNotFound and AlreadySetUp. Whoever holds a key with `admin` of an account that has nothing else holds the account."""
    require_admin(caller)
    account_id, email, token = account_in_question(caller, request.account_id), check_email(request.email), new_secret(MAIL_TOKEN)
    async with database.begin() as tx:
        account = await _bare(tx, account_id)
        url, known = outgoing.public_url, await store.has_email(tx, email)
        if await outgoing.add(tx, email, letters.already_here(url) if known else letters.set_up(url, account.handle, token)):
            await link_store.add_for_email(tx, account_id, email, digest(token))
        await audit.add(tx, caller.account_id, "account.set_up_sent", account_id)


async def complete_set_up(database: Database, passwords: Passwords, caller: Identity, request: pb.CompleteSetUpRequest) -> Account:
    """Raises LinkInvalid, EmailTaken, AlreadySetUp and what is wrong with birth date or password, which does not use the link up."""
    require_service(caller)
    birth_date, token_sha256 = check_birth_date(request.birth_date), digest(request.token)
    async with database.begin() as tx:
        account = await store.get_account(tx, await link_store.whose(tx, token_sha256))
    if account is None:
        raise _used()
    hashed = await passwords.hash(await passwords.check(request.password, (account.handle, account.display_name)))
    async with database.begin() as tx:
        found = await link_store.take_for_email(tx, token_sha256)
        if found is None:
            raise _used()
        account_id, email = found
        await _bare(tx, account_id)
        await require_free(tx, email)
        account = await store.furnish_account(
            tx, account_id, email=email, password_hash=hashed, birth_date=birth_date, invited_by=None
        )  # fmt: skip
        await audit.add(tx, account_id, "account.set_up", account_id)
    _log.info("account.set_up", account_id=account_id)
    return account


async def require_free(tx: AsyncConnection, email: str) -> None:
    """Raises EmailTaken to who can read the address's mail; until the transaction ends nobody else gets it."""
    await store.lock_email(tx, email)
    if await store.has_email(tx, email):
        raise EmailTaken("This address has an account already; sign in with it.", param="token")


async def _bare(tx: AsyncConnection, account_id: str) -> Account:
    await store.lock_account(tx, account_id)
    account = await store.get_account(tx, account_id)
    if account is None:
        raise AccountNotFound("There is no such account.", param="account_id")
    if await store.email_of(tx, account_id):
        raise AlreadySetUp("This account has an address and a password; its owner signs in and changes them.")
    return account


def _used() -> LinkInvalid:
    return LinkInvalid("This link was used before or is more than a day old; ask for another.", param="token")
