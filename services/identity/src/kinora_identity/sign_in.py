"""Signing in by password."""

from kinora.identity.v1 import session_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import Unauthenticated
from kinora_kit.identity import Identity

from kinora_identity import session_store, store
from kinora_identity.addresses import is_email
from kinora_identity.domain import SCOPES, require_service
from kinora_identity.passwords import Passwords
from kinora_identity.session_store import Credentials
from kinora_identity.tokens import Handed, Tokens, new_refresh_token
from kinora_identity.tries import Tries

_DEVICE = 200
_log = log.get("kinora.identity")


class SignInRefused(Unauthenticated):
    pass


async def sign_in(database: Database, passwords: Passwords, tokens: Tokens, caller: Identity, request: pb.SignInRequest) -> Handed:
    """Raises SignInRefused, the same and after the same work whatever was wrong, and TooManyTries."""
    require_service(caller)
    tries = Tries(request.email, request.origin.network)
    async with database.begin() as tx:
        await tries.count(tx)
    async with database.begin() as tx:
        found = await session_store.credentials(tx, request.email) if is_email(request.email) else None
    right = await passwords.matches(found.password_hash if found else None, request.password)
    if found is None or not right:
        raise SignInRefused("The e-mail address or the password is wrong.")
    return await _open(database, passwords, tokens, tries, found, request)


async def _open(
    database: Database, passwords: Passwords, tokens: Tokens, tries: Tries, found: Credentials, request: pb.SignInRequest
) -> Handed:
    renewed = await passwords.renewed(found.password_hash, request.password)
    async with database.begin() as tx:
        await tries.forgive(tx)
        if renewed:
            await session_store.set_password(tx, found.account_id, renewed)
        account = await store.get_account(tx, found.account_id)
        if account is None:
            raise SignInRefused("The e-mail address or the password is wrong.")
        session = await session_store.add(
            tx, account_id=account.id, client_id="", device=request.origin.device[:_DEVICE], network=request.origin.network,
            scopes=SCOPES, amr=("pwd",),
        )  # fmt: skip
        refresh_token = await new_refresh_token(tx, session.id)
    _log.info("session.opened", session_id=session.id, account_id=account.id)
    return await tokens.hand_out(session, account, refresh_token)
