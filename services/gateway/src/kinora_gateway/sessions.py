"""Schemas of signing in and of sessions."""

from typing import Annotated, Literal

from kinora.identity.v1.session_service_pb2 import Session as SessionMessage
from kinora.identity.v1.session_service_pb2 import Tokens
from pydantic import Field

from kinora_gateway.entry import Email, Token, Wanted
from kinora_gateway.schemas import Answer, Timestamp
from kinora_gateway.security import Code

Password = Annotated[str, Field(min_length=1, max_length=128)]


class SignIn(Wanted):
    email: Email
    password: Password
    code: Code = Field(default="", description="Of the authenticator app, or a recovery code, where the account has one.")


class ForgottenPassword(Wanted):
    email: Email


class NewPassword(Wanted):
    token: Token = Field(description="From the mail.")
    password: Annotated[str, Field(min_length=8, max_length=128)]


class SignedIn(Answer):
    """The refresh token is in a cookie, out of reach of scripts."""

    object: Literal["session.tokens"] = "session.tokens"
    access_token: str = Field(description="For `Authorization: Bearer …`.")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's word
    expires_in: int = Field(description="Seconds.")
    session_id: str
    scopes: list[str]


class OpenSession(Answer):
    id: str
    object: Literal["session"] = "session"
    device: str
    network: str
    client_id: str | None = Field(description="The OAuth client; null for the web app.")
    created_at: Timestamp
    last_used_at: Timestamp
    current: bool


class SessionList(Answer):
    object: Literal["list"] = "list"
    data: list[OpenSession]


class Ended(Answer):
    object: Literal["session.ended"] = "session.ended"
    ended: int = Field(description="How many sessions were ended.")


def signed_in(tokens: Tokens) -> SignedIn:
    return SignedIn(
        access_token=tokens.access_token, expires_in=tokens.expires_in, session_id=tokens.session_id, scopes=list(tokens.scopes)
    )


def session(message: SessionMessage, *, current: str) -> OpenSession:
    return OpenSession(
        id=message.id, device=message.device, network=message.network, client_id=message.client_id or None,
        created_at=message.created_at, last_used_at=message.last_used_at, current=message.id == current,
    )  # fmt: skip
