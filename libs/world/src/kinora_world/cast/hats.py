"""Hats are turned around the head from a profile; hoods are drawn over it."""

from dataclasses import dataclass, replace

import numpy as np

from kinora_world.cast.cloth import pushed_out
from kinora_world.cast.coverage import hood_field
from kinora_world.cast.lattice import lattice, numbered
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, ball, disc, joined, on_bone, tube
from kinora_world.cast.surface import Surface, cut, from_base, hemmed, inflated, smoothed
from kinora_world.cast.wardrobe import Brim, Hat, Hood
from kinora_world.scene import F8

COLUMNS = 40
_AROUND = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)
_FUR = 0.02


@dataclass(frozen=True, slots=True)
class Fit:
    """How a hat sits: its rim is the ellipse-like ring `radius` (COLUMNS,) around `centre`, `tall` metres under the crown."""

    centre: F8
    radius: F8
    tall: float
    tilt: float

    def point(self, share: F8, height: F8) -> F8:
        """(…, COLUMNS, 3) at shares of the rim's radius and metres over the rim."""
        out = share * self.radius
        x, y = out * np.sin(_AROUND), -out * np.cos(_AROUND)
        return self.centre + np.stack([x, y, height - self.tilt * y], -1)

    def over(self, points: F8) -> F8:
        """Metres of points (n, 3) over the rim's plane."""
        return np.asarray((points - self.centre)[:, 2] + self.tilt * (points - self.centre)[:, 1])


def fit(entry: Hat, m: Measures, *, haired: bool) -> Fit:
    """Around the head, and around hair that lies close to it."""
    skull = m.vertices[np.unique(m.data.groups["body"])]
    eye, crown = m.landmarks["eye_left"], m.landmarks["crown"]
    centre = np.array([0.0, float(eye[1]) + 0.088 * m.face, float(eye[2]) + entry.line * m.face - 0.02 * entry.tilt * m.face])
    seat = Fit(centre, np.ones(COLUMNS), 0.0, entry.tilt)
    band = skull[(np.abs(seat.over(skull)) < 0.02 * m.face) & (skull[:, 2] > eye[2] - 0.06 * m.face)]
    flat = band[:, :2] - centre[:2]
    turns = np.stack([np.sin(_AROUND), -np.cos(_AROUND)])
    reach = (flat @ turns).max(0)
    facing = np.cos(_AROUND[:, None] - _AROUND)
    radius = np.where(facing > 0.15, reach / np.maximum(facing, 0.15), np.inf).min(1)
    thick = 0.006 if haired else 0.0
    return Fit(centre, radius + (entry.gap + thick) * m.face, float(crown[2] - centre[2]) + 0.012 * m.face, entry.tilt)


def make_hat(entry: Hat, m: Measures, seat: Fit) -> tuple[Surface, Surface | None]:
    """The hat, and what it is trimmed with."""
    crown = _crown(entry, m, seat)
    shell = [crown] if entry.brim is None else [crown, _brim(entry.brim, m, seat)]
    trims = [_trim(name, entry, m, seat, crown) for name in entry.trims]
    return on_bone(joined(shell), m, "Head"), on_bone(joined(trims), m, "Head") if trims else None


def _crown(entry: Hat, m: Measures, seat: Fit) -> Solid:
    profile = _dense(entry.profile)
    shares, heights = profile[:, :1], profile[:, 1:] * seat.tall
    waved = 1 + 0.025 * np.sin(entry.waves * _AROUND) * np.clip(profile[:, 1:], 0, 1) * (entry.waves > 0)
    points = seat.point(shares * waved, np.broadcast_to(heights, (len(profile), COLUMNS)))
    if entry.points:
        ahead = np.clip(np.cos(_AROUND), 0, 1) if entry.front else 1.0
        points[-1, :, 2] += 0.034 * m.face * ahead * np.abs((entry.points * _AROUND / np.pi) % 2 - 1)
    bent = np.clip((profile[:, 1] - 0.9) / max(float(profile[:, 1].max()) - 0.9, 1e-6), 0, 1)[:, None]
    points[..., 0] += entry.droop * m.face * bent**1.5
    points[..., 2] -= 1.2 * entry.droop * m.face * bent**2
    # From the rim upwards the rows climb; a second wall inside gives the rim its thickness.
    inner = seat.point(np.full((1, 1), 0.95), np.full((1, COLUMNS), 0.006 * m.face)) if not entry.open else points[::-1]
    if entry.open:
        inner = seat.centre + (inner - seat.centre) * (0.965, 0.965, 1)
    points = np.concatenate([inner, points])
    index = numbered(len(points), COLUMNS)
    return Solid(points.reshape(-1, 3), lattice(index[::-1], closed=True))


def _dense(profile: tuple[tuple[float, float], ...]) -> F8:
    """The profile with rounded steps between its points."""
    knots = np.array(profile)
    along = np.linspace(0, len(knots) - 1, 3 * (len(knots) - 1) + 1)
    found = np.stack([np.interp(along, range(len(knots)), knots[:, k]) for k in range(2)], 1)
    middle = found.copy()
    middle[1:-1] += 0.5 * ((found[:-2] + found[2:]) / 2 - found[1:-1])
    return middle


def _brim(brim: Brim, m: Measures, seat: Fit) -> Solid:
    front = np.clip(np.cos(_AROUND) * 1.6 - 0.25, 0, 1) ** 0.5 if brim.visor else np.ones(COLUMNS)
    wide = brim.width * m.face / seat.radius * front
    side = np.sin(_AROUND) ** 2 if not brim.corners else np.sin(brim.corners * _AROUND / 2) ** 2
    rows = []
    for out, lift in ((0.0, 0.006), (0.35, 0.005), (0.7, 0.004), (1.0, 0.002), (1.0, -0.002), (0.7, 0.0), (0.35, 0.001), (0.0, 0.002)):
        height = (lift + out**2 * (brim.curl * side - brim.drop * (front if brim.visor else 1.0))) * m.face
        rows.append(seat.point(0.99 + wide * out, np.broadcast_to(height, COLUMNS)))
    points = np.stack(rows)
    index = numbered(len(points), COLUMNS)
    return Solid(points.reshape(-1, 3), lattice(index, closed=True))


def _trim(name: str, entry: Hat, m: Measures, seat: Fit, crown: Solid) -> Solid:
    if name in {"band", "fur_band"}:
        return _band(entry, m, seat, fur=name == "fur_band")
    if name == "jewels":
        around = seat.point(np.full((1, 1), 1.06), np.full((1, COLUMNS), 0.2 * seat.tall))[0]
        return joined([ball(point, 0.007 * m.face, 5, 6) for point in around[::5]])
    if name == "shield":
        front = seat.point(np.full((1, 1), 1.12), np.full((1, COLUMNS), 0.45 * seat.tall))[0, 0]
        return disc(front, np.array([0.0, -1.0, 0.25]) / np.hypot(1, 0.25), 0.032 * m.face, 0.006 * m.face, 8)
    tip = crown.positions.reshape(-1, COLUMNS, 3)[-1].mean(0)
    if name == "ridge":
        turn = np.linspace(-1.15, 1.3, 12)
        middle = seat.centre + np.array([0.0, 0.0, 0.1 * seat.tall])
        path = middle + np.stack([0 * turn, 1.19 * seat.radius[0] * np.sin(turn), 1.2 * seat.tall * np.cos(turn)], 1)
        return tube(path, np.full(12, 0.008 * m.face), 6)
    return ball(tip, (0.026 if name == "pompom" else 0.007) * m.face)


def _band(entry: Hat, m: Measures, seat: Fit, *, fur: bool) -> Solid:
    """Around the crown over the rim."""
    knots = np.array(entry.profile)
    top = 0.034 * m.face if not fur else 0.04 * m.face
    rows = []
    for height, out in ((0.0, 0.0), (0.1, 1.0), (0.5, 1.3 if fur else 1.0), (0.9, 1.0), (1.0, 0.0)):
        share = np.interp(height * top / seat.tall, knots[:, 1], knots[:, 0])
        puff = (_FUR if fur else 0.004) * m.face * out / seat.radius
        rows.append(seat.point(share + puff, np.full(COLUMNS, height * top)))
    points = np.stack(rows)
    index = numbered(len(points), COLUMNS)
    return Solid(points.reshape(-1, 3), lattice(index[::-1], closed=True))


def make_hood(entry: Hood, m: Measures) -> Surface:
    """The head's own surface, ironed smooth and let out, open around the face and gathered at the neck."""
    body = from_base(m.vertices, m.data.groups["body"])
    hood = cut(body, hood_field(entry, m, body))
    hood = pushed_out(inflated(smoothed(hood, 25), entry.gap * m.face), body, 0.6 * entry.gap * m.face)
    return hemmed(smoothed(hood, 6), 0.01 * m.face)


def pressed(hair: Surface, seat: Fit) -> Surface:
    """Hair under a hat: what would stand above the rim lies within it, and most of it is taken away."""
    over = seat.over(hair.positions)
    kept = cut(hair, 0.25 * seat.tall - over)
    flat = kept.positions[:, :2] - seat.centre[:2]
    around = np.arctan2(flat[:, 0], -flat[:, 1]) % (2 * np.pi)
    limit = 0.97 * np.interp(around, np.append(_AROUND, 2 * np.pi), np.append(seat.radius, seat.radius[0]))
    far = np.hypot(flat[:, 0], flat[:, 1])
    under = np.clip(1 + seat.over(kept.positions) / (0.03), 0, 1)
    shrink = 1 - under * np.clip(1 - limit / np.maximum(far, 1e-6), 0, 1)
    moved = kept.positions.copy()
    moved[:, :2] = seat.centre[:2] + flat * shrink[:, None]
    return replace(kept, positions=moved)
