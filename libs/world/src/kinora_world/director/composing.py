"""A draft to a storyboard: things get kinds and ids, shots their length, everybody a place and every deed its time."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any, Literal, cast

from kinora_world.catalogue import entries, names
from kinora_world.director import looks, timing
from kinora_world.director.blocking import Stand, block
from kinora_world.director.draft import Deed, Draft, Ref, ShotDraft, Speech, Thing
from kinora_world.director.lexicon import lists
from kinora_world.storyboard import Action, Camera, Character, Line, Mark, Prop, Shot, Storyboard

_HINTS = {
    "court": {"hoop", "basketball"},
    "beach": {"beach_ball"},
    "room": {"sofa", "lamp", "table", "chair", "book"},
    "street": {"traffic_cone", "trash_can", "skateboard"},
}


def settle(draft: Draft, seconds: float) -> None:
    """Fills in what the prompt left open: places, the kind of a ball, a hoop to shoot at, enough shots for a long clip."""
    first = draft.shots[0]
    if first.place is None:
        first.place = _likely_place(draft)
        draft.approximated["the place, which the prompt leaves open,"] = f"a {first.place}"
    for before, shot in zip([first, *draft.shots], draft.shots, strict=False):
        shot.place, shot.time = shot.place or before.place, shot.time or before.time
    for shot in draft.shots:
        _drop_small_talk(shot)
        equip(shot, draft)
    settle_balls(draft)
    for before, shot in pairwise(draft.shots):
        _carry_on(before, shot, draft)
    for before, shot in reversed(list(pairwise(draft.shots))):
        if shot.place == before.place:  # what is there later was there before
            before.things += [number for number in shot.things if number not in before.things]
    while seconds > 20 * len(draft.shots):
        last = draft.shots[-1]
        draft.shots.append(ShotDraft(place=last.place, time=last.time, people=list(last.people), things=list(last.things)))


def _drop_small_talk(shot: ShotDraft) -> None:
    """Who talks and then has lines talks in those lines."""
    speakers = {what.speaker for what in shot.happenings if isinstance(what, Speech)}
    shot.happenings = [w for w in shot.happenings if not (isinstance(w, Deed) and w.verb == "talk" and speakers & set(w.actors))]


def _likely_place(draft: Draft) -> str:
    kinds = {thing.kind for thing in draft.things}
    verbs = {what.verb for shot in draft.shots for what in shot.happenings if isinstance(what, Deed)}
    if "shoot" in verbs:
        return "court"
    return next((place for place, hints in _HINTS.items() if hints & kinds), "park")


def settle_balls(draft: Draft) -> None:
    """A plain "ball" becomes the one for the game or the place."""
    for thing in draft.things:
        if thing.kind == "ball":
            thing.kind = _ball(thing, draft)


def _ball(thing: Thing, draft: Draft) -> str:
    balls = lists("props")["ball"]
    used = [what.verb for shot in draft.shots for what in shot.happenings if isinstance(what, Deed) and what.prop == thing.number]
    for hint in ("shoot" if "shoot" in used else "", "kick" if "kick" in used else "", draft.shots[0].place):
        if hint in balls:
            return str(balls[hint])
    return str(balls.get(used[0] if used else "", balls["otherwise"]))


def equip(shot: ShotDraft, draft: Draft) -> None:
    """A shot needs a ball and a hoop; a throw needs something to throw."""
    for deed in [what for what in shot.happenings if isinstance(what, Deed)]:
        if deed.verb == "shoot":
            deed.prop = deed.prop if deed.prop is not None else _find(draft, ("basketball", "ball"), "basketball")
            if deed.target is None or deed.target[0] == "person":
                deed.target = ("thing", _find(draft, ("hoop",), "hoop"))
            deed.outcome = deed.outcome or "hit"
        elif deed.verb in {"throw", "catch"} and deed.prop is None:
            deed.prop = _find(draft, ("ball", "basketball", "football", "beach_ball", "tennis_ball"), "ball")
        elif deed.verb in {"push", "pick_up"} and deed.prop is None and deed.target is None:
            deed.prop = _find(draft, ("crate", "cardboard_box"), "cardboard_box")
        elif "prop" in entries("actions").get(deed.verb, {}).get("needs", ()) and deed.prop is None:
            deed.prop = deed.target[1] if deed.target and deed.target[0] == "thing" else _find(draft, ("ball", "bottle", "book"), "bottle")
        for number in (deed.prop, deed.target[1] if deed.target and deed.target[0] == "thing" else None):
            if number is not None and number not in shot.things:
                shot.things.append(number)
        if deed.target and deed.target[0] == "person" and deed.target[1] not in shot.people:
            shot.people.append(deed.target[1])


def _find(draft: Draft, kinds: Sequence[str], otherwise: str) -> int:
    found = next((thing.number for kind in kinds for thing in draft.things if thing.kind == kind), None)
    if found is not None:
        return found
    draft.things.append(Thing(len(draft.things), otherwise))
    return len(draft.things) - 1


def _carry_on(before: ShotDraft, shot: ShotDraft, draft: Draft) -> None:
    """In the same place everybody and everything stays; elsewhere only who is spoken of, or all when nobody is."""
    if shot.place == before.place:
        shot.people = [*shot.people, *(who for who in before.people if who not in shot.people)]
        shot.things = [*shot.things, *(number for number in before.things if number not in shot.things)]
    elif not shot.people and not draft.nobody:
        shot.people = list(before.people)


def compose(draft: Draft, *, prompt: str, seconds: float, seed: int, style: str) -> tuple[Storyboard, list[str]]:
    """The storyboard and what there was no time or room for, in sentences."""
    characters = looks.cast(draft.people, seed)
    props = prop_ids(draft)
    durations = timing.share(draft, seconds)
    refused: list[str] = []
    shots: list[Shot] = []
    before: Stand | None = None
    for number, (shot, duration) in enumerate(zip(draft.shots, durations, strict=True)):
        kept = before if number and draft.shots[number - 1].place == shot.place else None
        chance = Random(f"{seed}/stand/{number}")
        staged, before, dropped = stage(shot, draft, kept, chance, props=props, characters=characters, duration=duration, style=style)
        shots.append(staged)
        refused.extend(dropped)
    title = " ".join(prompt.split())[:80]
    board = Storyboard(title=title, seed=seed, characters=tuple(_on_stage(characters, shots)), shots=tuple(shots))
    return board, refused


def stage(
    shot: ShotDraft,
    draft: Draft,
    before: Stand | None,
    chance: Random,
    *,
    props: Mapping[int, Sequence[str]],
    characters: Sequence[Character],
    duration: float,
    style: str,
) -> tuple[Shot, Stand, list[str]]:
    """One shot, where everybody is when it ends, and what there was no time for."""
    timed, dropped = timing.schedule(shot, duration)
    stand = block(shot, draft, timed, props, before, chance)
    staged = _shot(shot, draft, timed, stand, props, characters, duration=duration, style=style)
    refused = [_no_time(what, characters, duration) for what in dropped]
    refused += [f"the end of {_no_time(entry.what, characters, duration)}" for entry in timed if timing.cut_off(entry, duration)]
    return staged, _afterwards(stand), refused


def _on_stage(characters: Sequence[Character], shots: Sequence[Shot]) -> list[Character]:
    present = {mark.character for shot in shots for mark in shot.marks}
    return [character for character in characters if character.id in present]


def _afterwards(stand: Stand) -> Stand:
    return Stand(people={**stand.people, **stand.ends})


def _no_time(what: Deed | Speech, characters: Sequence[Character], duration: float) -> str:
    if isinstance(what, Speech):
        return f"the line “{what.text}” of {characters[what.speaker].name}: {duration:g} s leave no time for it."
    return f"{characters[what.actors[0]].name}'s “{what.verb.replace('_', ' ')}”: {duration:g} s leave no time for it."


def prop_ids(draft: Draft) -> dict[int, list[str]]:
    used: dict[str, int] = {}
    kept = {thing.id for thing in draft.things}
    found: dict[int, list[str]] = {}
    for thing in draft.things:
        found[thing.number] = [thing.id] if thing.id else []
        for _ in range(0 if thing.id else thing.count):
            used[thing.kind] = used.get(thing.kind, 0) + 1
            while f"{thing.kind}_{used[thing.kind]}" in kept:
                used[thing.kind] += 1
            found[thing.number].append(f"{thing.kind}_{used[thing.kind]}")
    return found


def _shot(
    shot: ShotDraft,
    draft: Draft,
    timed: Sequence[timing.Timed],
    stand: Stand,
    props: Mapping[int, Sequence[str]],
    characters: Sequence[Character],
    *,
    duration: float,
    style: str,
) -> Shot:
    who = {number: character.id for number, character in enumerate(characters)}
    on_stage = set(stand.people)
    lines = [entry for entry in timed if isinstance(entry.what, Speech) and entry.what.speaker in on_stage]
    things = {name for number in shot.things for name in props[number]}
    return Shot.model_validate(
        {
            "duration": duration,
            "place": shot.place if shot.place in names("places") else names("places")[0],
            "time_of_day": shot.time or "day",
            "style": style,
            "camera": _camera(shot, timed, props, who),
            "marks": [_mark(number, stand, who) for number in sorted(on_stage)],
            "props": [_prop(name, draft.things[n], stand) for n in shot.things for name in props[n]][:40],
            "actions": [a for entry in timed for a in _actions(entry, stand, props, who, things)][:60],
            "dialogue": [_line(entry, who) for entry in lines][:20],
            "prompt": " ".join(token.text for token in shot.tokens)[:4000],
        }
    )


def _mark(number: int, stand: Stand, who: Mapping[int, str]) -> Mark:
    facing = (stand.facing.get(number, 0.0) + 180) % 360 - 180
    return Mark(character=who[number], position=stand.people[number], facing=round(facing, 1))


def _prop(name: str, thing: Thing, stand: Stand) -> Prop:
    position = tuple(round(value, 3) for value in stand.props[name]) if name in stand.props else None
    return Prop.model_validate(
        {"id": name, "kind": thing.kind, "position": position, "facing": stand.turned.get(name, 0.0), "colour": thing.colour}
    )


def _line(entry: timing.Timed, who: Mapping[int, str]) -> Line:
    speech = cast("Speech", entry.what)
    return Line(speaker=who[speech.speaker], text=speech.text, language=speech.language, start=entry.start, manner=speech.manner)


def _actions(
    entry: timing.Timed, stand: Stand, props: Mapping[int, Sequence[str]], who: Mapping[int, str], things: set[str]
) -> list[Action]:
    deed = entry.what
    if not isinstance(deed, Deed):
        return []
    found = []
    for actor in deed.actors:
        if actor not in stand.people:
            continue
        target = _name(_partner(deed, actor) or deed.target, props, who)
        found.append(
            Action(
                actor=who[actor],
                verb=deed.verb,
                start=entry.start,
                end=entry.end,
                target=target if target in things or target in {who[n] for n in stand.people} else None,
                prop=props[deed.prop][0] if deed.prop is not None and props[deed.prop][0] in things else None,
                to=stand.ends.get(actor) if deed.verb in {"walk", "run"} else None,
                outcome=deed.outcome,
            )
        )
    return found


def _partner(deed: Deed, actor: int) -> Ref | None:
    """`each other`."""
    others = [other for other in deed.actors if other != actor]
    return ("person", others[0]) if deed.mutual and others else None


def _name(ref: Ref | None, props: Mapping[int, Sequence[str]], who: Mapping[int, str]) -> str | None:
    if ref is None:
        return None
    return who[ref[1]] if ref[0] == "person" else props[ref[1]][0]


def _camera(shot: ShotDraft, timed: Sequence[timing.Timed], props: Mapping[int, Sequence[str]], who: Mapping[int, str]) -> Camera:
    """As asked; else close to a lone speaker, along with a runner, and wide for a throw."""
    asked: dict[str, Any] = {"move": shot.camera.move, "framing": shot.camera.framing, "subject": _name(shot.camera.subject, props, who)}
    usual = _usual(timed, who) | ({"move": "static"} if shot.camera.framing else {})  # a framing that is asked for stands still
    return Camera.model_validate({**usual, **{key: value for key, value in asked.items() if value is not None}})


def _usual(timed: Sequence[timing.Timed], who: Mapping[int, str]) -> dict[str, str]:
    deeds = [entry.what for entry in timed if isinstance(entry.what, Deed)]
    speakers = {entry.what.speaker for entry in timed if isinstance(entry.what, Speech)}
    actors = {actor for deed in deeds for actor in deed.actors}
    framing: Literal["wide", "full", "medium"]
    if any(deed.verb in {"shoot", "throw", "kick"} for deed in deeds):
        return {"move": "static", "framing": "full"}
    if any(deed.verb in {"walk", "run"} for deed in deeds) and len(actors) == 1:
        return {"move": "follow", "framing": "full", "subject": who[min(actors)]}
    framing = (
        "medium" if speakers and all(deed.verb in {"talk", "celebrate", "wave", "nod", "look_at", "point"} for deed in deeds) else "full"
    )
    if not who:
        return {"move": "pan", "framing": "wide"}
    if len(speakers | actors) == 1:
        return {"move": "dolly_in", "framing": framing, "subject": who[min(speakers | actors)]}
    return {"move": "dolly_in" if speakers else "static", "framing": framing}
