"""The cast: characters of the storyboard as bodies that can be posed and drawn."""

from kinora_world.cast.build import build_body
from kinora_world.cast.creatures import Creature
from kinora_world.cast.embodiment import embody
from kinora_world.cast.figure import Figure

__all__ = ["Creature", "Figure", "build_body", "embody"]
