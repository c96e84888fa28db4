"""Access tokens: JWTs as RFC 9068 has them. A session is what counts; the token names it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import jwt
from kinora_kit import log
from kinora_kit.errors import Unauthenticated
from kinora_kit.secret import REFRESH_TOKEN, digest, new_secret
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import ages, session_store, store
from kinora_identity.domain import Account, AccountNotFound
from kinora_identity.session_store import Session
from kinora_identity.signing_keys import ALGORITHM, SigningKeys

AUDIENCE = "kinora"
DEVICE = 200
"""How much of a client's description of itself is kept, in characters."""
_log = log.get("kinora.identity")


class TokenUnknown(Unauthenticated):
    pass


@dataclass(frozen=True)
class Handed:
    """What a client is given."""

    access_token: str
    expires_in: int
    refresh_token: str
    session: Session


@dataclass(frozen=True)
class Tokens:
    keys: SigningKeys
    issuer: str

    async def hand_out(self, session: Session, account: Account, refresh_token: str) -> Handed:
        now, life_s = int(time.time()), int(self.keys.schedule.token)
        claims = {
            "iss": self.issuer, "aud": AUDIENCE, "sub": account.id, "sid": session.id, "client_id": session.client_id or "web",
            "iat": now, "exp": now + life_s, "auth_time": int(session.created_at.timestamp()), "amr": list(session.amr),
            "role": account.role, "scope": " ".join(session.scopes), "age_band": ages.band(account.birth_date),
        }  # fmt: skip
        return Handed(await self.keys.sign(claims), life_s, refresh_token, session)

    async def open_session(
        self, tx: AsyncConnection, account_id: str, *, client_id: str, device: str, network: str, scopes: Sequence[str], amr: Sequence[str]
    ) -> tuple[Session, Account, str]:
        """What `hand_out` takes, once the transaction is over. Raises AccountNotFound."""
        account = await store.get_account(tx, account_id)
        if account is None:
            raise AccountNotFound("There is no such account.")
        session = await session_store.add(
            tx, account_id=account_id, client_id=client_id, device=device[:DEVICE], network=network, scopes=scopes, amr=amr
        )
        _log.info("session.opened", session_id=session.id, account_id=account_id, client_id=client_id)
        return session, account, await new_refresh_token(tx, session.id)

    async def session_id(self, token: str) -> str:
        """The session that a token names. Raises TokenUnknown unless we signed it and it has not expired."""
        try:
            kid = str(jwt.get_unverified_header(token).get("kid"))
            public = await self.keys.public(kid)
            if public is None:
                raise TokenUnknown("This access token was signed by a key that is not ours, or no longer.")
            claims = jwt.decode(
                token, public, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=self.issuer, options={"require": ["exp", "sid"]}
            )
        except jwt.InvalidTokenError as error:
            raise TokenUnknown("This access token is not valid or has expired.") from error
        return str(claims["sid"])


async def new_refresh_token(tx: AsyncConnection, session_id: str) -> str:
    fresh = new_secret(REFRESH_TOKEN)
    await session_store.add_token(tx, session_id, digest(fresh))
    return fresh
