"""Schemas of accounts and keys."""

from typing import Annotated, Literal

from kinora.identity.v1.identity_service_pb2 import Account as AccountMessage
from kinora.identity.v1.identity_service_pb2 import AgeBand, Role
from kinora.identity.v1.identity_service_pb2 import ApiKey as ApiKeyMessage
from pydantic import BaseModel, ConfigDict, Field

from kinora_gateway.schemas import Answer

RoleName = Literal["user", "moderator", "operator"]
_ROLES: dict[Role.ValueType, RoleName] = {Role.ROLE_USER: "user", Role.ROLE_MODERATOR: "moderator", Role.ROLE_OPERATOR: "operator"}
_AGE_BANDS: dict[AgeBand.ValueType, Literal["teen", "adult"]] = {AgeBand.AGE_BAND_TEEN: "teen", AgeBand.AGE_BAND_ADULT: "adult"}
ROLES = {name: role for role, name in _ROLES.items()}


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str, Field(pattern=r"^[a-z0-9_]{3,30}$")]
    display_name: Annotated[str, Field(max_length=80)] = ""
    role: RoleName = "user"


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=80)]
    scopes: Annotated[list[str], Field(min_length=1, max_length=20)]
    account_id: Annotated[str, Field(max_length=80)] | None = Field(default=None, description="Another account's; operators only.")


class Account(Answer):
    id: str
    object: Literal["account"] = "account"
    handle: str
    display_name: str
    role: RoleName
    created_at: int
    age_band: Literal["teen", "adult"] | None = Field(description="13 to 17, or 18 and over; null where no birth date is known.")


class Me(Answer):
    account: Account
    email: str | None = Field(description="The confirmed address.")
    key_id: str
    scopes: list[str]


class ApiKey(Answer):
    id: str
    object: Literal["api_key"] = "api_key"
    account_id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: int
    revoked_at: int | None


class IssuedKey(ApiKey):
    secret: str = Field(description="Shown here and never again.")


class KeyList(Answer):
    object: Literal["list"] = "list"
    data: list[ApiKey]


def account(message: AccountMessage) -> Account:
    return Account(
        id=message.id, handle=message.handle, display_name=message.display_name, role=_ROLES[message.role],
        created_at=message.created_at, age_band=_AGE_BANDS.get(message.age_band),
    )  # fmt: skip


def api_key(message: ApiKeyMessage) -> ApiKey:
    return ApiKey(
        id=message.id, account_id=message.account_id, name=message.name, prefix=message.prefix, scopes=list(message.scopes),
        created_at=message.created_at, revoked_at=message.revoked_at or None,
    )  # fmt: skip
