"""Where the picture is taken from."""

from kinora_world.camera.plan import plan_camera

__all__ = ["plan_camera"]
