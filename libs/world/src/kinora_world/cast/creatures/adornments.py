"""Manes, horns, tusks, tufts, wings."""

import numpy as np

from kinora_world.cast.colour import Linear, linear
from kinora_world.cast.creatures.assembly import Assembly, Paint, capsule
from kinora_world.cast.creatures.implicit import Mesh, Solid
from kinora_world.cast.creatures.paint import tint
from kinora_world.cast.creatures.pieces import ball, curve, loft, mirrored, tapered
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8
from kinora_world.species import Quadruped

_IVORY, _HORN = linear("#e8dcc0"), linear("#6b5a48")


def add_adornments(
    assembly: Assembly, q: Quadruped, crown: F8, skull: float, muzzle: tuple[F8, F8], solid: Solid, h: float, coat: Linear
) -> None:
    heads = assembly.bones.heads
    mane = Paint(tint(q.mane_colour, coat), "fur", 0.9)
    if q.mane == "crest":
        _crest(assembly, heads, crown, skull, h, mane)
    elif q.mane == "ruff":
        _ruff(assembly, heads, crown, skull, h, mane)
    elif q.mane == "spikes":
        _spikes(assembly, heads, solid, h, mane)
    if q.tail.hair:
        _tuft(assembly, heads, q, h, Paint(tint(q.tail.tuft, coat), "fur", 0.9))
    if q.beard:
        root = muzzle[1] + np.array([0, 0.3, -1.0]) * q.head.snout[1] * h
        path = curve(root, np.array([0, 0.0, -q.beard * h]), count=5)
        assembly.piece("beard", "Jaw", loft(path, np.stack([tapered(5, 0.02, 0.035, 0.004) * h] * 2, 1), np.array([1.0, 0, 0]), 8), mane)
    if q.tusks:
        _paired(assembly, "tusks", _tusk(muzzle, q, h), Paint(_IVORY, "gloss", 0.35))
    if q.horns != "none":
        _horns(assembly, q.horns, crown, skull)
    if q.wings:
        add_dragon_wings(assembly, q.wings * h, coat)
    if q.hooves is not None:
        _hooves(assembly, heads, q, h, Paint(tint(q.hooves, coat), "gloss", 0.45))


def _paired(assembly: Assembly, name: str, left: Mesh, paint: Paint, bone: str = "Head") -> None:
    assembly.piece(name, bone, left, paint)
    assembly.piece(name, bone, mirrored(left), paint)


def _crest(assembly: Assembly, heads: dict[str, F8], crown: F8, skull: float, h: float, paint: Paint) -> None:
    """A horse's mane along the neck, and a forelock."""
    back = np.array([0.0, 0.55, 0.75])
    points = [heads["Neck"] + [0, 0.1 * h, 0.13 * h], heads["Neck1"] + 0.12 * h * back, heads["Head"] + 0.1 * h * back]
    points.append(crown + np.array([0, -0.15, 1.0]) * skull)
    for bone, one, other in zip(("Neck", "Neck1", "Head"), points[:-1], points[1:], strict=True):
        lock = capsule(bone, one, other, 0.05 * h, 0.045 * h, wide=0.6)
        fall = capsule(bone, one + np.array([0.05, 0, -0.05]) * h, other + np.array([0.05, 0, -0.06]) * h, 0.05 * h, wide=0.5)
        assembly.blobs("mane", Solid([lock, fall]), 300, paint)
    front = curve(points[-1], np.array([0.02, -0.5, -0.1]) * skull, np.array([0.1, -0.25, -0.75]) * skull, count=6)
    assembly.piece(
        "mane",
        "Head",
        loft(front, np.stack([tapered(6, 0.2, 0.5, 0.02), tapered(6, 0.16, 0.2, 0.02)], 1) * skull, np.array([1.0, 0, 0]), 8),
        paint,
    )


def _ruff(assembly: Assembly, heads: dict[str, F8], crown: F8, skull: float, h: float, paint: Paint) -> None:
    """A lion's mane: a thick ring of locks around face and neck, and a bib."""
    locks = [
        capsule(
            "Neck1", heads["Neck"] - [0, 0.02 * h, 0.1 * h], crown + np.array([0, 0.75, -0.2]) * skull, 0.2 * h, 1.15 * skull, melt=0.05 * h
        )
    ]
    for k, turn in enumerate(np.linspace(0, 2 * np.pi, 18, endpoint=False)):
        out = np.array([np.sin(turn), 0.0, np.cos(turn)])
        at = crown + np.array([0, 0.42 * skull, -0.12 * skull]) + 0.98 * skull * out
        tip = at + (0.62 + 0.12 * (k % 2)) * skull * out + np.array([0, 0.35 * skull, -0.22 * skull])
        locks.append(capsule("Head", at, tip, 0.36 * skull, 0.13 * skull, melt=0.05 * h))
    locks += [
        capsule(
            "Neck",
            heads["Neck"] + np.array([x, -0.08, -0.08]) * h,
            heads["Neck"] + np.array([0.8 * x, -0.1, -0.34]) * h,
            0.13 * h,
            0.03 * h,
            melt=0.05 * h,
        )
        for x in (-0.1, 0.0, 0.1)
    ]
    assembly.blobs("mane", Solid(locks), 2200, paint)


def _spikes(assembly: Assembly, heads: dict[str, F8], solid: Solid, h: float, paint: Paint) -> None:
    """A dragon's plates along the back."""
    for bone, count, size in (
        ("Neck", 2, 0.1),
        ("Neck1", 2, 0.09),
        ("Spine2", 2, 0.13),
        ("Spine", 3, 0.13),
        ("Hips", 2, 0.11),
        ("Tail1", 2, 0.09),
        ("Tail2", 2, 0.07),
        ("Tail3", 2, 0.06),
    ):
        names = list(heads)
        following = next(
            (
                n
                for n in names
                if assembly.bones.parents[n] == bone and n in ("Neck1", "Head", "Spine2", "Spine", "Tail1", "Tail2", "Tail3", "Tail4")
            ),
            bone,
        )
        for share in np.arange(count) / count:
            at = heads[bone] * (1 - share) + heads[following] * share
            up = np.array([0.0, 0.35, 1.0]) if "Neck" in bone else np.array([0.0, 0.0, 1.0])
            root = solid.surface_along(at, unit(up), 0.8 * h) - 0.2 * size * h * unit(up)
            path = curve(root, size * h * np.array([0, 0.25, 1.0]), count=5)
            assembly.piece(
                "spikes",
                bone,
                loft(path, np.stack([tapered(5, 0.5, 0.34, 0.02), tapered(5, 0.16, 0.1, 0.02)], 1) * size * h, np.array([0, 1.0, 0]), 6),
                paint,
            )


def _tuft(assembly: Assembly, heads: dict[str, F8], q: Quadruped, h: float, paint: Paint) -> None:
    if q.tail.length > 0.6 and q.mane == "crest":  # a horse's tail is hair from its root
        points = [heads[n] for n in ("Tail1", "Tail2", "Tail3", "Tail4", "TailTip")]
        radii = np.interp(np.linspace(0, 1, 5), [0, 0.3, 0.7, 1.0], [0.04, 0.075, 0.085, 0.02]) * h * (q.tail.hair / 0.1)
        for k in range(4):
            assembly.blobs("tail_hair", Solid([capsule(f"Tail{k + 1}", points[k], points[k + 1], radii[k], radii[k + 1])]), 220, paint)
        return
    at, tip = 0.35 * heads["Tail4"] + 0.65 * heads["TailTip"], heads["TailTip"]
    way = unit(tip - heads["Tail4"])
    r = q.tail.hair * h
    assembly.blobs("tail_hair", Solid([capsule("Tail4", at, tip + way * 0.8 * r, r, 0.3 * r)]), 260, paint)


def _tusk(muzzle: tuple[F8, F8], q: Quadruped, h: float) -> Mesh:
    root, _ = muzzle
    start = root + np.array([0.62 * q.head.snout[0], -0.6 * q.head.snout[0], -0.35 * q.head.snout[0]]) * h
    path = curve(start, q.tusks * h * np.array([0.06, -0.35, -0.4]), q.tusks * h * np.array([0.05, -0.45, 0.15]), count=8)
    return loft(path, np.stack([tapered(8, 0.026, 0.026, 0.004) * h] * 2, 1), np.array([1.0, 0, 0]), 10)


def _horns(assembly: Assembly, kind: str, crown: F8, skull: float) -> None:
    side = np.array([1.0, 0.0, 0.0])

    def horn(
        start: tuple[float, float, float], *ways: tuple[float, float, float], radii: tuple[float, float, float], count: int = 9
    ) -> Mesh:
        path = curve(crown + np.array(start) * skull, *(np.array(w) * skull for w in ways), count=count)
        return loft(path, np.stack([tapered(count, *radii) * skull] * 2, 1), side + 0.01, 9)

    if kind == "unicorn":
        mesh = horn((0, -0.6, 0.7), (0, -0.9, 1.6), radii=(0.17, 0.1, 0.01))
        assembly.piece("horns", "Head", mesh, Paint(linear("#f3d98a"), "gloss", 0.25))
    elif kind == "cow":
        _paired(
            assembly,
            "horns",
            horn((0.6, 0.05, 0.7), (0.7, 0, 0.15), (0.25, -0.25, 0.65), radii=(0.2, 0.16, 0.03)),
            Paint(_IVORY, "gloss", 0.4),
        )
    elif kind == "goat":
        _paired(
            assembly,
            "horns",
            horn((0.32, -0.1, 0.85), (0.1, 0.1, 0.8), (0.2, 0.8, 0.3), radii=(0.2, 0.14, 0.03)),
            Paint(_HORN, "plain", 0.6),
        )
    elif kind == "ram":
        mesh = horn((0.6, 0.0, 0.6), (0.5, 0.9, 0.9), (0.5, 0.2, -1.6), (0.2, -1.4, -0.4), radii=(0.28, 0.26, 0.05), count=14)
        _paired(assembly, "horns", mesh, Paint(_HORN, "plain", 0.6))
    elif kind == "giraffe":
        left = horn((0.35, 0.2, 0.8), (0.02, 0.15, 0.75), radii=(0.13, 0.11, 0.12))
        _paired(assembly, "horns", left, Paint(_HORN, "fur", 0.8))
        _paired(assembly, "horns", ball(crown + np.array([0.37, 0.35, 1.6]) * skull, 0.15 * skull), Paint((0.03, 0.02, 0.015), "fur", 0.8))
    elif kind == "dragon":
        _paired(
            assembly,
            "horns",
            horn((0.45, 0.2, 0.7), (0.3, 0.8, 0.5), (0.05, 0.9, 0.5), radii=(0.2, 0.16, 0.02)),
            Paint(_IVORY, "gloss", 0.4),
        )
    else:
        _antlers(assembly, horn)


def _antlers(assembly: Assembly, horn: object) -> None:
    assert callable(horn)  # noqa: S101
    paint = Paint(linear("#8a6a48"), "plain", 0.7)
    beam = horn((0.35, 0.1, 0.8), (0.9, 0.9, 1.3), (0.9, -0.3, 1.4), (-0.1, -0.7, 0.7), radii=(0.13, 0.12, 0.04), count=12)
    tines = [
        horn((0.5, 0.2, 1.1), (0.2, -0.6, 0.3), (0.0, -0.2, 0.5), radii=(0.09, 0.07, 0.02)),
        horn((1.0, 0.5, 2.0), (0.3, -0.6, 0.4), (0.05, -0.1, 0.6), radii=(0.09, 0.07, 0.02)),
        horn((1.55, 0.6, 2.8), (0.4, 0.3, 0.5), (0.0, 0.0, 0.5), radii=(0.08, 0.06, 0.02)),
    ]
    for mesh in (beam, *tines):
        _paired(assembly, "horns", mesh, paint)


def _hooves(assembly: Assembly, heads: dict[str, F8], q: Quadruped, h: float, paint: Paint) -> None:
    for side, _ in SIDES:
        for bone in ("HandTip", "ToeBase"):
            x, y, _z = heads[f"{side}{bone}"]
            r = 1.12 * q.foot * h
            path = np.array([[x, y - 0.62 * r, 0.0], [x, y - 0.5 * r, 0.03 * r], [x, y - 0.3 * r, 0.9 * r], [x, y - 0.2 * r, 1.15 * r]])
            width = np.array([0.2, 1.06, 0.92, 0.5]) * r
            assembly.piece("hooves", f"{side}{bone}", loft(path, np.stack([width, 1.15 * width], 1), np.array([1.0, 0, 0]), 12), paint)


def add_dragon_wings(assembly: Assembly, span: float, coat: Linear) -> None:
    """Bat wings: an arm, three fingers and the skin between them. Bones `LeftWing`, `LeftWingTip` are the shoulder and the wrist."""
    heads = assembly.bones.heads
    membrane, bone_paint = Paint(tint("light", coat), "cloth", 0.7), Paint(tint("dark", coat), "plain", 0.6)
    root, wrist = heads["LeftWing"], heads["LeftWingTip"]
    tips = [wrist + span * np.array(w) for w in ((0.55, -0.05, -0.1), (0.42, 0.36, -0.22), (0.12, 0.5, -0.28))]
    lines = [np.array([root, wrist]), *(np.array([wrist, tip]) for tip in tips)]
    for flip in (False, True):
        side = "Right" if flip else "Left"
        for number, line in enumerate(lines):
            tube = loft(
                curve(line[0], line[1] - line[0], count=5),
                np.stack([tapered(5, 0.022, 0.016, 0.006) * span] * 2, 1),
                np.array([0.1, 0, 1.0]),
                8,
            )
            assembly.piece("wing_bones", f"{side}{'WingTip' if number else 'Wing'}", mirrored(tube) if flip else tube, bone_paint)
        for number, sheet in enumerate(_membranes(root, wrist, tips)):
            mesh = mirrored(sheet) if flip else sheet
            assembly.chain("wings", (f"{side}Wing", f"{side}WingTip"), mesh, membrane) if number == 2 else assembly.piece(
                "wings", f"{side}WingTip", mesh, membrane
            )


def _membranes(root: F8, wrist: F8, tips: list[F8]) -> list[Mesh]:
    hip = root + np.array([0.02, 1.0, -0.1]) * float(np.linalg.norm(tips[2] - wrist))
    return [_sheet(wrist, tips[0], wrist, tips[1]), _sheet(wrist, tips[1], wrist, tips[2]), _sheet(wrist, tips[2], root, hip)]


def _sheet(a: F8, b: F8, c: F8, d: F8, count: int = 6) -> Mesh:
    """A double-sided ruled sheet from line ab to line cd with a scalloped outer edge."""
    u, v = np.meshgrid(np.linspace(0, 1, count), np.linspace(0, 1, count), indexing="ij")
    u_, v_ = u[..., None], v[..., None]
    sag = 1 - 0.28 * u_ * (4 * v_ * (1 - v_))
    reach = u_ * sag
    points = ((a + (b - a) * reach) * (1 - v_) + (c + (d - c) * reach) * v_).reshape(-1, 3)
    at = np.arange(count * count).reshape(count, count)
    quads = [np.stack([at[:-1, :-1], at[1:, :-1], at[1:, 1:]], -1), np.stack([at[:-1, :-1], at[1:, 1:], at[:-1, 1:]], -1)]
    one = np.concatenate([t.reshape(-1, 3) for t in quads]).astype(np.int32)
    normal = unit(np.cross(points[one[:, 1]] - points[one[:, 0]], points[one[:, 2]] - points[one[:, 0]]).sum(0))
    lower = points - 0.004 * normal
    return Mesh(
        np.concatenate([points, lower]),
        np.repeat([normal, -normal], len(points), axis=0),
        np.concatenate([one, one[:, ::-1] + len(points)]).astype(np.int32),
    )
