"""Pictures of the stage."""

from kinora_world.look.context import RenderUnavailable
from kinora_world.look.passes import Moment, Passes
from kinora_world.look.renderer import Renderer
from kinora_world.look.styles import style_entry

__all__ = ["Moment", "Passes", "RenderUnavailable", "Renderer", "style_entry"]
