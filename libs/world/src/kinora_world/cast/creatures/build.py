"""From a character that is no person to a body."""

from functools import lru_cache

from kinora_world.cast.colour import linear
from kinora_world.cast.creatures.being import build_being
from kinora_world.cast.creatures.biped import build_biped
from kinora_world.cast.creatures.creature import Creature
from kinora_world.cast.creatures.floater import build_floater
from kinora_world.cast.creatures.look import drawn
from kinora_world.cast.creatures.puppet import build_puppet
from kinora_world.cast.creatures.quadruped import build_quadruped
from kinora_world.cast.creatures.swimmer import build_swimmer
from kinora_world.cast.figure import Figure
from kinora_world.species import Being, Biped, Floater, Puppet, Quadruped, Swimmer, species


@lru_cache(maxsize=64)
def build_creature(name: str, size: float, colour: str | None, style: str) -> Creature | Figure:
    """The body of a being of species `name`. Raises KeyError for another name, ValueError for a person."""
    entry = species(name)
    coat = linear(colour or entry.colour)
    if isinstance(entry.body, Quadruped):
        return build_quadruped(name, entry, entry.body, size, coat, drawn(style))
    if isinstance(entry.body, Biped):
        return build_biped(name, entry, entry.body, size, coat, drawn(style))
    if isinstance(entry.body, Swimmer):
        return build_swimmer(name, entry, entry.body, size, coat, drawn(style))
    if isinstance(entry.body, Floater):
        return build_floater(name, entry, entry.body, size, coat, drawn(style))
    if isinstance(entry.body, Puppet):
        return build_puppet(None, entry.height * size)
    if isinstance(entry.body, Being):
        return build_being(entry, entry.body, size, coat, drawn(style))
    raise ValueError(f"{name} is a person")
