"""A body for anybody, person or not."""

from kinora_world.cast.build import build_body, build_double
from kinora_world.cast.creatures import Creature, build_creature
from kinora_world.cast.creatures.puppet import SPECIES, build_puppet
from kinora_world.cast.figure import Figure
from kinora_world.likeness.package import Likeness, Thing
from kinora_world.species import species
from kinora_world.storyboard import Character


def embody(character: Character, style: str, likeness: Likeness | Thing | None = None) -> Figure | Creature:
    """The body of `character` in a style of `storyboard.Style`. A thing's is its cut-out, as high as its species.

    Raises AssetsMissing when nothing has been built, KeyError for a species or style there is not.
    """
    if isinstance(likeness, Thing):
        return build_puppet(likeness.picture, _height(character))
    if species(character.species).rig == "person":
        return build_body(character, style) if likeness is None else build_double(character, style, likeness)
    return build_creature(character.species, character.size, character.colour, style)


def _height(character: Character) -> float:
    """Metres. A storyboard that does not say what it is has a puppet."""
    kind = SPECIES if species(character.species).rig == "person" else character.species
    return species(kind).height * character.size
