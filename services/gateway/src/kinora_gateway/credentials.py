"""Schemas of set-up, and of changes of address, password and name."""

from typing import Annotated, Literal

from pydantic import Field

from kinora_gateway.entry import Email, Token, Wanted
from kinora_gateway.schemas import Answer

NewPasswordText = Annotated[str, Field(min_length=8, max_length=128)]


class SetUpAsked(Wanted):
    email: Email = Field(description="Where the link goes; the account's address once it is used.")


class SetUp(Wanted):
    token: Token = Field(description="From the mail.")
    birth_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="At least 13 years ago. Others learn the age band alone.")]
    password: NewPasswordText


class EmailChange(Wanted):
    email: Email


class PasswordChange(Wanted):
    password: NewPasswordText


class AccountChange(Wanted):
    display_name: Annotated[str, Field(min_length=1, max_length=80)]


class PasswordChanged(Answer):
    object: Literal["account.password"] = "account.password"
    ended: int = Field(description="How many other sessions were ended.")
