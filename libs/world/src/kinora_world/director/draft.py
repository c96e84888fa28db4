"""What has been understood so far: people, things, shots and what happens in them, before times and places are given."""

from dataclasses import dataclass, field
from typing import Literal

from kinora_world.director.text import Token

Manner = Literal["say", "whisper", "shout", "sing"]
Ref = tuple[Literal["person", "thing"], int]


@dataclass(slots=True)
class Person:
    """Facts the prompt gave; None where it left them open."""

    number: int
    name: str | None = None
    noun: str = "person"  # alike for "man", "guy", "men"
    title: str | None = None  # the word that was used
    feminine: float | None = None
    age: float | None = None
    weight: float | None = None
    muscle: float | None = None
    skin: str | None = None
    hair_style: str | None = None
    hair_colour: str | None = None
    top: str | None = None
    bottom: str | None = None
    shoes: str | None = None
    of_group: bool = False  # one of "two friends": a name that comes later may be theirs
    id: str | None = None  # kept from an earlier storyboard


@dataclass(slots=True)
class Thing:
    """`count` alike things; `falling` ones begin in the air."""

    number: int
    kind: str
    count: int = 1
    colour: str | None = None
    falling: bool = False
    on: int | None = None  # lies on another thing
    stacked: bool = False
    id: str | None = None  # kept from an earlier storyboard


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


@dataclass(slots=True)
class Speech:
    """Somebody says something."""

    speaker: int
    text: str
    language: str
    manner: Manner = "say"
    together: bool = False


@dataclass(slots=True)
class View:
    move: str | None = None
    framing: str | None = None
    subject: Ref | None = None


@dataclass(slots=True)
class ShotDraft:
    """`place` and the like are None where the shot goes on as the one before."""

    place: str | None = None
    time: str | None = None
    camera: View = field(default_factory=View)
    people: list[int] = field(default_factory=list)
    things: list[int] = field(default_factory=list)
    happenings: list[Deed | Speech] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """`nobody`: the prompt wants the stage empty. `narrow`: the picture is upright, people must stand close."""

    people: list[Person] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    shots: list[ShotDraft] = field(default_factory=list)
    style: str | None = None
    nobody: bool = False
    narrow: bool = False
    absent: set[str] = field(default_factory=set)  # kinds of things the prompt says are not there
    approximated: dict[str, str] = field(default_factory=dict)  # what was asked → what stands in for it
    refused: list[str] = field(default_factory=list)  # whole sentences for people
    tokens: list[Token] = field(default_factory=list)
