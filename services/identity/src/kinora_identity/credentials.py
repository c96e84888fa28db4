"""Another address, another password, another name, for who is signed in."""

from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition
from kinora_kit.identity import Identity
from kinora_kit.secret import MAIL_TOKEN, digest, new_secret
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, letters, link_store, session_store, store
from kinora_identity.addresses import check_email
from kinora_identity.domain import Account, AccountNotFound, check_name, require_admin, require_service, require_stepped_up
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords
from kinora_identity.set_up import require_free
from kinora_identity.sign_up import LinkInvalid


class NotSetUp(FailedPrecondition):
    pass


async def change_email(database: Database, outgoing: Outgoing, caller: Identity, email: str) -> None:
    """The old address is told before anything has changed. For an address that has an account, work and answer are the same."""
    require_stepped_up(caller)
    email, token, url = check_email(email), new_secret(MAIL_TOKEN), outgoing.public_url
    async with database.begin() as tx:
        old = await _email(tx, caller.account_id)
        letter = letters.already_here(url) if await store.has_email(tx, email) else letters.confirm_email(url, token)
        if await outgoing.add(tx, email, letter):
            await link_store.add_for_email(tx, caller.account_id, email, digest(token))
            await outgoing.add(tx, old, letters.email_about_to_change(url))
        await audit.add(tx, caller.account_id, "email.change_asked", caller.account_id)


async def confirm_email(database: Database, outgoing: Outgoing, caller: Identity, token: str) -> None:
    """Raises LinkInvalid and EmailTaken. Links to set a password that went to the old address do not count any more."""
    require_service(caller)
    async with database.begin() as tx:
        found = await link_store.take_for_email(tx, digest(token))
        old = await store.email_of(tx, found[0]) if found else ""
        if found is None or not old:
            raise LinkInvalid("This link was used before or is more than a day old; ask for another.", param="token")
        account_id, email = found
        await require_free(tx, email)
        await store.set_email(tx, account_id, email)
        await link_store.forget(tx, account_id)
        await outgoing.add(tx, old, letters.email_changed(outgoing.public_url))
        await audit.add(tx, account_id, "email.changed", account_id)


async def change_password(database: Database, passwords: Passwords, outgoing: Outgoing, caller: Identity, password: str) -> int:
    """How many other sessions were ended. Raises PasswordInvalid and PasswordWeak."""
    require_stepped_up(caller)
    async with database.begin() as tx:
        account, email = await _account(tx, caller.account_id), await _email(tx, caller.account_id)
    known = (account.handle, account.display_name, email, email.partition("@")[0])
    hashed = await passwords.hash(await passwords.check(password, known))
    async with database.begin() as tx:
        await session_store.set_password(tx, account.id, hashed)
        await link_store.forget(tx, account.id)
        ended = await session_store.end_others(tx, account.id, caller.session_id)
        await outgoing.add(tx, await _email(tx, account.id), letters.password_changed(outgoing.public_url))
        await audit.add(tx, account.id, "password.changed", account.id)
    return ended


async def change_name(database: Database, caller: Identity, display_name: str) -> Account:
    require_admin(caller)
    name = check_name(display_name, "display_name")
    async with database.begin() as tx:
        account = await store.set_name(tx, caller.account_id, name)
        if account is None:
            raise AccountNotFound("There is no such account.")
        await audit.add(tx, account.id, "account.renamed", account.id)
    return account


async def _account(tx: AsyncConnection, account_id: str) -> Account:
    account = await store.get_account(tx, account_id)
    if account is None:
        raise AccountNotFound("There is no such account.")
    return account


async def _email(tx: AsyncConnection, account_id: str) -> str:
    if email := await store.email_of(tx, account_id):
        return email
    raise NotSetUp("This account has no address yet; set it up first.")
