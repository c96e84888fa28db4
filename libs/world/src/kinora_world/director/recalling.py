"""A staged storyboard back to a draft, for prompts that change it or go on from it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from kinora_world.director.draft import Deed, Draft, Person, Ref, ShotDraft, Speech, Thing, View, Wonder
from kinora_world.storyboard import Character, Clothes, Shot, Storyboard


def recall(board: Storyboard) -> Draft:
    """People and things keep their ids; what a prompt may say of them is left open."""
    draft = Draft(people=[_person(number, character) for number, character in enumerate(board.characters)], loop=board.loop)
    people = {character.id: number for number, character in enumerate(board.characters)}
    things: dict[str, int] = {}
    for prop in (prop for shot in board.shots for prop in shot.props):
        if prop.id not in things:
            things[prop.id] = len(draft.things)
            draft.things.append(Thing(len(draft.things), prop.kind, colour=prop.colour, scale=prop.scale, handle=prop.handle, id=prop.id))
    draft.shots = [_shot(shot, people, things) for shot in board.shots]
    return draft


def _person(number: int, character: Character) -> Person:
    feminine = float(round(character.feminine))
    noun = ("girl" if feminine else "boy") if character.age_years < 13 else ("woman" if feminine else "man")
    other = character.species != "person"
    return Person(
        number,
        name=character.name,
        noun=character.species if other else noun,
        feminine=None if other else feminine,
        species=character.species,
        handle=character.handle,
        id=character.id,
    )


def _shot(shot: Shot, people: Mapping[str, int], things: Mapping[str, int]) -> ShotDraft:
    def ref(name: object) -> Ref | None:
        if not isinstance(name, str):
            return None
        return ("person", people[name]) if name in people else ("thing", things[name])

    told: list[tuple[float, Deed | Speech]] = []
    for action in shot.actions:
        prop = things.get(action.prop) if action.prop else None
        deed = Deed([people[action.actor]], action.verb, ref(action.target), prop, action.outcome, pace=action.pace, mood=action.mood)
        told.append((action.start, deed))
    clock = 0.0
    for line in shot.dialogue:
        clock = line.start if line.start is not None else clock + 0.01
        told.append((clock, Speech(people[line.speaker], line.text, line.language, line.manner, mood=line.mood)))
    told.sort(key=lambda entry: entry[0])
    for before, after in pairwise(told):
        after[1].together = after[0] - before[0] < 0.05
    camera = shot.camera
    return ShotDraft(
        place=shot.place,
        time=shot.time_of_day,
        weather=shot.weather,
        mood=shot.mood,
        music=shot.music,
        transition=shot.transition,
        crowd=shot.crowd,
        camera=View(camera.move, camera.framing, ref(camera.subject), ref(camera.other), camera.lens_mm, camera.shallow),
        people=[people[mark.character] for mark in shot.marks],
        things=[things[prop.id] for prop in shot.props],
        happenings=[what for _, what in told],
        effects=[Wonder(effect.kind, ref(effect.at)) for effect in shot.effects],
        sounds=[sound.kind for sound in shot.sounds],
    )


def changed(character: Character, person: Person, told: Character) -> Character:
    """The old character with what the prompt says of their looks; `told` is the person cast anew, from whom the new garments come."""
    worn: dict[str, Any] = character.clothes.model_dump()
    fresh = told.clothes.model_dump()
    for part in Clothes.model_fields:
        if part in person.worn:
            wear = person.worn[part]
            asked = {key: getattr(wear, key) for key in ("kind", "colour", "pattern", "accent") if getattr(wear, key)}
            worn[part] = {**(worn[part] or fresh[part]), **asked} if worn[part] or fresh[part] else None
    hair = {part: value for part, value in (("style", person.hair_style), ("colour", person.hair_colour)) if value}
    plain: dict[str, Any] = {
        "age_years": person.age,
        "skin": person.skin,
        "weight": person.weight,
        "muscle": person.muscle,
        "beard": person.beard,
        "freckles": person.freckles,
        "size": person.size,
        "colour": person.colour,
    }
    update = {key: value for key, value in plain.items() if value is not None}
    return Character.model_validate({**character.model_dump(), **update, "clothes": worn, "hair": {**character.hair.model_dump(), **hair}})
