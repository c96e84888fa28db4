"""Medium and long hair: one sheet that leaves the crown, follows the skull and then falls, kept out of head and shoulders."""

from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from kinora_world.cast.hairdos import hanging
from kinora_world.cast.lattice import riding
from kinora_world.cast.locks import Skull
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, cut, from_base, hemmed, normals, smoothed
from kinora_world.scene import F8, I4

COLUMNS, CROWN_ROWS, FALL_ROWS = 96, 15, 26
_BENDS = (0.0, 0.35, 0.7, 1.0)
_LEAVES = 84.0  # degrees from the crown where strands leave the skull and hang
Grown = Callable[[F8, F8], F8]  # degrees from the front and height over the eyes to metres inside the hairline


def make_tresses(m: Measures, skull: Skull, grown: Grown, volume: float, part: float, length: float) -> Surface:
    """`length` is 0 where it ends at the chin and 1 for the shoulder blades; `part` -1 to 1 says where it is parted."""
    azimuth = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
    top = _crown(m, skull, grown, volume, azimuth, 0.02 * part)
    points = np.concatenate([top, _fall(m, top, azimuth, length)])
    fall = np.clip((np.arange(len(points)) - CROWN_ROWS) / FALL_ROWS, 0, 1)[:, None]
    points = _combed(points, 2)
    points[:, :, :2] *= 1 + 0.012 * (np.sin(azimuth * 17 + 2 * np.sin(azimuth * 3)) * np.minimum(2 * fall, 1))[:, :, None]
    return _sheet(m, points, azimuth, grown)


def _crown(m: Measures, skull: Skull, grown: Grown, volume: float, azimuth: F8, parting: float) -> F8:
    """(CROWN_ROWS, COLUMNS, 3) from the crown to where strands leave the skull."""
    centre = skull.centre
    polar, around = np.meshgrid(np.radians(np.linspace(_LEAVES / CROWN_ROWS, _LEAVES, CROWN_ROWS)), azimuth, indexing="ij")
    way = np.stack([np.sin(polar) * np.sin(around), -np.sin(polar) * np.cos(around), np.cos(polar)], -1)
    radius = skull.radius(way)
    base = centre + way * radius[:, :, None]
    inside = _hairline(m, base, azimuth, grown)
    rim = np.clip(inside / 0.040, 0, 1)
    full = 0.016 * volume * (0.75 + 0.25 * np.sin(polar)) * (1 - 0.3 * np.maximum(np.cos(around), 0))  # flatter over the face
    groove = np.exp(-(((base[:, :, 0] / m.face - parting) / 0.008) ** 2)) * (np.cos(around) > 0) * np.sin(polar)
    hangs = np.clip((60 - np.degrees(polar)) / -20, 0, 1) * np.clip((np.degrees(np.arccos(np.cos(around))) - 38) / 18, 0, 1)
    rim = np.maximum(rim * (1.5 - 0.5 * rim), 0.35 * hangs)
    lift = -0.004 + (0.004 + full * (1 - 0.4 * groove)) * rim
    return np.asarray(base + way * lift[:, :, None] * m.face)


def _fall(m: Measures, top: F8, azimuth: F8, length: float) -> F8:
    """(FALL_ROWS, COLUMNS, 3): strands that go on from the last row, bent by their cut and pushed out of the body."""
    chin, neck = m.landmarks["chin"][2], m.landmarks["neck"][2]
    back = (1 - np.cos(azimuth)) / 2  # 0 at the face, 1 behind
    uneven = 0.006 * m.face * np.sin(azimuth * 23 + np.sin(azimuth * 5))
    short, long = chin - 0.012 * m.face + 0 * back, neck - (0.09 + 0.13 * back**2) * m.unit
    end = short + length * (long - short) + uneven
    outward = np.stack([np.sin(azimuth), -np.cos(azimuth), 0 * azimuth], -1)
    free = np.clip((np.degrees(np.arccos(np.cos(azimuth))) - 45) / 45, 0.1, 1)[:, None]  # close to the face, away from it behind
    clear, now, rows = _clearing(m), top[-1], []
    step = ((now[:, 2] - end) / FALL_ROWS)[:, None]
    for row in range(FALL_ROWS):
        share = row / FALL_ROWS
        slope = (1 - length) * np.interp(share, _BENDS, (0.12, 0.06, -0.1, -0.35)) + length * np.interp(
            share, _BENDS, (0.10, 0.02, -0.12, -0.05)
        )
        way = np.array([0, 0, -1.0]) + slope * free * outward
        if length > 0:
            behind = length * np.clip((share - 0.3) / 0.3, 0, 1)  # the shoulders
            way[:, 0] -= 0.15 * behind * np.sin(azimuth)
            way[:, 1] += 0.6 * behind * np.sin(azimuth) ** 2
        now = clear(now + step * way)
        rows.append(now)
    fall = np.stack(rows)
    for _ in range(8):  # hair has no sharp bends
        fall[1:-1] += 0.5 * ((fall[:-2] + fall[2:]) / 2 - fall[1:-1])
    return clear(fall.reshape(-1, 3)).reshape(fall.shape)


def _clearing(m: Measures) -> Callable[[F8], F8]:
    """Pushes points (n, 3) out of the clothed body."""
    body = from_base(m.vertices, m.data.groups["body"])
    outward, tree = normals(body.positions, body.triangles), cKDTree(body.positions)
    chin = m.landmarks["chin"][2]

    def clear(points: F8) -> F8:
        distance, index = tree.query(points, k=5)
        weight = 1 / (distance + 0.003)
        weight /= weight.sum(1, keepdims=True)
        normal = (outward[index] * weight[:, :, None]).sum(1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
        height = (((points[:, None] - body.positions[index]) * weight[:, :, None]).sum(1) * normal).sum(1)
        cloth = np.clip((chin - points[:, 2]) / (0.08 * m.unit), 0, 1)
        wanted = 0.006 * m.face + 0.026 * m.unit * cloth
        return np.asarray(points + normal * np.clip(wanted - height, 0, 0.03)[:, None])

    return clear


def _combed(points: F8, rounds: int) -> F8:
    """Neighbouring strands drawn together below the crown."""
    loose = np.clip((np.arange(len(points)) - CROWN_ROWS + 3) / 4, 0, 1)[:, None, None]
    for _ in range(rounds):
        beside = (np.roll(points, 1, 1) + np.roll(points, -1, 1)) / 2
        points = points + 0.5 * loose * (beside - points)
    return points


def _hairline(m: Measures, points: F8, azimuth: F8, grown: Grown) -> F8:
    """Metres inside the hairline. A strand keeps its root's angle wherever it falls."""
    degrees = np.degrees(np.arccos(np.cos(azimuth)))
    height = (points[:, :, 2] - m.landmarks["eye_left"][2]) / m.face
    return grown(np.broadcast_to(degrees, height.shape).ravel(), height.ravel()).reshape(height.shape)


def _sheet(m: Measures, points: F8, azimuth: F8, grown: Grown) -> Surface:
    inside = _hairline(m, points, azimuth, grown)
    pole = points[0].mean(0) + np.array([0, 0, 0.001 * m.face])
    flat = np.concatenate([points.reshape(-1, 3), pole[None]])
    field = np.append(inside.ravel() + 0.003, 0.05)
    hair = cut(Surface(riding(m, hanging(m, flat)), flat, _triangles(len(points))), field)
    hair = smoothed(hair, 2)
    free = np.clip((m.landmarks["eye_left"][2] + 0.035 * m.face - hair.positions[:, 2]) / (0.04 * m.face), 0, 1)  # where no skin is beneath
    return hemmed(hair, 0.005 * m.face * free)


def _triangles(rows: int) -> I4:
    """A lattice closed around the head, and a fan at the pole."""
    index = np.arange(rows * COLUMNS).reshape(rows, COLUMNS)
    beside = np.roll(index, -1, 1)
    a, b, c, d = index[:-1].ravel(), beside[:-1].ravel(), index[1:].ravel(), beside[1:].ravel()
    fan = np.stack([np.full(COLUMNS, rows * COLUMNS), index[0], beside[0]], 1)
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1), fan]).astype(np.int32)
