"""Animals and playful beings as bodies."""

from kinora_world.cast.creatures.build import build_creature
from kinora_world.cast.creatures.creature import Creature

__all__ = ["Creature", "build_creature"]
