"""Solids drawn by a line: a lathe's profile, an extrusion's outline, a tube's course."""

from math import cos, pi, radians

import numpy as np

from kinora_world.look.triangles import Mesh, grid, joined, revolve, unit
from kinora_world.scene import F8, I4
from kinora_world.solids import rounded_off

SHARP = cos(radians(38))  # a sharper bend is an edge
EDGE = 0.006  # metres, how wide its bevel is
ROUND = ((0.0, 0.0), (0.29, 0.71), (1.0, 1.0))  # an edge's quarter round: (inwards along the face, towards it)


def lathe(profile: F8, segments: int) -> Mesh:
    """`profile` (n, 2) of (radius, z), bottom up along the outside; open ends are closed by a disc."""
    ends = [[(0.0, profile[i, 1])] if profile[i, 0] > 1e-6 else [] for i in (0, -1)]
    line = np.array([*ends[0], *profile, *ends[1]])
    points, normals, _ = _bevelled(line, closed=False)
    return revolve(points, normals, segments)


def extrusion(half: float, edge: float, outline: F8) -> Mesh:
    """`outline` (n, 2) of (x, z), counter-clockwise seen from -Y, `half` deep to both sides; `edge` is the radius of its rims."""
    edge = min(edge, half)
    points, normals, corner = _bevelled(outline, closed=True)
    face = outline - edge * _mitres(outline)
    points, normals, inner = (np.concatenate([row, row[:1]]) for row in (points, normals, face[corner]))
    rims: list[tuple[F8, float, F8, float]] = []
    for inwards, towards in ROUND:
        rims.append((points + (inner - points) * inwards, half - edge * (1 - towards), normals * (1 - towards), towards))
    rows = [(p, -y, n, -t) for p, y, n, t in reversed(rims)] + rims
    position = np.concatenate([np.insert(p, 1, y, axis=1) for p, y, _, _ in rows])
    normal = unit(np.concatenate([np.insert(n, 1, t, axis=1) for _, _, n, t in rows]))
    side = Mesh(position, normal, grid(len(rows), len(points))[:, ::-1])
    cut = _triangulated(face)
    fronts = [
        Mesh(np.insert(face, 1, sign * half, axis=1), np.tile((0.0, sign, 0.0), (len(face), 1)), cut if sign < 0 else cut[:, ::-1])
        for sign in (-1.0, 1.0)
    ]
    return joined(side, *fronts)


def tube(radius: float, course: F8) -> Mesh:
    """A bent rod with rounded ends through the points of `course` (n, 3)."""
    line = rounded_off(course, 5, closed=False) if len(course) > 2 else course
    ahead = unit(np.gradient(line, axis=0))
    frames = [_beside(ahead[0])]
    for direction in ahead[1:]:
        across = frames[-1][0] - direction * (frames[-1][0] @ direction)
        frames.append(np.stack([unit(across), np.cross(direction, unit(across))]))
    ends = [(0, -0.6, 0.75), (-1, 0.6, 0.75), (0, -0.95, 0.05), (-1, 0.95, 0.05)]
    caps = [(line[i] + ahead[i] * reach * radius, frames[i], ahead[i] * np.sign(reach), thin) for i, reach, thin in ends]
    rows = [caps[2], caps[0], *((p, f, np.zeros(3), 1.0) for p, f in zip(line, frames, strict=True)), caps[1], caps[3]]
    angle = np.linspace(0, 2 * pi, (6 if radius < 0.012 else 9) + 1)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)
    position = np.concatenate([p + circle @ f * radius * thin for p, f, _, thin in rows])
    normal = unit(np.concatenate([circle @ f * thin + end * (1 - thin**2) for _, f, end, thin in rows]))
    return Mesh(position, normal, grid(len(rows), len(angle)))


def _beside(direction: F8) -> F8:
    """(2, 3): two directions at right angles to it and each other."""
    least = np.eye(3)[np.argmin(np.abs(direction))]
    across = unit(np.cross(direction, least))
    return np.stack([across, np.cross(direction, across)])


def _outwards(line: F8) -> tuple[F8, F8, F8]:
    """Length (n, 1), direction and outward normal (n, 2) of each segment, the last leading back to the first point."""
    step = np.roll(line, -1, 0) - line
    length = np.linalg.norm(step, axis=1, keepdims=True)
    step = step / np.maximum(length, 1e-12)
    return length, step, np.stack([step[:, 1], -step[:, 0]], -1)


def _mitres(outline: F8) -> F8:
    """(n, 2): how far each corner of an outline moves when all its sides move out by one."""
    after = _outwards(outline)[2]
    before = np.roll(after, 1, 0)
    return np.asarray((before + after) / np.maximum(1 + (before * after).sum(1, keepdims=True), 0.4))


def _bevelled(line: F8, *, closed: bool) -> tuple[F8, F8, I4]:
    """Points, outward normals (n, 2) and corners along a line whose outside is to its right; a sharp bend becomes two points."""
    length, step, out = _outwards(line)
    points, normals, corner = [], [], []
    for i in range(len(line)):
        before = out[i - 1] if closed or i > 0 else out[i]
        after = out[i] if closed or i < len(line) - 1 else before
        if before @ after > SHARP:
            points.append(line[i])
            normals.append(unit(before + after))
            corner.append(i)
        else:
            back, on = (min(EDGE, 0.3 * float(length[k, 0])) for k in (i - 1, i))
            points += [line[i] - back * step[i - 1], line[i] + on * step[i]]
            normals += [before, after]
            corner += [i, i]
    return np.array(points), np.array(normals), np.array(corner, np.int32)


def _triangulated(polygon: F8) -> I4:
    """Ear clipping (Meisters, 1975) of a counter-clockwise polygon (n, 2) without holes."""
    left, found = list(range(len(polygon))), []
    while len(left) > 3:
        ear = next((k for k in range(len(left)) if _is_ear(polygon, left, k)), 0)
        found.append((left[ear - 1], left[ear], left[(ear + 1) % len(left)]))
        del left[ear]
    return np.array([*found, tuple(left)], np.int32)


def _is_ear(polygon: F8, left: list[int], k: int) -> bool:
    a, b, c = polygon[left[k - 1]], polygon[left[k]], polygon[left[(k + 1) % len(left)]]
    if _turn(a, b, c) <= 0:
        return False
    others = polygon[[i for i in left if i not in (left[k - 1], left[k], left[(k + 1) % len(left)])]]
    inside = (_turn(a, b, others) > 0) & (_turn(b, c, others) > 0) & (_turn(c, a, others) > 0)
    return not inside.any()


def _turn(a: F8, b: F8, c: F8) -> F8:
    """Twice the area of a-b-c, positive where it turns left."""
    return np.asarray((b[0] - a[0]) * (c[..., 1] - a[1]) - (b[1] - a[1]) * (c[..., 0] - a[0]))
