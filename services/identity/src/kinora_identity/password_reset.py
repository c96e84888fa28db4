"""A new password for who can read the account's mail."""

from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.identity import Identity
from kinora_kit.secret import MAIL_TOKEN, digest, new_secret

from kinora_identity import audit, letters, link_store, session_store, store
from kinora_identity.addresses import check_email
from kinora_identity.domain import require_service
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords
from kinora_identity.sign_up import LinkInvalid

_log = log.get("kinora.identity")


async def forget_password(database: Database, outgoing: Outgoing, caller: Identity, email: str) -> None:
    """Neither answer nor work tells whether the address has an account: for an unknown one all the same is written, and not sent."""
    require_service(caller)
    email, token = check_email(email), new_secret(MAIL_TOKEN)
    async with database.begin() as tx:
        found = await session_store.credentials(tx, email)
        letter = letters.new_password(outgoing.public_url, token)
        if await outgoing.add(tx, found.email if found else email, letter, send=found is not None):
            await link_store.add_for_password(tx, found.account_id if found else "", digest(token))


async def reset_password(database: Database, passwords: Passwords, outgoing: Outgoing, caller: Identity, token: str, password: str) -> None:
    """Ends all sessions. Raises LinkInvalid, PasswordInvalid and PasswordWeak; a refused password does not use the link up."""
    require_service(caller)
    hashed = await passwords.hash(await passwords.check(password, ()))
    async with database.begin() as tx:
        account_id = await link_store.take_for_password(tx, digest(token))
        if account_id is None:
            raise LinkInvalid("This link was used before or is more than an hour old; ask for another.", param="token")
        await session_store.set_password(tx, account_id, hashed)
        await link_store.forget(tx, account_id)
        await session_store.end(tx, account_id)
        await outgoing.add(tx, await store.email_of(tx, account_id), letters.password_changed(outgoing.public_url))
        await audit.add(tx, account_id, "password.reset", account_id)
    _log.info("password.reset", account_id=account_id)
