"""A draft to a storyboard: things get kinds and ids, shots their length, everybody a place and every deed its time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import cast, get_args

from kinora_world.catalogue import names, words
from kinora_world.director import framing, looks, timing
from kinora_world.director.beds import bed
from kinora_world.director.blocking import block
from kinora_world.director.coverage import cover
from kinora_world.director.draft import Deed, Draft, Ref, ShotDraft, Speech, Thing, View
from kinora_world.director.equipping import equip
from kinora_world.director.lexicon import lists
from kinora_world.director.nouns import with_article
from kinora_world.director.placing import Stand
from kinora_world.storyboard import Action, Character, Line, Mark, Mood, Prop, Shot, Storyboard

_STAY = ("place", "time", "weather", "mood", "music", "music_mood", "pace", "crowd")  # what goes on until the prompt changes it
_HINTS = {
    "court": {"hoop", "basketball"},
    "beach": {"beach_ball", "surfboard", "sandcastle", "parasol"},
    "classroom": {"blackboard"},
    "campsite": {"tent"},
    "snow_field": {"snowball", "sled"},
    "room": {
        "birthday_cake",
        "christmas_tree",
        "armchair",
        "fireplace",
        "sofa",
        "lamp",
        "table",
        "chair",
        "book",
        "bed",
        "television",
        "piano",
        "laptop",
        "computer",
    },
    "street": {"traffic_cone", "trash_can", "skateboard", "car", "taxi", "bus"},
}


# Words of places, and the deeds that are done there when the prompt does not say where.
_PLACES = {
    "court": {"shoot", "dunk", "dribble"},
    "beach": {"surf", "wakeboard"},
    "swimming pool": {"swim"},
    "mountains": {"ski", "climb"},
    "gym": {"lift_weights", "push_ups", "sit_ups", "squats", "lunges", "box_shadow"},
    "kitchen": {"cook", "stir", "chop"},
    "office": {"type"},
    "stage": {"ballet", "conduct", "play_piano", "play_drums", "play_violin"},
    "bedroom": {"sleep"},
    "ice rink": {"ice_skate"},
    "street": {"drive"},
}


def settle(draft: Draft, seconds: float) -> None:
    """Fills in what the prompt left open: places, the kind of a ball, a hoop to shoot at, enough shots for a long clip."""
    first = draft.shots[0]
    if first.place is None:
        first.place = next((shot.place for shot in draft.shots if shot.place), None) or _likely_place(draft)
        draft.approximated["the place, which the prompt leaves open,"] = with_article(first.place.replace("_", " "))
    for before, shot in pairwise(draft.shots):
        for part in _STAY:
            if getattr(shot, part) is None:
                setattr(shot, part, getattr(before, part))
    for shot in draft.shots:
        _drop_small_talk(shot)
        equip(shot, draft)
        shot.mood = shot.mood or _shared_mood(shot, draft)
    settle_balls(draft)
    for before, shot in pairwise(draft.shots):
        _carry_on(before, shot, draft)
    for before, shot in reversed(list(pairwise(draft.shots))):
        if shot.place == before.place:  # what is there later was there before
            before.things += [number for number in shot.things if number not in before.things]
    cover(draft, seconds)
    while seconds > timing.LONGEST_SHOT * len(draft.shots):
        last = draft.shots[-1]
        draft.shots.append(replace(last, camera=View(), happenings=[], effects=list(last.effects), sounds=[], tokens=[]))


def _shared_mood(shot: ShotDraft, draft: Draft) -> str | None:
    """A shot is in the mood of its people when all are in one."""
    moods = {draft.people[number].mood for number in shot.people}
    mood = moods.pop() if len(moods) == 1 else None
    return mood if mood in get_args(Mood) else None  # a feeling is a face's alone


def _drop_small_talk(shot: ShotDraft) -> None:
    """Who talks and then has lines talks in those lines."""
    speakers = {what.speaker for what in shot.happenings if isinstance(what, Speech)}
    shot.happenings = [w for w in shot.happenings if not (isinstance(w, Deed) and w.verb == "talk" and speakers & set(w.actors))]


def _likely_place(draft: Draft) -> str:
    kinds = {thing.kind for thing in draft.things}
    verbs = {what.verb for shot in draft.shots for what in shot.happenings if isinstance(what, Deed)}
    for place, deeds in _PLACES.items():
        found = next((words("places")[word] for word in (place,) if word in words("places")), None)
        if found is not None and deeds & verbs:
            return found
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


def _carry_on(before: ShotDraft, shot: ShotDraft, draft: Draft) -> None:
    """In the same place everybody and everything stays; elsewhere only who is spoken of, or all when nobody is."""
    if shot.place == before.place:
        shot.effects = shot.effects or list(before.effects)
        shot.relations = [*shot.relations, *(r for r in before.relations if r.subject not in {other.subject for other in shot.relations})]
        shot.people = [*shot.people, *(who for who in before.people if who not in shot.people)]
        shot.things = [*shot.things, *(number for number in before.things if number not in shot.things)]
    elif not shot.people and not draft.nobody:
        shot.people = list(before.people)


def compose(draft: Draft, *, prompt: str, seconds: float, seed: int, style: str) -> tuple[Storyboard, list[str]]:
    """The storyboard and what there was no time or room for, in sentences."""
    characters = looks.cast(draft.people, seed)
    shots, refused = stage_all(draft, characters, prop_ids(draft), seconds=seconds, seed=seed, style=style)
    title = " ".join(prompt.split())[:80]
    board = Storyboard(title=title, seed=seed, loop=draft.loop, characters=tuple(_on_stage(characters, shots)), shots=tuple(shots))
    return board, refused


def stage_all(
    draft: Draft,
    characters: Sequence[Character],
    props: Mapping[int, Sequence[str]],
    *,
    seconds: float,
    seed: int,
    style: str,
    before: Stand | None = None,
) -> tuple[list[Shot], list[str]]:
    """All shots of the draft, in `seconds`; `before` is where everybody is when they begin."""
    durations = timing.share(draft, seconds)
    refused: list[str] = []
    shots: list[Shot] = []
    for number, (shot, duration) in enumerate(zip(draft.shots, durations, strict=True)):
        kept = before if number == 0 or draft.shots[number - 1].place == shot.place else None
        chance = Random(f"{seed}/stand/{number}")
        staged, before, dropped = stage(shot, draft, kept, chance, props=props, characters=characters, duration=duration, style=style)
        shots.append(staged)
        refused.extend(dropped)
    return shots, refused


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
    return Stand(people={**stand.people, **stand.ends}, props=dict(stand.props), turned=dict(stand.turned))


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
        thing.names = found[thing.number]
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
            "weather": shot.weather or "clear",
            "mood": shot.mood or "neutral",
            "music": shot.music or bed(shot.music_mood),
            "transition": shot.transition or "cut",
            "crowd": shot.crowd or 0,
            "style": style,
            "speed": timing.speed(shot),
            "camera": framing.camera(
                shot,
                timed,
                lambda ref: _present(ref, props, who, on_stage, things),
                beasts=any(draft.people[number].species != "person" for number in on_stage),
            ),
            "marks": [_mark(number, stand, who) for number in sorted(on_stage)],
            "props": [_prop(name, draft.things[n], stand) for n in shot.things for name in props[n]][:40],
            "actions": [a for entry in timed for a in _actions(entry, draft, shot, stand, props, who, things)][:60],
            "dialogue": [_line(entry, draft, who) for entry in lines][:20],
            "sounds": [{"kind": kind, "start": round(duration * 0.15, 3)} for kind in shot.sounds][:20],
            "effects": [{"kind": wonder.kind, "at": _present(wonder.at, props, who, on_stage, things)} for wonder in shot.effects][:12],
            "prompt": " ".join(token.text for token in shot.tokens)[:4000],
        }
    )


def _mark(number: int, stand: Stand, who: Mapping[int, str]) -> Mark:
    facing = (stand.facing.get(number, 0.0) + 180) % 360 - 180
    return Mark(character=who[number], position=stand.people[number], facing=round(facing, 1))


def _prop(name: str, thing: Thing, stand: Stand) -> Prop:
    position = tuple(round(value, 3) for value in stand.props[name]) if name in stand.props else None
    return Prop.model_validate(
        {
            "id": name,
            "kind": thing.kind,
            "handle": thing.handle,
            "position": position,
            "facing": stand.turned.get(name, 0.0),
            "colour": thing.colour,
            "scale": thing.scale or 1.0,
        }
    )


def _present(ref: Ref | None, props: Mapping[int, Sequence[str]], who: Mapping[int, str], people: set[int], things: set[str]) -> str | None:
    """Its id, when it is in the shot."""
    name = _name(ref, props, who)
    return name if name in things or (ref is not None and ref[0] == "person" and ref[1] in people) else None


def _line(entry: timing.Timed, draft: Draft, who: Mapping[int, str]) -> Line:
    speech = cast("Speech", entry.what)
    return Line.model_validate(
        {
            "speaker": who[speech.speaker],
            "text": speech.text,
            "language": speech.language,
            "start": entry.start,
            "manner": speech.manner,
            "mood": speech.mood or draft.people[speech.speaker].mood or "neutral",
        }
    )


def _actions(
    entry: timing.Timed,
    draft: Draft,
    shot: ShotDraft,
    stand: Stand,
    props: Mapping[int, Sequence[str]],
    who: Mapping[int, str],
    things: set[str],
) -> list[Action]:
    deed = entry.what
    if not isinstance(deed, Deed):
        return []
    found = []
    for actor in deed.actors:
        if actor not in stand.people:
            continue
        people = set(stand.people)
        found.append(
            Action.model_validate(
                {
                    "actor": who[actor],
                    "verb": deed.verb,
                    "start": entry.start,
                    "end": entry.end,
                    "target": _present(_partner(deed, actor) or deed.target, props, who, people, things),
                    "prop": _present(None if deed.prop is None else ("thing", deed.prop), props, who, people, things),
                    "to": stand.ends.get(actor) if deed.verb in timing.travels() else None,
                    "outcome": deed.outcome,
                    "pace": deed.pace or (shot.pace or 1.0) / timing.speed(shot),
                    "mood": deed.mood or draft.people[actor].mood or "neutral",
                }
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
