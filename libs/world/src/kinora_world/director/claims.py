"""What a word of the prompt was taken for, in a form that the finished storyboard can be asked about.

Whoever reads a word claims it; `ledger` asks every claim of the storyboard when it is finished. Facts that were read and then overridden,
dropped for want of time or moved elsewhere so come to light by themselves.
"""

from collections.abc import Callable, Sequence
from typing import Any

from kinora_world.director.draft import Deed, Person, Speech, Thing, Wear
from kinora_world.species import nearest_verb, species_can
from kinora_world.storyboard import Action, Clothes, Line, Prop, Shot, Storyboard

_FACTS = {"age": "age_years", "hair_style": "hair.style", "hair_colour": "hair.colour"}  # where a character has them


class Film:
    """A finished storyboard, as claims ask about it. Only who has a mark in some shot is in it."""

    def __init__(self, board: Storyboard) -> None:
        self.shots: Sequence[Shot] = board.shots
        self.loop = board.loop
        marked = {mark.character for shot in board.shots for mark in shot.marks}
        self.cast = {character.id: character for character in board.characters if character.id in marked}
        self.props: dict[str, Prop] = {prop.id: prop for shot in board.shots for prop in shot.props}
        self.actions: list[Action] = [action for shot in board.shots for action in shot.actions]
        self.lines: list[Line] = [line for shot in board.shots for line in shot.dialogue]

    def performed(self, action: Action) -> str | None:
        """The verb that the actor's body does for it; None when it only stands there."""
        species = self.cast[action.actor].species
        if species_can(species, action.verb):
            return action.verb
        near = nearest_verb(species, action.verb)
        return None if near == "idle" else near


Claim = Callable[[Film], bool]


def on_stage(person: Person, species: str | None = None, name: str | None = None) -> Claim:
    def holds(film: Film) -> bool:
        character = film.cast.get(person.id or "")
        if character is None or species not in {None, character.species}:
            return False
        return name is None or name.casefold() in f"{character.name} {character.handle}".casefold()

    return holds


def looks(person: Person, key: str, value: Any) -> Claim:
    """A fact of the draft's person: age, weight, skin, hair_style, mood."""

    def holds(film: Film) -> bool:
        character = film.cast.get(person.id or "")
        if character is None:
            return False
        if key == "mood":
            return _in_mood(character.id, value, film)
        found: Any = character
        for part in _FACTS.get(key, key).split("."):
            found = getattr(found, part)
        return bool(found == value)

    return holds


def _in_mood(who: str, mood: str, film: Film) -> bool:
    shown = {action.mood for action in film.actions if action.actor == who} | {line.mood for line in film.lines if line.speaker == who}
    return mood in shown or any(shot.mood == mood and who in {mark.character for mark in shot.marks} for shot in film.shots)


def wears(person: Person, garment: str | None, wear: Wear) -> Claim:
    """A garment of this kind (None: any), with the colours and the pattern that were told."""

    def holds(film: Film) -> bool:
        character = film.cast.get(person.id or "")
        if character is None or character.species != "person":  # nobody else has clothes
            return False
        worn = [getattr(character.clothes, slot) for slot in Clothes.model_fields]
        told = {"kind": garment, "colour": wear.colour, "pattern": wear.pattern, "accent": wear.accent}
        return any(piece and all(value in {None, getattr(piece, key)} for key, value in told.items()) for piece in worn)

    return holds


def there(thing: Thing, **facts: Any) -> Claim:
    """The thing is in some shot, of this kind, colour, scale."""
    return lambda film: any(
        all(getattr(film.props[name], key) == value for key, value in facts.items()) for name in thing.names if name in film.props
    )


def anybody(film: Film) -> bool:
    return bool(film.cast)


def of_kind(prop: str) -> Claim:
    return lambda film: any(other.kind == prop for other in film.props.values())


def as_many(count: int, of: Sequence[Person] | Thing) -> Claim:
    if isinstance(of, Thing):
        return lambda film: sum(name in film.props for name in of.names) == count
    return lambda film: sum(person.id in film.cast for person in of) == count


def done(deed: Deed, people: Sequence[Person]) -> Claim:
    """Somebody of those who were to does it, and has a body that can do it or something near it."""

    def holds(film: Film) -> bool:
        who = {people[actor].id for actor in deed.actors if actor < len(people)}
        return any(action.verb == deed.verb and action.actor in who and film.performed(action) for action in film.actions)

    return holds


def by_anybody(verb: str) -> Claim:
    return lambda film: any(action.verb == verb for action in film.actions)


def turned_out(launch: Deed) -> Claim:
    """A throw, shot or kick ended so."""
    outcome = launch.outcome
    return lambda film: any((a.verb, a.outcome) == (launch.verb, outcome) and film.performed(a) for a in film.actions)


def said(speech: Speech) -> Claim:
    return lambda film: any(line.text == speech.text for line in film.lines)


def in_some_shot(field: str, value: Any) -> Claim:
    return lambda film: any(getattr(shot, field) == value for shot in film.shots)


def filmed(field: str, value: Any) -> Claim:
    """Of the camera: its move, framing, lens_mm, shallow."""
    return lambda film: any(getattr(shot.camera, field) == value for shot in film.shots)


def paced(value: float) -> Claim:
    return lambda film: any(shot.speed == value for shot in film.shots) or any(action.pace == value for action in film.actions)


def in_the_air(kind: str) -> Claim:
    return lambda film: any(effect.kind == kind for shot in film.shots for effect in shot.effects)


def heard(kind: str) -> Claim:
    return lambda film: any(sound.kind == kind for shot in film.shots for sound in shot.sounds)


def spoken(language: str) -> Claim:
    return lambda film: any(line.language == language for line in film.lines)


def missing(claim: Claim) -> Claim:
    """What the prompt does not want is not there."""
    return lambda film: not claim(film)


def always(_: Film) -> bool:
    """Asked for by the request itself, or so of every clip."""
    return True
