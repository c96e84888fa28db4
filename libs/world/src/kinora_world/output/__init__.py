"""A clip as files: the film, its pictures, its captions, and what happened in it."""

from kinora_world.output.events import events
from kinora_world.output.files import MASTER, Files, named, pictures, warnings, write
from kinora_world.output.passes import KINDS, posed, write_passes

__all__ = ["KINDS", "MASTER", "Files", "events", "named", "pictures", "posed", "warnings", "write", "write_passes"]
