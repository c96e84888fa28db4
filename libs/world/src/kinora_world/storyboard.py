"""The storyboard: what happens, where, when, who, heard and seen how. The one input of every engine, kept in JSON.

Space is metres, Z up; the stage's centre is the origin, the audience (a plain camera) looks along +Y. Facing is degrees counter-clockwise
seen from above, 0 = towards the audience (-Y). Times are seconds from the start of their shot. Colours are "#rrggbb" in sRGB.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Point2 = tuple[Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=-50, le=50)]]
Point3 = tuple[Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=0, le=50)]]
Seconds = Annotated[float, Field(ge=0, le=120)]
Unit = Annotated[float, Field(ge=0, le=1)]
Style = Literal["realistic", "cartoon", "anime"]
TimeOfDay = Literal["dawn", "day", "sunset", "night"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clothes(_Part):
    top: Colour = "#b3261e"
    bottom: Colour = "#1f3a5f"
    shoes: Colour = "#202020"


class Hair(_Part):
    style: Literal["bald", "short", "medium", "long"] = "short"
    colour: Colour = "#2b1a10"


class Character(_Part):
    """A person. `feminine` 0 is a masculine body and 1 a feminine one."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    age_years: Annotated[float, Field(ge=4, le=95)] = 28
    feminine: Unit = 0.5
    skin: Colour = "#c68863"
    weight: Unit = 0.5
    muscle: Unit = 0.5
    hair: Hair = Hair()
    clothes: Clothes = Clothes()
    voice: Slug | None = Field(default=None, description="A voice of the catalogue; chosen by age and body when absent.")


class Mark(_Part):
    """Where a character stands when the shot begins."""

    character: Slug
    position: Point2 = (0.0, 0.0)
    facing: Annotated[float, Field(ge=-360, le=360)] = 0.0


class Prop(_Part):
    """A thing that physics moves, unless its kind is fixed in the catalogue."""

    id: Slug
    kind: Slug
    position: Point3 | None = Field(default=None, description="Centre of its base; placed sensibly when absent.")
    facing: Annotated[float, Field(ge=-360, le=360)] = 0.0
    colour: Colour | None = None


class Action(_Part):
    """One thing one character does. `target` is a character or prop of the shot."""

    actor: Slug
    verb: Slug
    start: Seconds = 0.0
    end: Seconds | None = Field(default=None, description="As long as the action naturally takes when absent.")
    target: Slug | None = None
    prop: Slug | None = Field(default=None, description="The thing it is done with, e.g. the ball that is thrown.")
    to: Point2 | None = Field(default=None, description="Where a walk or run ends.")
    outcome: Literal["hit", "miss"] | None = Field(default=None, description="Of a throw, shot or kick at a target.")


class Line(_Part):
    """One spoken line."""

    speaker: Slug
    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    start: Seconds | None = Field(default=None, description="After the previous line when absent.")
    manner: Literal["say", "whisper", "shout"] = "say"


class Camera(_Part):
    move: Literal["static", "pan", "dolly", "orbit", "follow"] = "static"
    framing: Literal["wide", "full", "medium", "close"] = "full"
    subject: Slug | None = Field(default=None, description="A character or prop; everyone when absent.")


class Shot(_Part):
    duration: Annotated[float, Field(ge=0.5, le=20)]
    place: Slug
    time_of_day: TimeOfDay = "day"
    style: Style = "realistic"
    camera: Camera = Camera()
    marks: Annotated[tuple[Mark, ...], Field(max_length=12)] = ()
    props: Annotated[tuple[Prop, ...], Field(max_length=40)] = ()
    actions: Annotated[tuple[Action, ...], Field(max_length=60)] = ()
    dialogue: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    prompt: Annotated[str, StringConstraints(max_length=4000)] = ""


class Storyboard(_Part):
    """A whole clip. Shots follow each other by straight cuts; the cast stays the same."""

    version: Literal["1"] = "1"
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    characters: Annotated[tuple[Character, ...], Field(max_length=12)] = ()
    shots: Annotated[tuple[Shot, ...], Field(min_length=1, max_length=24)]

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(shot.duration for shot in self.shots)

    @model_validator(mode="after")
    def _names_resolve(self) -> "Storyboard":
        people = {c.id for c in self.characters}
        if len(people) != len(self.characters):
            raise ValueError("characters: two share an id")
        for number, shot in enumerate(self.shots):
            _check_shot(shot, people, f"shots[{number}]")
        return self


def _check_shot(shot: Shot, people: set[str], where: str) -> None:
    present = {m.character for m in shot.marks}
    things = {p.id for p in shot.props}
    if unknown := present - people:
        raise ValueError(f"{where}.marks: no character {min(unknown)!r}; there are {sorted(people)}")
    if len(present) != len(shot.marks) or len(things) != len(shot.props) or present & things:
        raise ValueError(f"{where}: marks and props need ids of their own")
    named = [("actions", i, n) for i, a in enumerate(shot.actions) for n in (a.actor, a.target, a.prop)]
    named += [("dialogue", i, line.speaker) for i, line in enumerate(shot.dialogue)]
    named += [("camera", 0, shot.camera.subject)]
    for part, index, name in named:
        if name is not None and name not in present | things:
            raise ValueError(f"{where}.{part}[{index}]: {name!r} is not in this shot; there are {sorted(present | things)}")
    for index, action in enumerate(shot.actions):
        if action.actor not in present:
            raise ValueError(f"{where}.actions[{index}].actor: {action.actor!r} is not a character of this shot")
