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
        f"It is your turn! Sign up at {public_url}/account with this code, which lets one person in:\n\n    {code}\n",
    )


def new_password(public_url: str, token: str) -> Letter:
    return Letter(
        "Set a new password",
        f"Open this link within an hour to set a new password:\n\n{_link(public_url, 'new-password', token)}\n\n"
        "If you did not ask for this, do nothing: your password stays as it is.\n",
    )


def password_changed(public_url: str) -> Letter:
    return Letter(
        "Your password was changed",
        f"The password of your account at {public_url} was changed, and you were signed out everywhere else. API keys go on working.\n\n"
        "If it was not you, ask for a new password at once, and change that of your mailbox too.\n",
    )


def set_up(public_url: str, handle: str, token: str) -> Letter:
    return Letter(
        "Set up your account",
        f"The account @{handle} at {public_url} is to be entered with this address. Open this link within a day to set its password:\n\n"
        f"{_link(public_url, 'set-up', token)}\n\nIf you do not know of it, do nothing.\n",
    )


def confirm_email(public_url: str, token: str) -> Letter:
    return Letter(
        "Confirm your new address",
        f"Open this link within a day to use this address for your account at {public_url}:\n\n"
        f"{_link(public_url, 'new-email', token)}\n\nIf you did not ask for this, do nothing: nothing is changed.\n",
    )


def email_about_to_change(public_url: str) -> Letter:
    return Letter(
        "Your address is about to change",
        f"Somebody who is signed in to your account at {public_url} asks to use another address for it, which counts once confirmed.\n\n"
        "If it was you, nothing need be done. If not, ask for a new password now: that ends all sessions and spoils the change.\n",
    )


def email_changed(public_url: str) -> Letter:
    return Letter(
        "Your address was changed",
        f"Your account at {public_url} is now entered with another address, and this one gets no more mail about it.\n\n"
        "If it was not you, write to who runs this Kinora at once.\n",
    )


def token_reused(public_url: str, device: str) -> Letter:
    return Letter(
        "We signed one of your devices out",
        f"A token of your session at {public_url} was used twice ({device or 'an unknown device'}). Either the device lost our answer, or "
        "somebody holds a copy of the token. To be safe we ended that session: sign in there again.\n\n"
        "If this happens again, change your password and end all sessions.\n",
    )


def child_asks(public_url: str, handle: str) -> Letter:
    return Letter(
        "Somebody asks you to be their parent here",
        f"@{handle} at {public_url} is under 18 and asks you to be their parent there. As such you may relax what guards their time.\n\n"
        "Sign in to accept or refuse under Family. If you do not know who that is, refuse.\n",
    )


def link_ended(public_url: str, handle: str) -> Letter:
    return Letter(
        "A link between parent and child has ended",
        f"@{handle} has ended the link between you at {public_url}. What was relaxed under it is strict again.\n",
    )
