"""OAuth's device grant (RFC 8628): a program without a browser shows a code, and a person types it where they have one."""

import re
import secrets

from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import InvalidArgument, NotFound
from kinora_kit.identity import Identity
from kinora_kit.secret import DEVICE_CODE, digest, new_secret

from kinora_identity import oauth_store
from kinora_identity.domain import require_service
from kinora_identity.factors import Security
from kinora_identity.oauth_clients import check_scopes, get_client
from kinora_identity.oauth_store import Client, Device
from kinora_identity.sign_in import authenticate
from kinora_identity.tokens import DEVICE, Handed, Tokens

LIFE_S, INTERVAL_S = 600, 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 6.1: no vowels, so no words
_log = log.get("kinora.identity")


class UserCodeUnknown(NotFound):
    pass


class AuthorizationPending(InvalidArgument):
    pass


class SlowDown(InvalidArgument):
    pass


class AccessDenied(InvalidArgument):
    pass


class ExpiredToken(InvalidArgument):
    pass


async def start(database: Database, caller: Identity, request: pb.StartDeviceRequest) -> pb.StartDeviceResponse:
    require_service(caller)
    scopes, device_code = check_scopes(request.scopes), new_secret(DEVICE_CODE)
    async with database.begin() as tx:
        client = await get_client(tx, request.client_id)
        user_code = _new_user_code()
        while not await oauth_store.add_device(
            tx, device_sha256=digest(device_code), user_code=user_code, client_id=client.id, scopes=scopes,
            device=request.origin.device[:DEVICE], network=request.origin.network,
        ):  # fmt: skip
            user_code = _new_user_code()
    return pb.StartDeviceResponse(device_code=device_code, user_code=user_code, expires_in=LIFE_S, interval=INTERVAL_S)


async def answer(security: Security, caller: Identity, request: pb.AnswerDeviceRequest) -> Client:
    """Who was let in or refused. Raises SignInRefused, TooManyTries and UserCodeUnknown."""
    require_service(caller)
    consent = request.consent
    account_id, amr = await authenticate(security, consent.email, consent.password, consent.code, consent.origin.network)
    async with security.database.begin() as tx:
        client_id = await oauth_store.answer(tx, _read(request.user_code), account_id, amr, refused=not request.allow)
        if client_id is None:
            raise UserCodeUnknown("This code is unknown, answered or expired; start again on the device.", param="user_code")
        _log.info("device.answered", client_id=client_id, account_id=account_id, allowed=request.allow)
        return await get_client(tx, client_id)


async def poll(database: Database, tokens: Tokens, caller: Identity, request: pb.PollDeviceRequest) -> Handed:
    """Raises AuthorizationPending, SlowDown, AccessDenied and ExpiredToken, which clients know by these names."""
    require_service(caller)
    device_sha256, refusal = digest(request.device_code), None
    async with database.begin() as tx:
        found = await oauth_store.device(tx, device_sha256)
        if found is None or found.client_id != request.client_id or found.expired:
            raise ExpiredToken("This device code is unknown, used or expired; start again.")
        refusal = _refusal(found)
        await oauth_store.polled(tx, device_sha256, slower_s=INTERVAL_S if isinstance(refusal, SlowDown) else 0)
        if refusal is None and found.account_id:
            await oauth_store.drop_device(tx, device_sha256)
            opened = await tokens.open_session(
                tx, found.account_id, client_id=found.client_id, device=found.device, network=found.network, scopes=found.scopes,
                amr=found.amr,
            )  # fmt: skip
    if refusal:  # only now, since raising inside would undo the poll
        raise refusal
    return await tokens.hand_out(*opened)


def _refusal(found: Device) -> InvalidArgument | None:
    if found.hasty:
        return SlowDown(f"Poll {INTERVAL_S} s less often.")
    if found.refused:
        return AccessDenied("The person refused.")
    return None if found.account_id else AuthorizationPending("Nobody has answered yet.")


def _new_user_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))


def _read(typed: str) -> str:
    letters = re.sub(r"[^A-Z]", "", typed.upper()[:40])
    return f"{letters[:4]}-{letters[4:]}"
