"""What happens to sessions after signing in."""

from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import NotFound, Unauthenticated
from kinora_kit.identity import Identity
from kinora_kit.secret import REFRESH_TOKEN, digest, is_well_formed

from kinora_identity import letters, session_store, store
from kinora_identity.domain import is_id, require_admin, require_service
from kinora_identity.mails import Outgoing
from kinora_identity.session_store import Session
from kinora_identity.tokens import Handed, Tokens, new_refresh_token

_log = log.get("kinora.identity")


class RefreshRefused(Unauthenticated):
    pass


class SessionNotFound(NotFound):
    pass


async def refresh(database: Database, tokens: Tokens, outgoing: Outgoing, caller: Identity, refresh_token: str, client_id: str) -> Handed:
    """New tokens for a token that was never used. One that was ends its session: either its owner or a thief holds a copy."""
    require_service(caller)
    if not is_well_formed(refresh_token, REFRESH_TOKEN):
        raise RefreshRefused("This is no refresh token; sign in again.")
    token_sha256 = digest(refresh_token)
    async with database.begin() as tx:
        session = await session_store.by_token(tx, token_sha256)
        account = await store.get_account(tx, session.account_id) if session else None
        if session is None or account is None or session.client_id != client_id:
            raise RefreshRefused("This session has ended; sign in again.")
        fresh = await new_refresh_token(tx, session.id) if await session_store.use_token(tx, session, token_sha256) else None
        if fresh is None:
            await session_store.end(tx, session.account_id, session.id)
            if email := await store.email_of(tx, session.account_id):
                await outgoing.add(tx, email, letters.token_reused(outgoing.public_url, session.device))
    if fresh is None:  # only now, since raising inside would undo the end
        _log.warning("session.token_reused", session_id=session.id, account_id=session.account_id)
        raise RefreshRefused("This refresh token was used before, so its session was ended; sign in again.")
    return await tokens.hand_out(session, account, fresh)


async def list_sessions(database: Database, caller: Identity) -> list[Session]:
    require_admin(caller)
    async with database.begin() as tx:
        return await session_store.list_open(tx, caller.account_id)


async def end_sessions(database: Database, caller: Identity, session_id: str) -> int:
    """One of the caller's own, or all of them."""
    require_admin(caller)
    if session_id and not is_id(session_id):
        raise SessionNotFound("You have no such session.", param="session_id")
    async with database.begin() as tx:
        ended = await session_store.end(tx, caller.account_id, session_id)
    if session_id and not ended:
        raise SessionNotFound("You have no such session that is open.", param="session_id")
    _log.info("session.ended", account_id=caller.account_id, count=ended)
    return ended
