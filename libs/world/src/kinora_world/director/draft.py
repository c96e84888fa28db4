"""What has been understood so far: people, things, shots and what happens in them, before times and places are given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kinora_world.director.text import Token

Manner = Literal["say", "whisper", "shout", "sing"]
Nearest = Callable[[str, Sequence[str]], tuple[str, str] | None]  # a phrase, catalogues to search → (catalogue, entry)
Ref = tuple[Literal["person", "thing"], int]


@dataclass(slots=True)
class Wear:
    """One garment as told; None where the prompt left it open."""

    kind: str | None = None
    colour: str | None = None
    pattern: str | None = None
    accent: str | None = None


@dataclass(slots=True)
class Person:
    """A person, animal or other being. Facts the prompt gave; None where it left them open."""

    number: int
    name: str | None = None
    noun: str = "person"  # alike for "man", "guy", "men"
    title: str | None = None  # the word that was used
    handle: str | None = None
    species: str = "person"
    size: float | None = None
    colour: str | None = None  # of fur, feathers, paint
    feminine: float | None = None
    age: float | None = None
    weight: float | None = None
    muscle: float | None = None
    skin: str | None = None
    hair_style: str | None = None
    hair_colour: str | None = None
    beard: str | None = None
    freckles: float | None = None
    mood: str | None = None
    worn: dict[str, Wear] = field(default_factory=dict)  # by slot
    costume: dict[str, list[str]] = field(default_factory=dict)  # of a role: words of a garment and its colour
    of_group: bool = False  # one of "two friends": a name that comes later may be theirs
    id: str | None = None  # of its character: kept from an earlier storyboard, or given when it is cast


@dataclass(slots=True)
class Thing:
    """`count` alike things; `falling` ones begin in the air."""

    number: int
    kind: str
    count: int = 1
    colour: str | None = None
    scale: float | None = None
    falling: bool = False
    stacked: bool = False
    handle: str | None = None
    id: str | None = None  # kept from an earlier storyboard
    names: list[str] = field(default_factory=list)  # ids of its props in the storyboard


@dataclass(slots=True)
class Deed:
    """Somebody does something. `together` with the deed or speech before it, else after."""

    actors: list[int]
    verb: str
    target: Ref | None = None
    prop: int | None = None
    outcome: Literal["hit", "miss"] | None = None
    away: bool = False
    mutual: bool = False
    together: bool = False
    pace: float | None = None
    mood: str | None = None
    lacks: Sequence[Token] = ()  # words for the thing it is done with, that nothing here looks like


@dataclass(slots=True)
class Speech:
    """Somebody says something."""

    speaker: int
    text: str
    language: str
    manner: Manner = "say"
    together: bool = False
    mood: str | None = None


@dataclass(slots=True)
class View:
    move: str | None = None
    framing: str | None = None
    subject: Ref | None = None
    other: Ref | None = None
    lens_mm: float | None = None
    shallow: bool = False


@dataclass(slots=True)
class Wonder:
    """An effect of the catalogue, and whom or what it goes with."""

    kind: str
    at: Ref | None = None


@dataclass(slots=True)
class Relation:
    """`subject` is on, under, behind, in front of, beside, between, beyond, inside or around `object`."""

    subject: Ref
    kind: str
    object: Ref


@dataclass(slots=True)
class ShotDraft:
    """`place` and the like are None where the shot goes on as the one before."""

    place: str | None = None
    time: str | None = None
    weather: str | None = None
    mood: str | None = None
    music: str | None = None
    music_mood: str | None = None
    transition: str | None = None
    pace: float | None = None
    crowd: int | None = None
    camera: View = field(default_factory=View)
    people: list[int] = field(default_factory=list)
    things: list[int] = field(default_factory=list)
    happenings: list[Deed | Speech] = field(default_factory=list)
    effects: list[Wonder] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """`nobody`: the prompt wants the stage empty. `narrow`: the picture is upright, people must stand close."""

    people: list[Person] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    shots: list[ShotDraft] = field(default_factory=list)
    style: str | None = None
    language: str = "en"  # of the prompt itself
    nearest: Nearest | None = None  # finds stand-ins by meaning, where a model is at hand
    loop: bool = False
    nobody: bool = False
    narrow: bool = False
    absent: set[str] = field(default_factory=set)  # kinds of things the prompt says are not there
    approximated: dict[str, str] = field(default_factory=dict)  # what was asked → what stands in for it
    qualities: list[str] = field(default_factory=list)  # words for the look that every clip has
    refused: list[str] = field(default_factory=list)  # whole sentences for people
    tokens: list[Token] = field(default_factory=list)
