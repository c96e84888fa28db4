"""Signing in by password, and by a code where the account has an authenticator app; or by a passkey alone."""

from collections.abc import Sequence

from kinora.identity.v1 import session_service_pb2 as pb
from kinora.identity.v1.passkey_service_pb2 import SignInByPasskeyRequest
from kinora_kit.errors import Unauthenticated
from kinora_kit.identity import Identity

from kinora_identity import metrics, session_store
from kinora_identity.addresses import is_email
from kinora_identity.domain import SCOPES, require_service
from kinora_identity.factors import Security
from kinora_identity.passkeys import Passkeys
from kinora_identity.tokens import Handed, Tokens
from kinora_identity.tries import Tries


class SignInRefused(Unauthenticated):
    pass


async def sign_in(security: Security, tokens: Tokens, caller: Identity, request: pb.SignInRequest) -> Handed:
    """Raises SignInRefused, SecondFactorNeeded and TooManyTries."""
    require_service(caller)
    account_id, amr = await authenticate(security, request.email, request.password, request.code, request.origin.network)
    async with security.database.begin() as tx:
        opened = await tokens.open_session(
            tx, account_id, client_id="", device=request.origin.device, network=request.origin.network, scopes=SCOPES, amr=amr
        )
    return await tokens.hand_out(*opened)


async def authenticate(security: Security, email: str, password: str, code: str, network: str) -> tuple[str, Sequence[str]]:
    """The account's id, and by what it was proved (RFC 8176).

    Raises SignInRefused, the same and after the same work whatever was wrong; SecondFactorNeeded, to who knows the password; TooManyTries.
    """
    with metrics.sign_in("password"):
        return await _proved(security, email, password, code, Tries(email, network))


async def _proved(security: Security, email: str, password: str, code: str, tries: Tries) -> tuple[str, Sequence[str]]:
    passwords = security.passwords
    async with security.database.begin() as tx:
        await tries.count(tx)
    async with security.database.begin() as tx:
        found = await session_store.credentials(tx, email) if is_email(email) else None
    right = await passwords.matches(found.password_hash if found else None, password)
    if found is None or not right:
        raise _refused()
    renewed = await passwords.renewed(found.password_hash, password)
    async with security.database.begin() as tx:
        if not await security.second_factor(tx, found.account_id, code):
            raise _refused()
        await tries.forgive(tx)
        if renewed:
            await session_store.set_password(tx, found.account_id, renewed)
    return found.account_id, ("pwd", "otp") if code else ("pwd",)


async def sign_in_by_passkey(passkeys: Passkeys, tokens: Tokens, caller: Identity, request: SignInByPasskeyRequest) -> Handed:
    """Raises PasskeyInvalid and PasskeyRefused."""
    require_service(caller)
    origin = request.origin
    with metrics.sign_in("passkey"):
        async with passkeys.database.begin() as tx:
            account_id = await passkeys.whose(tx, request.credential_json)
            opened = await tokens.open_session(
                tx, account_id, client_id="", device=origin.device, network=origin.network, scopes=SCOPES, amr=("hwk", "user", "mfa")
            )
    return await tokens.hand_out(*opened)


def _refused() -> SignInRefused:
    return SignInRefused("The e-mail address, the password or the code is wrong.")
