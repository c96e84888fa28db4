"""Likenesses of people: read from their packages, laid onto the parametric head, and given to the characters that bear their handles."""

from kinora_world.likeness.casting import as_enrolled
from kinora_world.likeness.fitting import painted, shaped
from kinora_world.likeness.package import BadLikeness, Likeness, Thing, read_likeness

__all__ = ["BadLikeness", "Likeness", "Thing", "as_enrolled", "painted", "read_likeness", "shaped"]
