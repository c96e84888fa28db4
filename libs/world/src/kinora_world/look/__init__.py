"""Pictures of the stage."""

from kinora_world.look.context import RenderUnavailable
from kinora_world.look.renderer import Renderer
from kinora_world.look.styles import style_entry

__all__ = ["RenderUnavailable", "Renderer", "style_entry"]
