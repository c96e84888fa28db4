"""Writes libs/faces/src/kinora_faces/likeness/layout.json: the mean face on which every likeness's texture is laid out.

The mesh of both test portraits, turned frontal, brought to one size, averaged with each other and with their mirror images. Run again only
with a new version of the layout: likenesses that are already enrolled are read with it.
"""

import json
from pathlib import Path

import numpy as np
from kinora_faces.landmarks import F8, MESH
from kinora_faces.likeness.geometry import unrolled, upright
from kinora_faces.mesh import FaceMesh
from kinora_testkit.enrolment.people import PEOPLE, picture
from scipy.spatial import Delaunay, cKDTree

TARGET = Path(__file__).parents[1] / "libs/faces/src/kinora_faces/likeness/layout.json"


def mean_face() -> F8:
    with FaceMesh(still=True) as mesh:
        faces = [upright(mesh.find(picture(name))[0]) for name in PEOPLE]
    mean = np.mean(faces, axis=0)
    _, partner = cKDTree(mean * [-1, 1, 1]).query(mean)  # the landmark that each one's mirror image is
    return (mean + mean[partner] * [-1, 1, 1]) / 2


def main() -> None:
    positions = mean_face()
    uv = unrolled(positions, positions)
    fields = {
        "positions": positions.round(4).tolist(),
        "uv": uv.round(5).tolist(),
        "triangles": Delaunay(uv).simplices.tolist(),
    }
    TARGET.write_text(json.dumps(fields, separators=(",", ":")) + "\n")
    print(f"{TARGET}: {MESH} landmarks, {len(fields['triangles'])} triangles")


if __name__ == "__main__":
    main()
