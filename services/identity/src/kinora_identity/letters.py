"""The words of our mails."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def _link(public_url: str, path: str, token: str) -> str:
    return f"{public_url}/{path}?{urlencode({'token': token})}"


def confirm(public_url: str, handle: str, token: str) -> Letter:
    return Letter(
        "Confirm your address",
        f"Welcome, {handle}!\n\nOpen this link within a day to confirm that this address is yours and to open your account:\n\n"
        f"{_link(public_url, 'confirm', token)}\n\nIf you did not sign up, do nothing: no account is opened.\n",
    )


def already_here(public_url: str) -> Letter:
    return Letter(
        "You have an account already",
        f"Somebody, perhaps you, signed up at {public_url} with this address, which has an account already. Nothing was changed.\n\n"
        "If it was you: sign in. If not, nothing need be done; whoever it was has not been told that the account exists.\n",
    )


def place(public_url: str, position: int, ticket: str) -> Letter:
    return Letter(
        "Your place on the waitlist",
        f"You are number {position} on the waitlist of {public_url}. We mail you an invite when it is your turn.\n\n"
        f"See your place at any time:\n\n{_link(public_url, 'waitlist', ticket)}\n\nIf you did not ask for this, do nothing.\n",
    )


def invite(public_url: str, code: str) -> Letter:
    return Letter(
        "Your invite",
        f"It is your turn! Sign up at {public_url} with this code, which lets one person in:\n\n    {code}\n",
    )
