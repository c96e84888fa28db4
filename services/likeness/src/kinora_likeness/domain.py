"""What may be asked, checked before anything is opened, and why a request cannot be served."""

import math
from collections.abc import Sequence

from kinora_faces.challenge import Attempt, Challenge
from kinora_faces.words import WORDS
from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from kinora_kit.identity import Identity
from pydantic import TypeAdapter, ValidationError

_CHALLENGE_CHARACTERS = 10_000
_TYPED, _TYPED_CHARACTERS = 20, 200
_CHALLENGE = TypeAdapter(Challenge)


class BadField(InvalidArgument):
    """A field of the request is wrong; `param` names it."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class FileNotStored(NotFound):
    """Nothing lies in the media store under the key in `param`."""


class PictureRefused(InvalidArgument):
    """It is no picture or clip of a pet or an object; `code` says why, as kinora_faces.likeness.BadThing names it."""


class NoLikeness(FailedPrecondition):
    """The clip shows no person whose likeness could be taken; `code` says why, as kinora_media.clip.BadClip names it."""


class AllSlotsTaken(ResourceExhausted):
    def __init__(self) -> None:
        super().__init__("Other clips and pictures are being looked at. Ask again in a few seconds.")


class ServicesOnly(PermissionDenied):
    pass


def require_service(caller: Identity) -> None:
    if caller.role != "service":
        raise ServicesOnly("Only Kinora's own services may do this.")


def attempt(challenge_json: str, reveals: Sequence[float], received_s: float | None, typed: Sequence[str]) -> Attempt:
    """What the server knows of one capture. Raises BadField."""
    asked = _challenge(challenge_json)
    if len(reveals) != len(asked.items):
        raise BadField("reveals", f"There must be one time of reveal for each of the {len(asked.items)} items, not {len(reveals)}.")
    if not all(math.isfinite(at) and at >= 0 for at in reveals) or list(reveals) != sorted(reveals):
        raise BadField("reveals", "The times of reveal must be seconds from 0 on, none before the one ahead of it.")
    if received_s is not None and not (math.isfinite(received_s) and received_s >= 0):
        raise BadField("received_s", "received_s must be seconds from 0 on.")
    if len(typed) > _TYPED or any(len(word) > _TYPED_CHARACTERS for word in typed):
        raise BadField("typed", f"At most {_TYPED} words may be typed, of {_TYPED_CHARACTERS} characters each.")
    return Attempt(asked, tuple(reveals), received_s, tuple(typed))


def _challenge(text: str) -> Challenge:
    """Raises BadField for what MakeChallenge never made."""
    if len(text) > _CHALLENGE_CHARACTERS:
        raise BadField("challenge_json", "challenge_json must be what MakeChallenge answered.")
    try:
        asked = _CHALLENGE.validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(map(str, first["loc"])) or "all of it"
        raise BadField("challenge_json", f"challenge_json must be what MakeChallenge answered: {where}: {first['msg']}.") from wrong
    times = [*(item.after_s for item in asked.items), asked.ends_s, asked.window_s]
    whole = all(bool(item.word) != bool(item.move) for item in asked.items)
    if not asked.items or not whole or asked.language not in WORDS or not all(map(math.isfinite, times)):
        raise BadField("challenge_json", "challenge_json must be what MakeChallenge answered: items, language and times are not its own.")
    return asked


def moment(at_s: float | None) -> float | None:
    """Raises BadField."""
    if at_s is not None and not math.isfinite(at_s):
        raise BadField("at_s", "at_s must be a number of seconds.")
    return at_s
