"""What a person is asked to do before the camera: words to say and moves to make, each revealed at a moment nobody can foresee.

Pure: knows neither camera nor clip. The server makes a challenge, reveals its items one at a time and notes when it did.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from kinora_faces.words import WORDS

_RANDOM = secrets.SystemRandom()
_MOVES = 3
_WORDS = (3, 4)
_FIRST_S = (1.0, 1.6)  # the face at rest, to compare with
_AFTER_WORD_S = (1.2, 1.8)
_AFTER_MOVE_S = (1.8, 2.4)
_WINDOW_S = 3.0
_SLOWER = 2.0


class Move(StrEnum):
    """Directions are the person's own: "left" turns the nose towards their left shoulder."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    OPEN_MOUTH = "open_mouth"
    CLOSE_EYES = "close_eyes"
    LEAN_IN = "lean_in"


TURNS = (Move.LEFT, Move.RIGHT, Move.UP, Move.DOWN)
STILL_MOVES = (Move.OPEN_MOUTH, Move.CLOSE_EYES, Move.LEAN_IN)
_PROMPTS = {
    Move.LEFT: "Turn your head to your left, and back",
    Move.RIGHT: "Turn your head to your right, and back",
    Move.UP: "Lift your chin, and back",
    Move.DOWN: "Lower your chin, and back",
    Move.OPEN_MOUTH: "Open your mouth wide, and close it",
    Move.CLOSE_EYES: "Close your eyes for a second",
    Move.LEAN_IN: "Come closer to the camera, and back",
}


class LanguageNotSpoken(ValueError):
    """There is no speech model for the language."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a person asks for. Every gate that still applies stays as strict.

    cannot_turn: moves of the face and a lean instead of turns. Where they show too little depth, a moderator looks.
    cannot_speak: the words are typed on the keyboard. Speech and lips prove nothing then, so a moderator looks.
    slow: twice the time for everything; for whoever reads, hears or moves slowly.
    spoken: prompts are also read out, for whoever cannot see them, and headphones are asked for. Everything is always shown as text,
    for whoever cannot hear.
    """

    cannot_turn: bool = False
    cannot_speak: bool = False
    slow: bool = False
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, due `after_s` seconds after the capture began. Exactly one of `word` and `move` is set."""

    after_s: float
    word: str = ""
    move: Move | None = None

    @property
    def prompt(self) -> str:
        """What the person reads, or hears."""
        return f"Say: {self.word}" if self.move is None else _PROMPTS[self.move]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Items in the order of their reveal, the last of which ends at `ends_s`. Each must be done within `window_s` of its reveal."""

    language: str
    items: tuple[Item, ...]
    ends_s: float
    window_s: float
    needs: Needs = Needs()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(item.word for item in self.items if item.word)

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(item.move for item in self.items if item.move)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        fields: dict[str, Any] = json.loads(text)
        items = tuple(Item(i["after_s"], i["word"], Move(i["move"]) if i["move"] else None) for i in fields.pop("items"))
        return cls(items=items, needs=Needs(**fields.pop("needs")), **fields)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the server knows of one capture, all of it by its own clock; nothing here comes from the client but `typed`.

    reveals: when each item was shown, in seconds after the capture began (the arrival of its first bytes).
    received_s: seconds between the arrival of the clip's first and last bytes; None for a clip uploaded whole, whose times then rest on
    the file's word.
    enrolled: the face vector (128) of the account's likeness, when it has one.
    """

    challenge: Challenge
    reveals: tuple[float, ...]
    received_s: float | None = None
    typed: tuple[str, ...] = ()
    enrolled: tuple[float, ...] | None = None

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "challenge": self.challenge.to_json()})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        fields: dict[str, Any] = json.loads(text)
        challenge, enrolled = Challenge.from_json(fields["challenge"]), fields["enrolled"]
        typed = tuple(fields["typed"])
        return cls(challenge, tuple(fields["reveals"]), fields["received_s"], typed, None if enrolled is None else tuple(enrolled))


def make_challenge(language: str = "en", needs: Needs = Needs()) -> Challenge:  # frozen
    """A fresh challenge from the system's source of randomness. Raises LanguageNotSpoken: only English has a speech model."""
    spoken = language.partition("-")[0].lower()
    if spoken not in WORDS:
        raise LanguageNotSpoken(f"There is no speech model for {language!r}; there is one for: {', '.join(sorted(WORDS))}.")
    words = _RANDOM.sample(WORDS[spoken], _RANDOM.choice(_WORDS))
    moves = _RANDOM.sample(STILL_MOVES if needs.cannot_turn else TURNS, _MOVES)
    pace = _SLOWER if needs.slow else 1.0
    items, ends_s = _scheduled(_RANDOM.sample([*words, *moves], len(words) + len(moves)), pace)
    return Challenge(spoken, items, ends_s, _WINDOW_S * pace, needs)


def _scheduled(order: Sequence[str | Move], pace: float) -> tuple[tuple[Item, ...], float]:
    at, items = _RANDOM.uniform(*_FIRST_S), []
    for thing in order:
        is_move = isinstance(thing, Move)
        items.append(Item(round(at, 2), move=Move(thing)) if is_move else Item(round(at, 2), word=str(thing)))
        at += pace * _RANDOM.uniform(*(_AFTER_MOVE_S if is_move else _AFTER_WORD_S))
    return tuple(items), round(at, 2)
