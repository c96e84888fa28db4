"""Writes libs/world/src/kinora_world/likeness/fit.json: where each landmark of MediaPipe's face mesh lies on the parametric head.

The head is drawn from in front as a person of no particular sex, without hair; the landmarks found in the picture are brought back onto
the triangles of the base mesh. Run again only when the base mesh changes.
"""

import json
from pathlib import Path

import numpy as np
from kinora_faces.landmarks import F8, MESH
from kinora_faces.mesh import FaceMesh
from kinora_world.assets import load_body
from kinora_world.cast.build import _Shape, build_body
from kinora_world.cast.surface import normals
from kinora_world.look import Renderer
from kinora_world.look.matrices import view_projection
from kinora_world.scene import I4, View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Character, Hair
from scipy.spatial import cKDTree

TARGET = Path(__file__).parents[1] / "libs/world/src/kinora_world/likeness/fit.json"
SIDE = 960


def main() -> None:
    person, data = Character(id="anybody", name="Anybody", hair=Hair(style="bald"), weight=0.4), load_body()
    figure, vertices = build_body(person, "realistic"), _Shape(data, person, "realistic").vertices
    middle = np.array(figure.landmarks["nose"]) * (1, 0, 1)
    view = View((0.0, -2.5, float(middle[2])), tuple(middle.tolist()), 8.5)
    with Renderer(SIDE, SIDE) as renderer, FaceMesh(still=True) as mesh:
        drawn = renderer.frame(view, build_stage("office", "day", "realistic", 1, "clear"), [], [(figure, *figure.rest)], "realistic", 0.0)
        face = mesh.find(drawn)[0]
    corners, shares = _on_surface(face[:MESH, :2], view, vertices, data.groups["body"])
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"corners": corners.tolist(), "shares": shares.round(4).tolist()}, separators=(",", ":")) + "\n")
    print(f"{TARGET}: {len(corners)} landmarks on {len(np.unique(corners))} vertices")


def _on_surface(pixels: F8, view: View, vertices: F8, triangles: I4) -> tuple[I4, F8]:
    """The corners (468, 3) and shares (468, 3) of the foremost triangle under each pixel, or its nearest visible vertex."""
    clip = np.column_stack([vertices, np.ones(len(vertices))]) @ view_projection(view, 1.0).T
    seen = (clip[:, :2] / clip[:, 3:] * (1, -1) + 1) * SIDE / 2
    ahead = triangles[normals(vertices, triangles)[triangles, 1].max(1) < 0]
    ahead = ahead[clip[ahead[:, 0], 3] > 0]
    visible = np.unique(ahead)
    corners, shares = np.zeros((len(pixels), 3), np.int32), np.zeros((len(pixels), 3))
    for row, pixel in enumerate(pixels):
        found = _under(pixel, seen, ahead, vertices)
        if found is None:
            near = int(visible[cKDTree(seen[visible]).query(pixel)[1]])
            corners[row], shares[row] = near, (1, 0, 0)
        else:
            corners[row], shares[row] = found
    return corners, shares


def _under(pixel: F8, seen: F8, triangles: I4, vertices: F8) -> tuple[I4, F8] | None:
    a, b, c = (seen[triangles[:, corner]] for corner in range(3))
    area = np.cross(b - a, c - a)
    area = np.where(np.abs(area) < 1e-9, np.inf, area)
    second, third = np.cross(pixel - a, c - a) / area, np.cross(b - a, pixel - a) / area
    share = np.stack([1 - second - third, second, third], 1)
    hit = np.flatnonzero((share > -1e-6).all(1))
    if not len(hit):
        return None
    depth = (share[hit] * vertices[triangles[hit], 1]).sum(1)
    front = hit[depth.argmin()]
    return triangles[front], share[front]


if __name__ == "__main__":
    main()
