"""Second factors, and proving once more who sits there."""

from dataclasses import dataclass

from kinora.identity.v1.security_service_pb2 import StepUpRequest
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition, InvalidArgument, PermissionDenied, Unauthenticated
from kinora_kit.identity import Identity
from kinora_kit.secret import digest
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, factor_store, session_store, store, totp
from kinora_identity.domain import AccountNotFound, require_stepped_up
from kinora_identity.envelope import Envelope
from kinora_identity.factor_store import Factors
from kinora_identity.passkeys import Passkeys
from kinora_identity.passwords import Passwords
from kinora_identity.tries import Tries

STEP_UP_S = 600.0


class SessionNeeded(PermissionDenied):
    pass


class ProofRefused(Unauthenticated):
    pass


class SecondFactorNeeded(Unauthenticated):
    pass


class ProofTooWeak(FailedPrecondition):
    pass


class TotpExists(FailedPrecondition):
    pass


class CodeInvalid(InvalidArgument):
    pass


@dataclass(frozen=True)
class Security:
    database: Database
    passwords: Passwords
    envelope: Envelope
    passkeys: Passkeys
    host: str
    """Of the platform, for the name that an app shows."""

    async def step_up(self, caller: Identity, request: StepUpRequest) -> int:
        """Until when, in Unix seconds. Raises SessionNeeded, ProofTooWeak, ProofRefused, PasskeyRefused and TooManyTries."""
        if not caller.session_id:
            raise SessionNeeded("Only a person who has signed in can do this, not an API key.")
        tries = Tries(f"step-up {caller.account_id}", request.origin.network)
        async with self.database.begin() as tx:
            await tries.count(tx)
        if not await self._proves(caller.account_id, request):
            raise ProofRefused("That is wrong.")
        async with self.database.begin() as tx:
            await tries.forgive(tx)
            until = await factor_store.step_up(tx, caller.session_id, STEP_UP_S)
            if until is None:
                raise SessionNeeded("This session has ended; sign in again.")
            await audit.add(tx, caller.account_id, "session.stepped_up", caller.account_id, by=request.WhichOneof("proof"))
        return until

    async def second_factor(self, tx: AsyncConnection, account_id: str, code: str) -> bool:
        """Whether the code is right; True for an account without an app. Raises SecondFactorNeeded when there is an app and no code."""
        if not (await factor_store.factors(tx, account_id)).totp:
            return True
        if not code:
            raise SecondFactorNeeded("This account needs a code of its authenticator app, or a recovery code.", param="code")
        return await self._uses_code(tx, account_id, code)

    async def get_factors(self, caller: Identity) -> Factors:
        async with self.database.begin() as tx:
            return await factor_store.factors(tx, caller.account_id)

    async def start_totp(self, caller: Identity) -> tuple[str, str]:
        """The secret, and its URI. Raises TotpExists."""
        require_stepped_up(caller)
        secret = totp.new_secret()
        async with self.database.begin() as tx:
            account = await store.get_account(tx, caller.account_id)
            if account is None:
                raise AccountNotFound("There is no such account.")
            if not await factor_store.set_totp(tx, account.id, self.envelope.close(secret)):
                raise TotpExists("This account has an authenticator app; remove it first.")
        return secret, totp.uri(secret, account.handle, self.host)

    async def confirm_totp(self, caller: Identity, code: str) -> list[str]:
        """Ten recovery codes. Raises CodeInvalid, TotpExists."""
        require_stepped_up(caller)
        codes = totp.new_recovery_codes()
        async with self.database.begin() as tx:
            kept = await factor_store.totp(tx, caller.account_id)
            if kept is None or kept.confirmed:
                raise TotpExists("There is no authenticator app to confirm; start again.")
            step = totp.matching_step(self.envelope.open(kept.closed_secret), code.strip(), kept.last_step)
            if step is None:
                raise CodeInvalid("This is not the app's code of this moment; is the clock right?", param="code")
            await factor_store.stepped(tx, caller.account_id, step)
            for each in codes:
                await factor_store.add_recovery_code(tx, caller.account_id, digest(each))
            await audit.add(tx, caller.account_id, "totp.added", caller.account_id)
        return codes

    async def remove_totp(self, caller: Identity) -> None:
        require_stepped_up(caller)
        async with self.database.begin() as tx:
            await factor_store.drop_totp(tx, caller.account_id)
            await audit.add(tx, caller.account_id, "totp.removed", caller.account_id)

    async def _proves(self, account_id: str, request: StepUpRequest) -> bool:
        """A password alone proves too little where there is more: whoever stole the session may have stolen it too."""
        proof = request.WhichOneof("proof")
        async with self.database.begin() as tx:
            has = await factor_store.factors(tx, account_id)
            if proof == "passkey_json":
                return bool(await self.passkeys.whose(tx, request.passkey_json, account_id=account_id))
            if proof == "code" and has.totp:
                return await self._uses_code(tx, account_id, request.code)
            if has.totp or has.passkeys:
                better = "code" if has.totp else "passkey"
                raise ProofTooWeak("This account has a passkey or an authenticator app: use that.", param=better)
            hashed = await session_store.password_hash(tx, account_id)
        return await self.passwords.matches(hashed, request.password)

    async def _uses_code(self, tx: AsyncConnection, account_id: str, code: str) -> bool:
        typed, kept = code.strip().lower(), await factor_store.totp(tx, account_id)
        if kept is None:
            return False
        step = totp.matching_step(self.envelope.open(kept.closed_secret), typed, kept.last_step)
        if step is not None:
            await factor_store.stepped(tx, account_id, step)
        return step is not None or await factor_store.use_recovery_code(tx, account_id, digest(typed))
