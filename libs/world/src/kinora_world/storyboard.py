"""The storyboard: what happens, where, when, who, heard and seen how. The one input of every engine, kept in JSON.

Space is metres, Z up; the stage's centre is the origin, the audience (a plain camera) looks along +Y. Facing is degrees counter-clockwise
seen from above, 0 = towards the audience (-Y). Times are seconds from the start of their shot. Colours are "#rrggbb" in sRGB.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Handle = Annotated[str, StringConstraints(pattern=r"^@[a-z0-9_.]{2,30}$")]
Point2 = tuple[Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=-50, le=50)]]
Point3 = tuple[Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=-50, le=50)], Annotated[float, Field(ge=0, le=50)]]
Speed = Annotated[float, Field(ge=-40, le=40)]
Seconds = Annotated[float, Field(ge=0, le=120)]
Unit = Annotated[float, Field(ge=0, le=1)]
Style = Literal["realistic", "cartoon", "anime", "claymation", "noir", "watercolour", "pixel", "sketch"]
TimeOfDay = Literal["dawn", "day", "sunset", "night"]
Weather = Literal["clear", "cloudy", "rain", "storm", "snow", "fog", "wind"]
Mood = Literal["neutral", "joyful", "playful", "calm", "romantic", "sad", "tense", "scary", "mysterious", "epic"]
Feeling = Mood | Literal["surprised", "disgusted", "sleepy", "proud", "shy", "confused"]
Pattern = Literal["plain", "striped", "checked", "dotted", "floral"]
HairStyle = Literal[
    "bald", "short", "medium", "long", "bob", "ponytail", "bun", "curly", "afro", "braids", "pigtails", "spiky", "mohawk", "undercut"
]
Beard = Literal["none", "stubble", "moustache", "goatee", "full"]
Move = Literal[
    "static", "pan", "tilt", "dolly_in", "dolly_out", "truck", "crane_up", "crane_down", "orbit", "follow", "handheld", "whip_pan",
    "rack_focus", "zoom_in", "zoom_out", "crash_zoom", "dolly_zoom", "dutch", "over_the_shoulder", "pov", "drone", "bullet_time",
]  # fmt: skip
ShotSize = Literal["extreme_wide", "wide", "full", "medium", "close", "extreme_close"]


LAUNCHES = frozenset({"throw", "shoot", "kick"})  # actions that send a thing on its way


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Garment(_Part):
    """A piece of clothing of the catalogue `garments`."""

    kind: Slug
    colour: Colour
    pattern: Pattern = "plain"
    accent: Colour | None = Field(default=None, description="The pattern's second colour; chosen to go with the first when absent.")


class Clothes(_Part):
    """What somebody wears, by where it sits. A dress or a robe is a `top` that leaves nothing of the `bottom` to see."""

    top: Garment = Garment(kind="tshirt", colour="#b3261e")
    bottom: Garment = Garment(kind="trousers", colour="#1f3a5f")
    shoes: Garment = Garment(kind="sneakers", colour="#202020")
    over: Garment | None = Field(default=None, description="A coat, jacket, cape, apron, vest …")
    hat: Garment | None = None
    eyewear: Garment | None = None
    neck: Garment | None = Field(default=None, description="A scarf, tie, bow tie, necklace …")


class Hair(_Part):
    style: HairStyle = "short"
    colour: Colour = "#2b1a10"


class Character(_Part):
    """A person, or another being of the catalogue `species`; most looks are a person's alone.

    `feminine` 0 is a masculine body and 1 a feminine one.
    """

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    handle: Handle | None = Field(default=None, description="The cameo this is: a likeness used by its owner's consent.")
    species: Slug = "person"
    size: Annotated[float, Field(ge=0.2, le=5)] = Field(
        default=1.0, description="Times the species' usual size; a person's follows from age."
    )
    colour: Colour | None = Field(default=None, description="Of fur, feathers, scales, paint; the species' usual one when absent.")
    age_years: Annotated[float, Field(ge=4, le=95)] = 28
    feminine: Unit = 0.5
    skin: Colour = "#c68863"
    weight: Unit = 0.5
    muscle: Unit = 0.5
    hair: Hair = Hair()
    beard: Beard = "none"
    freckles: Unit = 0.0
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
    handle: Handle | None = Field(default=None, description="The cameo this is, of an object: as a character's.")
    position: Point3 | None = Field(default=None, description="Centre of its base; placed sensibly when absent.")
    facing: Annotated[float, Field(ge=-360, le=360)] = 0.0
    colour: Colour | None = None
    velocity: tuple[Speed, Speed, Speed] | None = Field(
        default=None, description="Metres a second when the shot begins: a ball that comes flying, a car that rolls by."
    )
    scale: Annotated[float, Field(ge=0.1, le=10)] = Field(
        default=1.0, description="Times the kind's usual size; its mass goes with the cube."
    )


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
    pace: Annotated[float, Field(ge=0.25, le=3)] = Field(default=1.0, description="Times the action's natural speed.")
    mood: Feeling = Field(default="neutral", description="Shown in the face and the bearing meanwhile.")


class Line(_Part):
    """One spoken line."""

    speaker: Slug
    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    start: Seconds | None = Field(default=None, description="After the previous line when absent.")
    manner: Literal["say", "whisper", "shout", "sing"] = "say"
    mood: Feeling = "neutral"


class Camera(_Part):
    move: Move = "static"
    framing: ShotSize = "full"
    subject: Slug | None = Field(default=None, description="A character or prop; everyone when absent.")
    other: Slug | None = Field(default=None, description="Who or what a rack focus ends on, or an over-the-shoulder view looks at.")
    lens_mm: Annotated[float, Field(ge=10, le=300)] | None = Field(
        default=None, description="Focal length on 35 mm film; the framing's usual one when absent."
    )
    shallow: bool = Field(default=False, description="A shallow depth of field: what is not the subject is out of focus.")


class Sound(_Part):
    """A sound of the catalogue `sounds` that nothing on the stage makes by itself: thunder, a siren, applause."""

    kind: Slug
    start: Seconds = 0.0
    source: Slug | None = Field(default=None, description="The character or prop it comes from; all around when absent.")


class Effect(_Part):
    """Something of the catalogue `effects` in the air: smoke, fire, confetti, fireworks, sparkles."""

    kind: Slug
    at: Slug | Point3 | None = Field(
        default=None, description="A character or prop it goes with, or a place; where it usually is when absent."
    )
    start: Seconds = 0.0
    end: Seconds | None = Field(default=None, description="The shot's end when absent.")


class Shot(_Part):
    duration: Annotated[float, Field(ge=0.5, le=20)]
    place: Slug
    time_of_day: TimeOfDay = "day"
    weather: Weather = "clear"
    mood: Mood = "neutral"
    style: Style = "realistic"
    speed: Annotated[float, Field(ge=0.1, le=4)] = Field(
        default=1.0, description="Of what happens: below 1 is slow motion. Shots with dialogue run at natural speed."
    )
    transition: Literal["cut", "dissolve", "fade"] = Field(default="cut", description="From the shot before.")
    music: Slug | None = Field(default=None, description="A bed of the catalogue `music`; by the mood when absent, `none` for silence.")
    crowd: Annotated[int, Field(ge=0, le=60)] = Field(default=0, description="People in the background who take no part.")
    camera: Camera = Camera()
    marks: Annotated[tuple[Mark, ...], Field(max_length=12)] = ()
    props: Annotated[tuple[Prop, ...], Field(max_length=40)] = ()
    actions: Annotated[tuple[Action, ...], Field(max_length=60)] = ()
    dialogue: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    sounds: Annotated[tuple[Sound, ...], Field(max_length=20)] = ()
    effects: Annotated[tuple[Effect, ...], Field(max_length=12)] = ()
    prompt: Annotated[str, StringConstraints(max_length=4000)] = ""


class Storyboard(_Part):
    """A whole clip. The cast stays the same from shot to shot."""

    version: Literal["1"] = "1"
    title: Annotated[str, StringConstraints(max_length=200)] = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    loop: bool = Field(default=False, description="The end leads back into the beginning, in picture and sound.")
    characters: Annotated[tuple[Character, ...], Field(max_length=12)] = ()
    shots: Annotated[tuple[Shot, ...], Field(min_length=1, max_length=24)]

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(shot.duration for shot in self.shots)

    @property
    def handles(self) -> frozenset[str]:
        """The cameos in it."""
        told = [character.handle for character in self.characters] + [prop.handle for shot in self.shots for prop in shot.props]
        return frozenset(handle for handle in told if handle)

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
    named += [("camera", 0, name) for name in (shot.camera.subject, shot.camera.other)]
    named += [("sounds", i, sound.source) for i, sound in enumerate(shot.sounds)]
    named += [("effects", i, effect.at) for i, effect in enumerate(shot.effects) if isinstance(effect.at, str)]
    for part, index, name in named:
        if name is not None and name not in present | things:
            raise ValueError(f"{where}.{part}[{index}]: {name!r} is not in this shot; there are {sorted(present | things)}")
    for index, action in enumerate(shot.actions):
        if action.actor not in present:
            raise ValueError(f"{where}.actions[{index}].actor: {action.actor!r} is not a character of this shot")
