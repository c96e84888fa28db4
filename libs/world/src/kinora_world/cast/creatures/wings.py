"""Wings and fans of feathers: rows of blades along an arm."""

import numpy as np

from kinora_world.cast.creatures.assembly import Assembly, Paint
from kinora_world.cast.creatures.implicit import Mesh
from kinora_world.cast.creatures.pieces import loft, merged, mirrored
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8


def feather(root: F8, tip: F8, width: float, flat: F8) -> Mesh:
    """A blade from `root` to `tip`; `flat` is the normal of its face."""
    share = np.linspace(0, 1, 5)[:, None]
    outline = np.array([0.45, 0.9, 1.0, 0.85, 0.2]) * width
    side = np.cross(unit(tip - root), flat)
    return loft(root + (tip - root) * share, np.stack([outline, 0.09 * outline + 0.002 * width], 1), side, 6)


def add_wing(assembly: Assembly, span: float, primary: Paint, covert: Paint) -> None:
    """Both wings, spread sideways at rest. Bones: `Arm` (shoulder), `ForeArm` (elbow), `Hand` (wrist)."""
    heads = assembly.bones.heads
    arm = [heads["LeftArm"], heads["LeftForeArm"], heads["LeftHand"], heads["LeftHandTip"]]
    back, up = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
    chord = 0.42 * span
    inner = [
        (
            "LeftArm",
            arm[0] * (1 - s) + arm[1] * s,
            arm[0] * (1 - s) + arm[1] * s + chord * (0.8 + 0.2 * s) * unit(back + np.array([0.05, 0, 0])),
        )
        for s in (0.25, 0.6, 0.9)
    ]
    middle = [
        (
            "LeftForeArm",
            arm[1] * (1 - s) + arm[2] * s,
            arm[1] * (1 - s) + arm[2] * s + chord * unit(back + np.array([0.12 + 0.25 * s, 0, 0])),
        )
        for s in (0.2, 0.5, 0.8)
    ]
    outer = [
        ("LeftHand", arm[2] * (1 - s) + arm[3] * s, arm[2] + 1.05 * chord * np.array([np.sin(a), np.cos(a), 0]))
        for s, a in zip(np.linspace(0, 0.8, 5), np.radians((26, 42, 58, 72, 84)), strict=True)
    ]
    for bone, root, tip in (*inner, *middle, *outer):
        _both(assembly, "quills", bone, feather(root, tip, 0.13 * span, up), primary)
    rows = [(b, r + 0.012 * span * up, r + 0.55 * (t - r) + 0.012 * span * up) for b, r, t in (*inner, *middle, *outer[:3])]
    for bone, root, tip in rows:
        _both(assembly, "coverts", bone, feather(root, tip, 0.14 * span, up), covert)
    for bone, one, other in zip(("LeftArm", "LeftForeArm", "LeftHand"), arm[:-1], arm[1:], strict=True):
        tube = loft(np.linspace(one, other, 4), np.full((4, 2), 0.05 * span) * np.array([[1.0], [1.0], [0.9], [0.7]]), up, 8)
        _both(assembly, "coverts", bone, tube, covert)


def add_flipper(assembly: Assembly, length: float, paint: Paint) -> None:
    """A penguin's: one stiff blade."""
    heads = assembly.bones.heads
    root, tip = heads["LeftArm"], heads["LeftArm"] + length * unit(np.array([1.0, 0.1, 0.0]))
    path = np.linspace(root, tip, 6)
    outline = np.array([0.6, 1.0, 1.05, 0.9, 0.65, 0.25]) * 0.2 * length
    _both(assembly, "coverts", "LeftArm", loft(path, np.stack([outline, 0.22 * outline], 1), np.array([0.0, 1.0, 0.0]), 8), paint)


def add_fan(assembly: Assembly, root: F8, length: float, spread: float, paint: Paint, rise: float = -0.15) -> None:
    """Tail feathers, fanned out behind."""
    blades = []
    for angle in np.radians(np.linspace(-spread, spread, 7)):
        way = unit(np.array([np.sin(angle), np.cos(angle), rise]))
        blades.append(feather(root, root + length * way, 0.13 * length, np.array([0.0, 0.2, 1.0])))
    assembly.piece("fan", "Tail1", merged(*blades), paint)


def _both(assembly: Assembly, name: str, bone: str, left: Mesh, paint: Paint) -> None:
    for side, _ in SIDES:
        assembly.piece(name, bone.replace("Left", side), left if side == "Left" else mirrored(left), paint)
