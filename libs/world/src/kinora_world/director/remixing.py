"""A staged storyboard changed by a new prompt: what the prompt names is replaced, everything else stays."""

from collections.abc import Sequence
from random import Random
from typing import Any

from kinora_world.director import looks
from kinora_world.director.acting import Action as Acting
from kinora_world.director.beds import bed
from kinora_world.director.claims import missing, of_kind, there
from kinora_world.director.composing import prop_ids, settle_balls, stage
from kinora_world.director.direct import MOST_TOKENS, Directed, hear
from kinora_world.director.draft import Deed, Draft, Ref, ShotDraft, Speech
from kinora_world.director.equipping import equip
from kinora_world.director.items import Item
from kinora_world.director.lexicon import lists
from kinora_world.director.notes import notes
from kinora_world.director.placing import Stand
from kinora_world.director.reading import Reader
from kinora_world.director.recalling import changed, recall
from kinora_world.director.text import tokenise
from kinora_world.storyboard import Character, Shot, Storyboard


def remix(storyboard: Storyboard, prompt: str, *, seed: int) -> Directed:
    """Place, time, style, camera, looks, deeds and lines that `prompt` names replace the old ones; the clip keeps its length and cuts.

    Named people, or those a noun or pronoun fits, are the old cast; new ones join the first shot.
    """
    draft = recall(storyboard)
    old = list(draft.shots)
    draft.shots = []
    hear(tokenise(prompt)[:MOST_TOKENS], draft)
    items = Reader(draft.tokens, draft).read()
    _swap(items, draft)
    Acting(items, draft, 1).play()
    wish = draft.shots[0]
    told = looks.cast(draft.people, seed)
    characters = [changed(c, person, new) for c, person, new in zip(storyboard.characters, draft.people, told, strict=False)]
    characters += told[len(characters) :]
    renewed = _merge(wish, old, storyboard, draft)
    shots, refused = _shots(storyboard, old, wish, draft, characters, renewed, seed)
    board = Storyboard(title=storyboard.title, seed=seed, loop=draft.loop, characters=tuple(characters), shots=tuple(shots))
    return Directed(board, notes(board, draft, [*draft.refused, *refused]))


_SCENERY = ("place", "time", "weather", "mood", "music", "music_mood", "pace", "crowd")

# --- what the prompt changes


def _swap(items: Sequence[Item], draft: Draft) -> None:
    """`replace the basketball with a beach ball`: the old thing becomes the new kind."""
    swapping = [t for t in draft.tokens if t.word in lists("small")["swap"]]
    named = [item for item in items if item.kind == "thing"]
    if not swapping or len(named) < 2 or named[0].value == named[1].value:
        return
    old, new = draft.things[named[0].value], draft.things[named[1].value]
    if old.id is None or new.id is not None:
        return
    was, old.kind, old.colour = old.kind, new.kind, new.colour
    _drop_thing(new.number, items, draft, instead=old.number)
    for token in (*swapping, *named[1].tokens):
        token.claims = [there(old, kind=old.kind)]
    for token in named[0].tokens:
        token.claims = [missing(of_kind(was))]


def _drop_thing(gone: int, items: Sequence[Item], draft: Draft, *, instead: int) -> None:
    """Things are known by their place in the list: those after the one that goes move up, here and in the items."""
    del draft.things[gone]
    for thing in draft.things[gone:]:
        thing.number -= 1
    for item in items:
        if item.kind == "thing":
            item.value = instead if item.value == gone else item.value - (item.value > gone)


def _merge(wish: ShotDraft, old: Sequence[ShotDraft], board: Storyboard, draft: Draft) -> set[int]:
    """Puts the new deeds, lines, people and things into the old shots; the numbers of those that must be staged anew."""
    changed: set[int] = set()
    gone = {thing.number for thing in draft.things if thing.kind in draft.absent}
    for number, shot in enumerate(old):
        if gone & set(shot.things):
            shot.things = [n for n in shot.things if n not in gone]
            shot.happenings = [w for w in shot.happenings if not (isinstance(w, Deed) and (w.prop in gone or w.target in _refs(gone)))]
            changed.add(number)
    renewed: set[tuple[int, type, int]] = set()
    for what in wish.happenings:
        actors = what.actors if isinstance(what, Deed) else [what.speaker]
        number = _home(actors, type(what), old)
        fresh = [actor for actor in actors if (number, type(what), actor) not in renewed]
        renewed |= {(number, type(what), actor) for actor in fresh}
        _replace(old[number], what, fresh)
        old[number].people += [actor for actor in actors if actor not in old[number].people]
        changed.add(number)
    if any(person >= len(board.characters) for person in wish.people) or any(draft.things[n].id is None for n in wish.things):
        old[0].people += [n for n in wish.people if n not in old[0].people]
        old[0].things += [n for n in wish.things if n not in old[0].things]
        changed.add(0)
    return changed


def _replace(shot: ShotDraft, what: Deed | Speech, actors: Sequence[int]) -> None:
    """`what` takes the place of the first of its kind by these actors, and its timing; with nothing to replace it joins the last beat."""
    theirs = [n for n, w in enumerate(shot.happenings) if any(_is_by(w, type(what), actor) for actor in actors)]
    if theirs:
        what.together = shot.happenings[theirs[0]].together
        shot.happenings[theirs[0]] = what
        shot.happenings = [w for n, w in enumerate(shot.happenings) if n not in theirs[1:]]
    else:
        what.together = what.together or bool(actors)
        shot.happenings.append(what)


def _refs(numbers: set[int]) -> set[Ref | None]:
    return {("thing", number) for number in numbers}


def _home(actors: Sequence[int], kind: type, old: Sequence[ShotDraft]) -> int:
    """The shot where they did the like before, else where they are, else the first."""
    for number, shot in enumerate(old):
        if any(_is_by(what, kind, actor) for what in shot.happenings for actor in actors):
            return number
    return next((number for number, shot in enumerate(old) if set(actors) & set(shot.people)), 0)


def _is_by(what: Deed | Speech, kind: type, actor: int) -> bool:
    return isinstance(what, kind) and actor in (what.actors if isinstance(what, Deed) else [what.speaker])


# --- and back


def _shots(
    board: Storyboard,
    drafts: Sequence[ShotDraft],
    wish: ShotDraft,
    draft: Draft,
    characters: Sequence[Character],
    changed: set[int],
    seed: int,
) -> tuple[list[Shot], list[str]]:
    draft.shots = list(drafts)
    for shot in draft.shots:
        for part in _SCENERY:
            setattr(shot, part, getattr(wish, part) or getattr(shot, part))
    settle_balls(draft)
    for number in changed:
        equip(draft.shots[number], draft)
    props, refused, shots = prop_ids(draft), list[str](), list[Shot]()
    for number, (was, shot) in enumerate(zip(board.shots, draft.shots, strict=True)):
        style = draft.style or was.style
        fresh = was
        if number in changed:
            _frame(shot)
            stand = Stand(people={n: mark.position for mark in was.marks for n, c in enumerate(characters) if c.id == mark.character})
            chance = Random(f"{seed}/remix/{number}")
            fresh, _, dropped = stage(shot, draft, stand, chance, props=props, characters=characters, duration=was.duration, style=style)
            refused += dropped
        shots.append(_scenery(fresh, shot, wish, draft, style, props, characters))
    return shots, refused


def _frame(shot: ShotDraft) -> None:
    """The old camera, unless its subject is gone."""
    subject = shot.camera.subject
    if subject is not None and subject[1] not in (shot.people if subject[0] == "person" else shot.things):
        shot.camera.subject = None


def _scenery(
    shot: Shot, new: ShotDraft, wish: ShotDraft, draft: Draft, style: str, props: dict[int, list[str]], characters: Sequence[Character]
) -> Shot:
    looks_by_id = {props[thing.number][0]: thing for thing in draft.things}
    present = {mark.character for mark in shot.marks} | {prop.id for prop in shot.props}

    def named(ref: Ref | None) -> str | None:
        name = None if ref is None else characters[ref[1]].id if ref[0] == "person" else props[ref[1]][0]
        return name if name in present else None

    asked = {"move": wish.camera.move, "framing": wish.camera.framing, "lens_mm": wish.camera.lens_mm, "shallow": wish.camera.shallow}
    camera: dict[str, Any] = {key: value for key, value in asked.items() if value}
    camera |= {key: name for key, name in (("subject", named(wish.camera.subject)), ("other", named(wish.camera.other))) if name}
    painted = [
        {**prop.model_dump(), "kind": looks_by_id[prop.id].kind, "colour": looks_by_id[prop.id].colour} if prop.id in looks_by_id else prop
        for prop in shot.props
    ]
    added = [{"kind": wonder.kind, "at": named(wonder.at)} for wonder in wish.effects if wonder.kind not in {e.kind for e in shot.effects}]
    update = {
        "place": new.place,
        "time_of_day": new.time,
        "weather": new.weather,
        "mood": new.mood,
        "music": wish.music or (bed(wish.music_mood) if wish.music_mood is not None else shot.music),
        "crowd": new.crowd,
        "style": style,
        "camera": {**shot.camera.model_dump(), **camera},
        "props": painted,
        "effects": [*shot.effects, *added][:12],
        "sounds": [*shot.sounds, *({"kind": kind} for kind in wish.sounds)][:20],
    }
    return Shot.model_validate({**shot.model_dump(), **update})
