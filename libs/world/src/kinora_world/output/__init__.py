"""A clip as files: the film, its pictures, its captions, and what happened in it."""

from kinora_world.output.events import events
from kinora_world.output.files import Files, write
from kinora_world.output.passes import KINDS, write_passes

__all__ = ["KINDS", "Files", "events", "write", "write_passes"]
