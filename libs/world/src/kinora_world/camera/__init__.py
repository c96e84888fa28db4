"""Where the picture is taken from."""

from kinora_world.camera.framing import bulk
from kinora_world.camera.plan import plan_camera

__all__ = ["bulk", "plan_camera"]
