"""Schemas of factors, step-up, roles, the audit log, export and erasure."""

import json
from typing import Annotated, Any, Literal

from kinora.identity.v1.security_service_pb2 import AuditEntry
from pydantic import Field, model_validator

from kinora_gateway.accounts import RoleName
from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer, Timestamp

Code = Annotated[str, Field(max_length=40, description="Six digits of the authenticator app, or a recovery code.")]


class Proof(Wanted):
    """One of the three; the password only where the account has neither authenticator app nor passkey."""

    password: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    code: Code | None = None
    passkey: dict[str, Any] | None = Field(default=None, description="The credential that answers the options.")

    @model_validator(mode="after")
    def _one(self) -> "Proof":
        if sum(proof is not None for proof in (self.password, self.code, self.passkey)) != 1:
            raise ValueError("give one of password, code and passkey")
        return self


class FirstCode(Wanted):
    code: Annotated[str, Field(max_length=10, description="Six digits.")]


class NewRole(Wanted):
    role: RoleName


class SteppedUp(Answer):
    object: Literal["session.step_up"] = "session.step_up"
    until: Timestamp


class Factors(Answer):
    object: Literal["account.factors"] = "account.factors"
    password: bool
    totp: bool
    recovery_codes: int = Field(description="How many are left.")
    passkeys: int


class TotpSecret(Answer):
    object: Literal["totp.secret"] = "totp.secret"
    secret: str = Field(description="Base 32, to be typed into an authenticator app.")
    uri: str = Field(description="The same as otpauth://, to be shown as a QR code.")


class RecoveryCodes(Answer):
    object: Literal["totp.recovery_codes"] = "totp.recovery_codes"
    recovery_codes: list[str] = Field(description="For one use each; shown here and never again.")


class Entry(Answer):
    number: int
    object: Literal["audit.entry"] = "audit.entry"
    at: Timestamp
    actor: str
    action: str
    subject: str
    details: dict[str, Any]
    sha256: str


class Audit(Answer):
    object: Literal["list"] = "list"
    data: list[Entry]


class AuditCheck(Answer):
    object: Literal["audit.check"] = "audit.check"
    entries: int
    first_broken: int | None = Field(description="The first entry whose hash does not fit.")
    head_sha256: str = Field(description="Of the last entry: kept elsewhere, it shows when the end was cut off.")


class Erased(Answer):
    object: Literal["account.erased"] = "account.erased"
    erased: Literal[True] = True


def entry(message: AuditEntry) -> Entry:
    return Entry(
        number=message.number, at=message.at, actor=message.actor, action=message.action, subject=message.subject,
        details=json.loads(message.details_json), sha256=message.sha256,
    )  # fmt: skip
