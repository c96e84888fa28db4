"""A prompt to a storyboard and the notes about it."""

from dataclasses import dataclass
from typing import get_args

from kinora_world.director.acting import Action
from kinora_world.director.composing import compose, settle
from kinora_world.director.draft import Deed, Draft, Nearest, Person, ShotDraft
from kinora_world.director.given_picture import settle_in_picture, without_picture
from kinora_world.director.ledger import small_words
from kinora_world.director.negative import leave_out
from kinora_world.director.notes import notes
from kinora_world.director.reading import Reader
from kinora_world.director.spelling import correct
from kinora_world.director.text import Token, tokenise
from kinora_world.director.translating import translate
from kinora_world.storyboard import Storyboard, Style

SHOT_S = 1.25  # no more shots than one in this time
MOST_TOKENS = 3000  # a longer prompt is more than any clip holds; the rest is said to be left out


@dataclass(frozen=True, slots=True)
class Directed:
    """`notes` are sentences for a person, each beginning with "Understood:", "Shown differently:" or "Left out:"."""

    storyboard: Storyboard
    notes: tuple[str, ...]


def direct(
    prompt: str,
    *,
    seconds: float,
    width: int,
    height: int,
    seed: int,
    style: str | None = None,
    negative_prompt: str = "",
    nearest: Nearest | None = None,
    picture: bool = False,
) -> Directed:
    """Stages any text. `seconds` is the clip's exact length, at least 0.5; a portrait picture brings people closer together.

    `style` overrides what the prompt says. `nearest` (see `kinora_world.meaning`) finds stand-ins for words that no list knows.
    `picture`: the clip opens on a given picture, which is its first place.
    """
    draft = read(without_picture(prompt) if picture else prompt, seconds, Draft(nearest=nearest))
    draft.narrow = height > width
    if picture:
        settle_in_picture(draft, said=understood_anything(draft))
    elif not understood_anything(draft):
        greet(draft)
    leave_out(negative_prompt, draft)
    settle(draft, seconds)
    chosen = str(style) if style in get_args(Style) else draft.style or "realistic"
    if style is not None and style != chosen:
        draft.approximated[f"the style “{style}”"] = f"the {chosen} style"
    board, refused = compose(draft, prompt=prompt, seconds=seconds, seed=seed, style=chosen)
    return Directed(board, notes(board, draft, [*draft.refused, *refused]))


def understood_anything(draft: Draft) -> bool:
    seen = [draft.people, draft.things, draft.style, draft.nobody]
    return any(seen) or any(shot != ShotDraft(tokens=shot.tokens) for shot in draft.shots)


def greet(draft: Draft) -> None:
    """One person who waves, for a prompt that says nothing known here."""
    draft.people.append(Person(0))
    draft.shots[0].people = [0]
    draft.shots[0].happenings = [Deed([0], "wave")]
    draft.approximated["the prompt, of which nothing is known here,"] = "one person who waves"


def hear(tokens: list[Token], draft: Draft) -> None:
    """The words as English and as they were meant to be spelt."""
    draft.tokens, draft.language = translate(tokens)
    if draft.language == "en":
        for written, meant in correct(draft.tokens).items():
            if meant not in small_words():
                draft.approximated.setdefault(written, f"“{meant}”")


def read(prompt: str, seconds: float, draft: Draft | None = None) -> Draft:
    """What the prompt says, not yet settled in time and space."""
    draft = draft or Draft()
    tokens = tokenise(prompt)
    if len(tokens) > MOST_TOKENS:
        draft.refused.append(f"everything after the first {MOST_TOKENS} words and marks: {seconds:g} s hold no more.")
    hear(tokens[:MOST_TOKENS], draft)
    items = Reader(draft.tokens, draft).read()
    Action(items, draft, max(1, min(24, int(seconds / SHOT_S)))).play()
    return draft
