"""Words to a storyboard: `direct` stages a prompt, `remix` changes a staged one, `extend` goes on from one. Rules and word lists, no model.

`llm.direct` asks a language model first, where a caller has one.
"""

from kinora_world.director.direct import Directed, direct
from kinora_world.director.extending import extend
from kinora_world.director.remixing import remix

__all__ = ["Directed", "direct", "extend", "remix"]
