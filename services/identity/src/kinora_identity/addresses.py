"""E-mail addresses: the form that mail servers agree on. Whether one is real, only a mail can tell."""

import re

from kinora_kit.errors import InvalidArgument

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(rf"(?=.{{3,254}}$)(?=[^@]{{1,64}}@){_LOCAL}@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE | re.ASCII)


class EmailInvalid(InvalidArgument):
    pass


def is_email(text: str) -> bool:
    return len(text) <= 254 and _FORM.fullmatch(text) is not None


def check_email(text: str) -> str:
    """An addr-spec of RFC 5321 without quotes, in ASCII, with a domain of two labels or more."""
    text = text.strip()
    if not is_email(text):
        raise EmailInvalid("email must be an address like ada@example.org, in ASCII.", param="email")
    return text
