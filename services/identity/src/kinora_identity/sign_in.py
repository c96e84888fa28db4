"""Signing in by password."""

from kinora.identity.v1 import session_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.errors import Unauthenticated
from kinora_kit.identity import Identity

from kinora_identity import session_store
from kinora_identity.addresses import is_email
from kinora_identity.domain import SCOPES, require_service
from kinora_identity.passwords import Passwords
from kinora_identity.tokens import Handed, Tokens
from kinora_identity.tries import Tries


class SignInRefused(Unauthenticated):
    pass


async def sign_in(database: Database, passwords: Passwords, tokens: Tokens, caller: Identity, request: pb.SignInRequest) -> Handed:
    """Raises SignInRefused and TooManyTries."""
    require_service(caller)
    account_id = await authenticate(database, passwords, request.email, request.password, request.origin.network)
    async with database.begin() as tx:
        opened = await tokens.open_session(
            tx, account_id, client_id="", device=request.origin.device, network=request.origin.network, scopes=SCOPES, amr=("pwd",)
        )
    return await tokens.hand_out(*opened)


async def authenticate(database: Database, passwords: Passwords, email: str, password: str, network: str) -> str:
    """The account's id. Raises SignInRefused, the same and after the same work whatever was wrong, and TooManyTries."""
    tries = Tries(email, network)
    async with database.begin() as tx:
        await tries.count(tx)
    async with database.begin() as tx:
        found = await session_store.credentials(tx, email) if is_email(email) else None
    right = await passwords.matches(found.password_hash if found else None, password)
    if found is None or not right:
        raise SignInRefused("The e-mail address or the password is wrong.")
    renewed = await passwords.renewed(found.password_hash, password)
    async with database.begin() as tx:
        await tries.forgive(tx)
        if renewed:
            await session_store.set_password(tx, found.account_id, renewed)
    return found.account_id
