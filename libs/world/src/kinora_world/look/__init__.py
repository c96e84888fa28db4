"""Pictures of the stage."""

from kinora_world.look.context import RenderUnavailable
from kinora_world.look.renderer import Renderer

__all__ = ["RenderUnavailable", "Renderer"]
