"""The cast: characters of the storyboard as bodies that can be posed and drawn."""

from kinora_world.cast.build import build_body
from kinora_world.cast.figure import Figure

__all__ = ["Figure", "build_body"]
