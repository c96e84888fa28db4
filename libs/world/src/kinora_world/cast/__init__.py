"""The cast: characters of the storyboard as bodies that can be posed and drawn."""

from kinora_world.cast.build import build_body
from kinora_world.cast.creatures import Creature
from kinora_world.cast.creatures.puppet import turned
from kinora_world.cast.embodiment import embody
from kinora_world.cast.figure import Figure
from kinora_world.cast.keepsake import Keepsake, keepsake

__all__ = ["Creature", "Figure", "Keepsake", "build_body", "embody", "keepsake", "turned"]
