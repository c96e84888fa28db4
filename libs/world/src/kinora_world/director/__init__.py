"""Words to a storyboard: `direct` stages a prompt, `remix` changes a staged one. Rules and word lists, no model."""

from kinora_world.director.direct import Directed, direct
from kinora_world.director.remixing import remix

__all__ = ["Directed", "direct", "remix"]
