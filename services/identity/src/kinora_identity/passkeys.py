"""Passkeys: made, kept, used to sign in and to step up (WebAuthn level 3, by py_webauthn). Attestation is not asked for."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import webauthn
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, Unauthenticated
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kinora_identity import audit, passkey_store, store
from kinora_identity.domain import AccountNotFound, check_name, require_stepped_up
from kinora_identity.passkey_store import Passkey

_MAX = 20
_MAX_JSON = 64 * 1024
_VERIFIED = UserVerificationRequirement.REQUIRED  # by finger, face or PIN: that makes it two factors
T = TypeVar("T")


class PasskeyInvalid(InvalidArgument):
    pass


class PasskeyRefused(Unauthenticated):
    pass


class PasskeyNotFound(NotFound):
    pass


class TooManyPasskeys(FailedPrecondition):
    pass


@dataclass(frozen=True)
class Passkeys:
    database: Database
    public_url: str

    async def start(self, caller: Identity) -> str:
        """Options to make one with, as JSON."""
        require_stepped_up(caller)
        challenge = secrets.token_bytes(32)
        async with self.database.begin() as tx:
            account, known = await store.get_account(tx, caller.account_id), await passkey_store.list_of(tx, caller.account_id)
            if account is None:
                raise AccountNotFound("There is no such account.")
            await passkey_store.add_challenge(tx, challenge, "add", account.id)
        options = webauthn.generate_registration_options(
            rp_id=self._rp_id, rp_name="Kinora", user_id=account.id.encode(), user_name=account.handle,
            user_display_name=account.display_name, challenge=challenge, exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
        )  # fmt: skip
        return webauthn.options_to_json(options)

    async def add(self, caller: Identity, name: str, credential_json: str) -> Passkey:
        """Raises PasskeyInvalid and TooManyPasskeys."""
        require_stepped_up(caller)
        name, challenge = check_name(name, "name"), _challenge(credential_json)
        async with self.database.begin() as tx:
            if not await passkey_store.take_challenge(tx, challenge, "add", caller.account_id):
                raise PasskeyInvalid("This answers no challenge of ours, or one more than five minutes old; start again.")
            made = _checked(
                lambda: webauthn.verify_registration_response(
                    credential=credential_json, expected_challenge=challenge, expected_rp_id=self._rp_id, expected_origin=self._origin,
                    require_user_verification=True,
                ),
                PasskeyInvalid("This passkey cannot be verified."),
            )  # fmt: skip
            if len(await passkey_store.list_of(tx, caller.account_id)) >= _MAX:
                raise TooManyPasskeys(f"This account has {_MAX} passkeys; remove one first.")
            kept = await passkey_store.add(
                tx, passkey_id=_text(made.credential_id), account_id=caller.account_id, name=name,
                public_key=made.credential_public_key, sign_count=made.sign_count,
            )  # fmt: skip
            if kept is None:
                raise PasskeyInvalid("This passkey is known already.")
            await audit.add(tx, caller.account_id, "passkey.added", caller.account_id)
        return kept

    async def list_passkeys(self, caller: Identity) -> list[Passkey]:
        async with self.database.begin() as tx:
            return await passkey_store.list_of(tx, caller.account_id)

    async def remove(self, caller: Identity, passkey_id: str) -> None:
        require_stepped_up(caller)
        async with self.database.begin() as tx:
            if "\0" in passkey_id or not await passkey_store.remove(tx, caller.account_id, passkey_id):
                raise PasskeyNotFound("You have no such passkey.", param="passkey_id")
            await audit.add(tx, caller.account_id, "passkey.removed", caller.account_id)

    async def ask(self, caller: Identity) -> str:
        """Options to use one with, as JSON: anybody's, to sign in, when the gateway asks; the caller's own, to step up, otherwise."""
        anybody, challenge = caller.role == "service", secrets.token_bytes(32)
        async with self.database.begin() as tx:
            known = [] if anybody else await passkey_store.list_of(tx, caller.account_id)
            await passkey_store.add_challenge(tx, challenge, "sign-in" if anybody else "step-up", "" if anybody else caller.account_id)
        options = webauthn.generate_authentication_options(
            rp_id=self._rp_id, challenge=challenge, allow_credentials=_described(known), user_verification=_VERIFIED
        )
        return webauthn.options_to_json(options)

    async def whose(self, tx: AsyncConnection, credential_json: str, *, account_id: str = "") -> str:
        """The account that the passkey belongs to, `account_id` itself when given. Raises PasskeyRefused."""
        challenge = _challenge(credential_json)
        purpose = "step-up" if account_id else "sign-in"
        kept = await passkey_store.get(tx, _id(credential_json))
        taken = await passkey_store.take_challenge(tx, challenge, purpose, account_id)
        if kept is None or not taken or (account_id and kept.account_id != account_id):
            raise PasskeyRefused("This passkey is not known here, or the challenge is not, or no longer.")
        used = _checked(
            lambda: webauthn.verify_authentication_response(
                credential=credential_json, expected_challenge=challenge, expected_rp_id=self._rp_id, expected_origin=self._origin,
                credential_public_key=kept.public_key, credential_current_sign_count=kept.sign_count, require_user_verification=True,
            ),
            PasskeyRefused("This passkey cannot be verified."),
        )  # fmt: skip
        await passkey_store.used(tx, kept.id, used.new_sign_count)
        return kept.account_id

    @property
    def _rp_id(self) -> str:
        return urlsplit(self.public_url).hostname or ""

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


def _checked(verify: Callable[[], T], refusal: Exception) -> T:
    try:
        return verify()
    except Exception as error:
        raise refusal from error


def _challenge(credential_json: str) -> bytes:
    """What the browser says it answers; whether the passkey has signed it is checked afterwards."""

    def read() -> bytes:
        found = json.loads(base64url_to_bytes(json.loads(credential_json)["response"]["clientDataJSON"]))["challenge"]
        return base64url_to_bytes(found)

    if len(credential_json) > _MAX_JSON:
        raise PasskeyInvalid("credential is too long.", param="credential")
    return _checked(read, PasskeyInvalid("credential must be the JSON that the browser gave.", param="credential"))


def _id(credential_json: str) -> str:
    found = _checked(
        lambda: base64url_to_bytes(json.loads(credential_json)["id"]), PasskeyInvalid("credential has no id.", param="credential")
    )
    return _text(found)


def _text(credential_id: bytes) -> str:
    return urlsafe_b64encode(credential_id).rstrip(b"=").decode()


def _described(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id)) for each in known]
