"""The actions people can do: data files in `catalogues/actions`, one per family, with this schema."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parents[1] / "catalogues" / "actions"
POSTURES = FOLDER.parent / "postures"
Vector = tuple[float, float, float]
Leg = Annotated[tuple[float, ...], Field(min_length=3, max_length=5)]
Manner = Literal["throw", "shoot", "kick", "push", "drop"]
Face = Literal["neutral", "smile", "joy", "effort", "sad", "surprise", "anger", "fear", "disgust", "pain", "love", "think", "asleep"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandKey(_Entry):
    """One hand at one moment. Vectors are (outwards, forwards, upwards) as the hand's own side sees it; what is absent stays."""

    reach: Vector | None = Field(default=None, description="Wrist from the shoulder, in arm lengths.")
    touch: str | None = Field(default=None, description="Instead of `reach`: a spot of the own body, as `spots.SPOTS` names them.")
    meets: str | None = Field(default=None, description="Instead of `reach`: a spot of the partner's body, or `hand`: both go half way.")
    grips: Vector | None = Field(default=None, description="Instead of `reach`: a point in the thing's frame, metres.")
    anchor: str | None = Field(
        default=None, description="Instead of all these: an anchor of the thing, with or without a side, if it has one."
    )
    ground: Vector | None = Field(default=None, description="Instead of `reach`: a point from where one stands, leg lengths.")
    by: Vector = Field(default=(0.0, 0.0, 0.0), description="From there, metres of a grown-up.")
    part: Literal["palm", "fingers", "fist", "wrist"] = Field(default="palm", description="What of the hand goes there.")
    aim: float | None = Field(default=None, description="Instead of `reach`: this far, in arm lengths, towards the target.")
    fingers: Vector | None = Field(default=None, description="Where the fingers point.")
    palm: Vector | None = Field(default=None, description="Where the palm faces.")
    elbow: Vector | None = Field(default=None, description="Where the elbow points.")
    curl: float | None = Field(default=None, ge=0, le=1, description="0 is a flat hand, 1 a fist.")
    index: float | None = Field(default=None, ge=0, le=1, description="The index finger's own curl.")


class Key(_Entry):
    """The body at one moment of a gesture; `both` sets both hands alike, `legs` both legs.

    Angles in degrees: pitch (forwards), yaw (left), roll. A leg: thigh forwards, knee bent, toes down, thigh outwards, toes
    outwards; the last two are 0 when left out.
    """

    at: Annotated[float, Field(ge=0)]
    right: HandKey | None = None
    left: HandKey | None = None
    both: HandKey | None = None
    spine: Vector | None = None
    head: Vector | None = None
    crouch: float | None = Field(default=None, ge=-0.2, le=0.7, description="How far the hips sink, in leg lengths.")
    right_leg: Leg | None = Field(default=None, description="A lifted leg, beside what it does anyway.")
    left_leg: Leg | None = None
    legs: Leg | None = None
    lean: float | None = Field(default=None, description="Forward pitch of the hips, degrees.")
    sway: float | None = Field(default=None, description="How far the hips go to the left while the feet stay, leg lengths.")
    hop: float | None = Field(default=None, description="How far the whole body is above where it was, leg lengths.")
    move: Vector | None = Field(default=None, description="How far the thing is from where it is held, (left, forwards, up) metres.")
    turn: Vector | None = Field(default=None, description="How the thing is turned there: pitch, yaw, roll.")
    face: dict[str, float] | None = Field(default=None, description="Face shapes (without a side: both), 0..1.")


class Thing(_Entry):
    """Where a thing is while it is used: in a frame of the body, whether or not there is one to see."""

    frame: Literal["Chest", "Hips", "Head", "RightHand", "LeftHand", "Ground", "Feet", "Seat"]
    kinds: tuple[str, ...] = Field(default=(), description="Kinds of props it may be; the nearest is used when none is named.")
    anchor: str = Field(default="grip", description="The anchor of the prop that comes there.")
    at: Vector = Field(default=(0.0, 0.0, 0.0), description="(left, forwards, up) of the frame, metres of a grown-up.")
    turn: Vector = Field(default=(0.0, 0.0, 0.0), description="Pitch, yaw, roll, degrees.")
    along: Literal["", "up", "forwards"] = Field(default="", description="Where the thing's longest axis points.")
    stays: bool = Field(default=False, description="It stays where it stands, and one goes there.")


class Posture(_Entry):
    """How a body rests. Lengths in leg lengths, angles in degrees; a leg as in `Key`."""

    description: str
    parent: str = Field(default="stand", description="The posture one gets into it from, and back to.")
    up: str = Field(default="", description="The posture one gets up through, where that is another than `parent`.")
    seconds: float = Field(default=0.9, gt=0, description="From there, at natural pace.")
    hips: Vector = Field(default=(0.0, 0.0, 0.0), description="(left, forwards, up) from where one stands; up from the surface.")
    turn: Vector = Field(default=(0.0, 0.0, 0.0), description="Of the hips: pitch, twist about the body's own axis, roll.")
    needs: Literal["", "seat", "bed"] = Field(default="", description="What one needs for it.")
    instead: str = Field(default="stand", description="The posture taken where there is no such thing.")
    raised: bool = Field(default=False, description="`hips` is above a surface such as a seat, not above the floor as a stander's.")
    planted: bool = Field(default=False, description="The feet stand flat on the floor.")
    dip: float = Field(default=0.0, description="How far the trunk bends forwards on the way into it.")
    spine: Vector = (0.0, 0.0, 0.0)
    head: Vector = (0.0, 0.0, 0.0)
    legs: Leg | None = None
    right_leg: Leg | None = None
    left_leg: Leg | None = None
    right: HandKey | None = None
    left: HandKey | None = None
    both: HandKey | None = None
    asleep: bool = Field(default=False, description="The eyes are closed.")
    drop: bool = Field(default=False, description="One falls into it, faster and faster.")


class ActionKind(_Entry):
    """An entry of the action catalogue. Times are seconds at natural pace."""

    verb: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    kind: Literal["stand", "travel", "clip", "gesture", "turn", "twirl", "look", "posture", "ride"]
    words: tuple[str, ...] = Field(default=(), description="English words for it, for the director.")
    duration: float = Field(default=1.0, gt=0, description="At natural pace; a travel's follows from its way.")
    clip: str | None = None
    aside: float = Field(default=0.0, description="Degrees to the left of where a clip's person faces that the clip is aimed.")
    looped: bool = Field(default=False, description="A clip that may be repeated to fill the time.")
    moves: bool = Field(default=False, description="Ends elsewhere than it began.")
    needs: tuple[Literal["target", "prop", "to"], ...] = ()
    posture: str | None = Field(default=None, description="Of the catalogue `postures`: how one ends, or what one does it in.")
    speed: float | None = Field(default=None, gt=0, description="Of a travel times the clip's own, of a ride metres a second.")
    climb: float = Field(default=0.0, description="Of a ride: metres a second upwards.")
    altitude: float = Field(default=0.0, description="Of a ride: metres above the floor.")
    thing: Thing | None = None
    partner: str | None = Field(default=None, description="What the target does at the same time, a verb.")
    apart: float | None = Field(default=None, description="Metres between the two of a pair.")
    beside: bool = Field(default=False, description="A pair stands side by side, not face to face.")
    already: bool = Field(default=False, description="At a shot's beginning one is found doing it, not getting into it.")
    first: tuple[str, ...] = Field(default=(), description="Verbs that come before it.")
    mounts: bool = Field(default=False, description="A ride on the back of an animal that is there.")
    unseeing: bool = Field(default=False, description="One does not look at whom or what it is done with.")
    falls: float | None = Field(default=None, description="When balance is lost.")
    near: float | None = Field(default=None, description="Walk to within these metres of prop or target first.")
    faces: float | None = Field(default=None, description="Turn first when prop or target lies further aside than these degrees.")
    strike: float | None = Field(default=None, description="When foot or hand arrives.")
    grab: float | None = Field(default=None, description="When the prop comes into the hands.")
    release: float | None = Field(default=None, description="When the prop leaves hand or foot.")
    manner: Manner | None = None
    grip: Literal["Left", "Right", "Both"] = "Right"
    loop: tuple[float, float] | None = Field(default=None, description="The part of a gesture repeated to fill the time.")
    hold: float | None = Field(default=None, description="The moment of a gesture held to fill the time.")
    mood: Face = "neutral"
    keys: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "ActionKind":
        if self.kind in ("clip", "travel") and not self.clip:
            raise ValueError(f"{self.verb}: a {self.kind} needs `clip`")
        if self.kind == "gesture" and not self.keys:
            raise ValueError(f"{self.verb}: a gesture needs `keys`")
        if self.kind in ("posture", "ride") and not self.posture:
            raise ValueError(f"{self.verb}: a {self.kind} needs `posture`")
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


@cache
def postures() -> dict[str, Posture]:
    """Every posture by name."""
    return {path.stem: Posture.model_validate(yaml.safe_load(path.read_text())) for path in sorted(POSTURES.glob("*.yaml"))}


def kind_of(verb: str) -> ActionKind:
    """The entry of a verb. Raises UnknownVerb, which names the verbs there are."""
    try:
        return action_kinds()[verb]
    except KeyError:
        raise UnknownVerb(f"no action {verb!r}; there are {', '.join(sorted(action_kinds()))}") from None
