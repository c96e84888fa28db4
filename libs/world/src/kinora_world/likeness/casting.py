"""What a character takes over from the person whose likeness it bears."""

from collections.abc import Mapping

from kinora_world.catalogue import entries
from kinora_world.likeness.package import Likeness, Thing
from kinora_world.sound.voices import entry_of
from kinora_world.storyboard import Character, Clothes, Storyboard

_ADULT = 30.0  # years: voices of children and of the very old stay out


def as_enrolled(storyboard: Storyboard, likenesses: Mapping[str, Likeness | Thing]) -> Storyboard:
    """Characters whose handles have a likeness get its colours and the voice of the catalogue that is nearest in pitch.

    So does the top of clothes of which the storyboard says nothing. Build and age stay the storyboard's.
    """
    cast = [_enrolled(person, likenesses.get(person.handle or "")) for person in storyboard.characters]
    return storyboard.model_copy(update={"characters": type(storyboard.characters)(cast)})


def _enrolled(person: Character, likeness: Likeness | Thing | None) -> Character:
    if not isinstance(likeness, Likeness):
        return person
    hair = person.hair.model_copy(update={"colour": likeness.hair})
    voice = person.voice if likeness.pitch_hz is None else _nearest(likeness.pitch_hz)
    own = {"skin": likeness.complexion, "hair": hair, "beard": "none", "freckles": 0.0, "voice": voice}
    return person.model_copy(update=own | _clothes(person, likeness))


def _clothes(person: Character, likeness: Likeness) -> dict[str, Clothes]:
    """What a camera that looks at a face sees of them is the top."""
    if not likeness.clothes or person.clothes != Clothes():
        return {}
    return {"clothes": Clothes(top=person.clothes.top.model_copy(update={"colour": likeness.clothes[0]}))}


def _nearest(pitch_hz: float) -> str:
    voices = {name: entry_of(name) for name in entries("voices")}
    human = [name for name, v in voices.items() if "person" in v.species and v.treatment == "none" and v.ages[0] <= _ADULT <= v.ages[1]]
    return min(human, key=lambda name: (abs(voices[name].hertz - pitch_hz), name))
