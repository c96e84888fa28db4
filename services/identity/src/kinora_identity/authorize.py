"""OAuth's authorization code with PKCE (OAuth 2.1, RFC 7636), and revocation (RFC 7009)."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import InvalidArgument
from kinora_kit.identity import Identity
from kinora_kit.secret import OAUTH_CODE, REFRESH_TOKEN, digest, is_well_formed, new_secret

from kinora_identity import oauth_store, session_store
from kinora_identity.domain import require_service
from kinora_identity.factors import Security
from kinora_identity.oauth_clients import check_authorization
from kinora_identity.oauth_store import Code
from kinora_identity.sign_in import authenticate
from kinora_identity.tokens import DEVICE, Handed, Tokens, TokenUnknown

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_log = log.get("kinora.identity")


class InvalidGrant(InvalidArgument):
    pass


async def authorize(security: Security, caller: Identity, wanted: pb.Authorization, consent: pb.Consent) -> str:
    """A code for one use within a minute."""
    client, scopes = await check_authorization(security.database, caller, wanted)
    origin = consent.origin
    account_id, amr = await authenticate(security, consent.email, consent.password, consent.code, origin.network)
    fresh = new_secret(OAUTH_CODE)
    code = Code(client.id, account_id, wanted.redirect_uri, wanted.code_challenge, scopes, amr, origin.device[:DEVICE], origin.network)
    async with security.database.begin() as tx:
        await oauth_store.add_code(tx, code, digest(fresh))
    _log.info("oauth.authorized", client_id=client.id, account_id=account_id)
    return fresh


async def exchange_code(database: Database, tokens: Tokens, caller: Identity, request: pb.ExchangeCodeRequest) -> Handed:
    """Raises InvalidGrant. A second use ends the session of the first: the code was stolen on its way."""
    require_service(caller)
    code_sha256 = digest(request.code)
    async with database.begin() as tx:
        code = await oauth_store.code(tx, code_sha256)
        if code is None or not _fits(code, request):
            raise InvalidGrant("This code is unknown or expired, or it was given to another client, redirect_uri or code_verifier.")
        if code.session_id:
            await session_store.end(tx, code.account_id, code.session_id)
        else:
            opened = await tokens.open_session(
                tx, code.account_id, client_id=code.client_id, device=code.device, network=code.network, scopes=code.scopes, amr=code.amr
            )
            await oauth_store.use_code(tx, code_sha256, opened[0].id)
    if code.session_id:  # only now, since raising inside would undo the end
        _log.warning("oauth.code_reused", client_id=code.client_id, account_id=code.account_id)
        raise InvalidGrant("This code was used before, so the session that it opened was ended.")
    return await tokens.hand_out(*opened)


async def revoke_token(database: Database, tokens: Tokens, caller: Identity, request: pb.RevokeTokenRequest) -> None:
    """Whatever the token is, and whether or not it is one, there is nothing to tell."""
    require_service(caller)
    async with database.begin() as tx:
        if is_well_formed(request.token, REFRESH_TOKEN):
            session = await session_store.by_token(tx, digest(request.token))
        else:
            session = await session_store.get_open(tx, await _named(tokens, request.token))
        if session and session.client_id == request.client_id:
            await session_store.end(tx, session.account_id, session.id)


async def _named(tokens: Tokens, token: str) -> str:
    try:
        return await tokens.session_id(token)
    except TokenUnknown:
        return ""


def _fits(code: Code, request: pb.ExchangeCodeRequest) -> bool:
    if not _VERIFIER.fullmatch(request.code_verifier):
        return False
    challenge = urlsafe_b64encode(hashlib.sha256(request.code_verifier.encode()).digest()).rstrip(b"=").decode()
    same = hmac.compare_digest(challenge, code.challenge)
    return same and (request.client_id, request.redirect_uri) == (code.client_id, code.redirect_uri)
