"""Hair that ends at the hairline: a shell over the scalp whose rim sinks into the skin, so that hair grows out of it. Brows."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from kinora_world.cast.hairdos import bun, carried, combed, crest, curls, curtain, fringe, roots, shag, sidelocks, spikes, tail, tie
from kinora_world.cast.locks import Skull, skull_of
from kinora_world.cast.measures import Measures
from kinora_world.cast.shape import chance
from kinora_world.cast.solids import Solid, joined
from kinora_world.cast.style import Proportions
from kinora_world.cast.surface import Surface, cut, from_base, inflated, normals, smoothed, subdivided
from kinora_world.cast.tresses import make_tresses
from kinora_world.scene import F8
from kinora_world.storyboard import Character

# The hairline: degrees from the face's middle to height over the eyes, in metres of an adult head.
_CROP = (
    (0, 18, 34, 46, 54, 61, 66, 71, 76, 80, 86, 100, 112, 125, 150, 180),
    (0.070, 0.069, 0.063, 0.050, 0.030, 0.000, -0.020, -0.027, -0.020, 0.012, 0.030, 0.032, 0.000, -0.045, -0.072, -0.080),
)
_TRESSES = (
    (0, 15, 30, 40, 47, 51, 53, 56, 66, 88, 112, 116, 180),
    (0.071, 0.070, 0.064, 0.053, 0.036, 0.000, -0.060, -0.120, -0.135, -0.165, -0.220, -3.0, -3.1),
)


@dataclass(frozen=True, slots=True)
class Crop:
    """Thickness of a close shell of hair, metres of an adult's head: at the sides, on top, and how much more over the forehead."""

    sides: float
    top: float
    quiff: float = 0.0
    rounded: float = 0.0  # metres over which it grows to its thickness at the hairline, besides the usual


_CROPS = {
    "short": Crop(0.0045, 0.014, 0.006),
    "undercut": Crop(0.003, 0.016, 0.012),
    "spiky": Crop(0.0035, 0.008),
    "mohawk": Crop(0.004, 0.005),
    "curly": Crop(0.016, 0.026, rounded=0.008),
    "afro": Crop(0.048, 0.06, rounded=0.03),
} | dict.fromkeys(("ponytail", "bun", "braids", "pigtails"), Crop(0.006, 0.009))
LENGTHS = {"bob": 0.0, "medium": 0.45, "long": 1.0}  # from the chin to the shoulder blades


def make_hair(character: Character, m: Measures, look: Proportions) -> dict[str, Surface]:
    """Its shell under "hair" and its strands under "locks"; nothing for the bald."""
    style = character.hair.style
    if style == "bald":
        return {}
    part = 2 * chance(character.id, "parting") - 1
    scalp = _scalp(m, ironed=True)
    skull = skull_of(m, scalp.positions)
    if style in LENGTHS:
        hair = make_tresses(m, skull, lambda angle, height: _inside(angle, height, _TRESSES), look.hair, part, LENGTHS[style])
    else:
        crop = _CROPS[style]
        hair = _crop(m, replace(crop, sides=crop.sides + 0.006 * character.feminine * (style == "short")), look.hair)
    grown = _strands(style, m, skull, look, part, fringed=chance(character.id, "fringe") < 0.45 * character.feminine)
    return {"hair": hair} | ({"locks": carried(m, joined(grown))} if grown else {})


def _strands(style: str, m: Measures, skull: Skull, look: Proportions, part: float, *, fringed: bool) -> list[Solid]:
    azimuth, polar_ = roots()
    inside = _inside(*polar(skull.at(azimuth, polar_, np.zeros(len(azimuth))), m), _CROP)
    clumps = [fringe(skull, look.hair, part), sidelocks(skull, look.hair)] if look.clumped else []
    plain = [curtain(skull, look.hair, part)] if style in LENGTHS else []
    bangs = clumps or ([fringe(skull, 1.0, part, 87.0, 17, blunt=0.45)] if fringed else plain)
    made = {
        "short": lambda: (
            [*clumps, shag(skull, look.hair)] if look.clumped else [combed(skull, inside, look.hair, part, strand=look.strand)]
        ),
        "undercut": lambda: [*clumps[:1], combed(skull, np.where(polar_ < 58, inside, -1), 1.25 * look.hair, part, strand=look.strand)],
        "spiky": lambda: [spikes(skull, look.hair), *clumps[:1]],
        "mohawk": lambda: [crest(skull, 0.085)],
        "curly": lambda: [curls(skull, inside, 0.024 * look.hair)],
        "afro": lambda: [curls(skull, inside - 0.014, 0.056 * look.hair, 0.6)],
        "ponytail": lambda: [*bangs, tail(m, skull, 180, 62, 0.34), tie(m, skull, 180, 62)],
        "bun": lambda: [*bangs, bun(skull)],
        "braids": lambda: [*bangs, *(tail(m, skull, side, 112, 0.3, thick=0.022, braided=True) for side in (118, -118))],
        "pigtails": lambda: [*bangs, *(one for side in (108, -108) for one in (tail(m, skull, side, 72, 0.26), tie(m, skull, side, 72)))],
    }
    return made[style]() if style in made else (bangs if style in LENGTHS else [])


def polar(points: F8, m: Measures) -> tuple[F8, F8]:
    """Degrees from the front (unsigned) and height over the eyes in adult metres."""
    eye = m.landmarks["eye_left"]
    angle = np.degrees(np.arctan2(np.abs(points[:, 0]), eye[1] + 0.085 * m.face - points[:, 1]))
    return angle, (points[:, 2] - eye[2]) / m.face


def _inside(angle: F8, height: F8, line: tuple[tuple[float, ...], tuple[float, ...]]) -> F8:
    """Metres from the hairline, positive where hair grows."""
    arc = np.radians(0.09)  # metres on the skull per degree
    angles, heights = np.array(line[0]), np.array(line[1])
    along = np.linspace(0, len(angles) - 1, 40 * len(angles))
    points = np.column_stack([np.interp(along, range(len(angles)), values) for values in (angles * arc, heights)])
    distance, _ = cKDTree(points).query(np.stack([angle * arc, height], -1))
    return np.asarray(np.sign(height - np.interp(angle, *line)) * distance)


def _scalp(m: Measures, *, ironed: bool) -> Surface:
    """The head above the cheeks; `ironed` without its ears."""
    body = from_base(m.vertices, m.data.groups["body"])
    weights = body.mix @ m.data.weights
    head = np.asarray(weights[:, [m.data.bones.index(b) for b in ("Head", "Neck")]].sum(1)).ravel() > 0.6
    angle, height = polar(body.positions, m)
    floor = np.interp(angle, (0, 40, 55, 70, 180), (0.03, 0.02, -0.02, -0.07, -0.09))
    scalp = cut(body, np.where(head, height - floor, -0.2))
    if not ironed:
        return scalp
    angle, height = polar(scalp.positions, m)
    ear = (np.abs(angle - 96) < 24) & (height < 0.045)
    return smoothed(scalp, 40, pinned=~ear)


def _crop(m: Measures, crop: Crop, volume: float) -> Surface:
    """Close at the sides and the nape, fuller on top."""
    scalp = _scalp(m, ironed=False)
    grown = _inside(*polar(scalp.positions, m), _CROP)
    scalp = cut(scalp, grown + 0.002)
    angle, height = polar(scalp.positions, m)
    grown = _inside(angle, height, _CROP)
    ears = smoothed(scalp, 14, pinned=grown < 0.004)  # irons out what is left of the ears
    over = np.clip((height - 0.035) / 0.06, 0, 1)
    over = over * over * (3 - 2 * over)
    quiff = np.clip((70 - angle) / 70, 0, 1) * np.clip((height - 0.075) / 0.03, 0, 1)
    thickness = crop.sides + (crop.top - crop.sides) * over + crop.quiff * quiff
    rim = np.clip(grown / (0.010 + 0.026 * over + crop.rounded), 0, 1)
    outward = normals(scalp.positions, scalp.triangles)
    sunk = ((ears.positions - scalp.positions) * outward).sum(1)
    lift = (-0.001 + (0.001 + thickness * volume) * (rim * (1.5 - 0.5 * rim)) ** 0.7) * m.face
    lift = np.where(grown > 0.004, np.maximum(lift - sunk, 0), lift)
    return smoothed(replace(ears, positions=ears.positions + outward * lift[:, None]), 2, pinned=grown < 0.004)


def make_brows(m: Measures, feminine: float) -> Surface:
    """Two tapering strips of skin over the eyes, lifted a little, so they follow the face."""
    eye = m.landmarks["eye_left"]
    centres = m.vertices[m.data.groups["body"]].mean(1)
    near = (np.abs(np.abs(centres[:, 0]) - eye[0]) < 0.04 * m.face) & (np.abs(centres[:, 2] - eye[2] - 0.02 * m.face) < 0.03 * m.face)
    patch = from_base(m.vertices, m.data.groups["body"][near & (centres[:, 1] < eye[1] + 0.03 * m.face)])
    patch = subdivided(subdivided(patch))
    across = (np.abs(patch.positions[:, 0]) - eye[0]) / m.face
    height = (patch.positions[:, 2] - eye[2]) / m.face
    middle = np.interp(across, (-0.020, -0.008, 0.006, 0.014, 0.026), (0.0209, 0.0223, 0.0236, 0.0230, 0.0184))
    thick = np.interp(across, (-0.021, -0.017, -0.004, 0.010, 0.026), (0.0, 0.0026, 0.0031, 0.0026, 0.0)) * (1.1 - 0.3 * feminine)
    brow = cut(patch, thick - np.abs(height - middle) - 1e-4)
    return inflated(brow, 0.0012 * m.face)
