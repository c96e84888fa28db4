"""A staged storyboard goes on: new shots that begin where the last one ended."""

from dataclasses import replace

from kinora_world.director import looks
from kinora_world.director.acting import Action as Acting
from kinora_world.director.composing import prop_ids, settle, stage_all
from kinora_world.director.direct import MOST_TOKENS, SHOT_S, Directed, hear
from kinora_world.director.draft import Draft, ShotDraft, View
from kinora_world.director.notes import notes
from kinora_world.director.placing import Stand
from kinora_world.director.reading import Reader
from kinora_world.director.recalling import changed, recall
from kinora_world.director.text import tokenise
from kinora_world.storyboard import Storyboard

_MOST_SHOTS = 24
_GOES_ON = ("place", "time", "weather", "mood", "music", "crowd")


def extend(storyboard: Storyboard, prompt: str, *, seconds: float, seed: int) -> Directed:
    """The old shots as they are, then `seconds` more in which `prompt` happens.

    Place, light, weather, clothes, things and where everybody was last go on until the prompt changes them. Raises ValueError when the
    storyboard already has as many shots as one can have.
    """
    room = _MOST_SHOTS - len(storyboard.shots)
    if room < 1:
        raise ValueError(f"the storyboard has {len(storyboard.shots)} shots already, and cannot have more")
    draft = recall(storyboard)
    last, draft.shots = draft.shots[-1], []
    hear(tokenise(prompt)[:MOST_TOKENS], draft)
    Acting(Reader(draft.tokens, draft).read(), draft, max(1, min(room, int(seconds / SHOT_S)))).play()
    _continue(last, draft)
    settle(draft, seconds)
    told = looks.cast(draft.people, seed)
    characters = [changed(c, person, new) for c, person, new in zip(storyboard.characters, draft.people, told, strict=False)]
    characters += told[len(characters) :]
    style = draft.style or storyboard.shots[-1].style
    before = _at_the_end(storyboard) if draft.shots[0].place == last.place else None
    shots, refused = stage_all(draft, characters, prop_ids(draft), seconds=seconds, seed=seed, style=style, before=before)
    board = Storyboard(title=storyboard.title, seed=storyboard.seed, characters=tuple(characters), shots=(*storyboard.shots, *shots))
    fresh = board.model_copy(update={"shots": tuple(shots)})
    return Directed(board, notes(fresh, draft, [*draft.refused, *refused]))


def _continue(last: ShotDraft, draft: Draft) -> None:
    """What the first new shot does not say is as it was."""
    first = draft.shots[0]
    for part in _GOES_ON:
        if getattr(first, part) is None:
            setattr(first, part, getattr(last, part))
    if first.place == last.place:
        first.people += [number for number in last.people if number not in first.people]
        first.things += [number for number in last.things if number not in first.things]
        first.effects = first.effects or list(last.effects)
    elif not first.people:
        first.people = list(last.people)
    if first == replace(ShotDraft(), tokens=first.tokens):
        first.camera = View()


def _at_the_end(board: Storyboard) -> Stand:
    """Where everybody and every thing is when the last shot ends, by number of the recalled draft."""
    shot = board.shots[-1]
    numbers = {character.id: number for number, character in enumerate(board.characters)}
    stand = Stand(people={numbers[mark.character]: mark.position for mark in shot.marks})
    stand.facing = {numbers[mark.character]: mark.facing for mark in shot.marks}
    stand.people.update({numbers[action.actor]: action.to for action in shot.actions if action.to is not None})
    stand.props = {prop.id: prop.position for prop in shot.props if prop.position is not None}
    stand.turned = {prop.id: prop.facing for prop in shot.props if prop.position is not None}
    return stand
