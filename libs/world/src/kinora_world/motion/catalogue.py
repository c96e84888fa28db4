"""The actions people can do: data files in `catalogues/actions`, one per family, with this schema."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parents[1] / "catalogues" / "actions"
Vector = tuple[float, float, float]
Manner = Literal["throw", "shoot", "kick", "push", "drop"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandKey(_Entry):
    """One hand at one moment. Vectors are (outwards, forwards, upwards) as the hand's own side sees it; what is absent stays."""

    reach: Vector | None = Field(default=None, description="Wrist from the shoulder, in arm lengths.")
    aim: float | None = Field(default=None, description="Instead of `reach`: this far, in arm lengths, towards the target.")
    fingers: Vector | None = Field(default=None, description="Where the fingers point.")
    palm: Vector | None = Field(default=None, description="Where the palm faces.")
    elbow: Vector | None = Field(default=None, description="Where the elbow points.")
    curl: float | None = Field(default=None, ge=0, le=1, description="0 is a flat hand, 1 a fist.")
    index: float | None = Field(default=None, ge=0, le=1, description="The index finger's own curl.")


class Key(_Entry):
    """The body at one moment of a gesture; `both` sets both hands alike. Angles in degrees: pitch (forwards), yaw (left), roll."""

    at: Annotated[float, Field(ge=0)]
    right: HandKey | None = None
    left: HandKey | None = None
    both: HandKey | None = None
    spine: Vector | None = None
    head: Vector | None = None
    crouch: float | None = Field(default=None, ge=-0.2, le=0.7, description="How far the hips sink, in leg lengths.")
    right_leg: Vector | None = Field(default=None, description="A lifted leg: thigh forwards, knee bent, toes down; degrees.")
    lean: float | None = Field(default=None, description="Forward pitch of the hips, degrees.")


class ActionKind(_Entry):
    """An entry of the action catalogue. Times are seconds at natural pace."""

    verb: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Literal["stand", "travel", "clip", "gesture", "turn", "twirl", "look"]
    words: tuple[str, ...] = Field(default=(), description="English words for it, for the director.")
    duration: float = Field(default=1.0, gt=0, description="At natural pace; a travel's follows from its way.")
    clip: str | None = None
    aside: float = Field(default=0.0, description="Degrees to the left of where a clip's person faces that the clip is aimed.")
    looped: bool = Field(default=False, description="A clip that may be repeated to fill the time.")
    moves: bool = Field(default=False, description="Ends elsewhere than it began.")
    needs: tuple[Literal["target", "prop", "to"], ...] = ()
    near: float | None = Field(default=None, description="Walk to within these metres of prop or target first.")
    faces: float | None = Field(default=None, description="Turn first when prop or target lies further aside than these degrees.")
    strike: float | None = Field(default=None, description="When foot or hand arrives.")
    grab: float | None = Field(default=None, description="When the prop comes into the hands.")
    release: float | None = Field(default=None, description="When the prop leaves hand or foot.")
    manner: Manner | None = None
    grip: Literal["Left", "Right", "Both"] = "Right"
    loop: tuple[float, float] | None = Field(default=None, description="The part of a gesture repeated to fill the time.")
    hold: float | None = Field(default=None, description="The moment of a gesture held to fill the time.")
    mood: Literal["neutral", "smile", "joy", "effort", "sad", "surprise"] = "neutral"
    keys: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "ActionKind":
        if self.kind in ("clip", "travel") and not self.clip:
            raise ValueError(f"{self.verb}: a {self.kind} needs `clip`")
        if self.kind == "gesture" and not self.keys:
            raise ValueError(f"{self.verb}: a gesture needs `keys`")
        return self


class UnknownVerb(ValueError):
    """An action's verb is not in the catalogue."""


@cache
def action_kinds() -> dict[str, ActionKind]:
    """Every action by verb."""
    entries = [entry for path in sorted(FOLDER.glob("*.yaml")) for entry in yaml.safe_load(path.read_text())]
    kinds = [ActionKind.model_validate(entry) for entry in entries]
    found = {kind.verb: kind for kind in kinds}
    if len(found) != len(kinds):
        raise ValueError("catalogues/actions: two entries share a verb")
    return found


def kind_of(verb: str) -> ActionKind:
    """The entry of a verb. Raises UnknownVerb, which names the verbs there are."""
    try:
        return action_kinds()[verb]
    except KeyError:
        raise UnknownVerb(f"no action {verb!r}; there are {', '.join(sorted(action_kinds()))}") from None
