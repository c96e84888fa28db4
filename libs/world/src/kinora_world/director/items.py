"""The prompt as a row of items: people, things, verbs, quotes, and the small words that tie them."""

from dataclasses import dataclass, field
from typing import Any

from kinora_world.director.claims import Claim
from kinora_world.director.lexicon import Senses
from kinora_world.director.text import Token


@dataclass(slots=True, eq=False)
class Item:
    """`kind`: people, thing, verb, quote, place, time, weather, mood, music, effect, sound, pace, camera, framing, lens, language, prep,
    and, relative, while, then, cut, transition, mutual, crowd, unknown, stop or comma.

    `value`: numbers of people, number of a thing, a text, or a name of a catalogue. A verb keeps all its senses.
    """

    kind: str
    value: Any = None
    tokens: list[Token] = field(default_factory=list)
    exact: bool = True
    senses: Senses = ()
    gerund: bool = False
    denied: bool = False  # "does not jump"
    also: list[Token] = field(default_factory=list)  # words beside it that say the same: "guitar" of "plays a red guitar"

    def sense(self, kind: str) -> Any:
        """What a verb means as an action, speech or fate; None when it cannot mean one."""
        return next((sense.value for sense in self.senses if sense.kind == kind), None)

    def claim(self, claim: Claim) -> None:
        for token in (*self.tokens, *self.also):
            token.claims.append(claim)

    @property
    def phrase(self) -> str:
        return " ".join(token.text for token in self.tokens)
