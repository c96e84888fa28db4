"""Where a body's weight is: shares and places of the segments' masses after de Leva, "Adjustments to Zatsiorsky-Seluyanov's segment inertia
parameters", J. Biomechanics 29(9), 1996 (the mean of women and men).
"""

from collections.abc import Callable, Sequence

import numpy as np

from kinora_world.cast.skeleton import SIDES
from kinora_world.scene import F8, Performance

# (from, to, share of the body's mass, how far from the first joint to the second)
SEGMENTS: tuple[tuple[str, str, float, float], ...] = (
    ("Hips", "Neck", 0.4302, 0.45),
    ("Neck", "Head", 0.0681, 1.0),
    *(
        (f"{side}{start}", f"{side}{end}", mass, along)
        for side, _ in SIDES
        for start, end, mass, along in (
            ("Arm", "ForeArm", 0.0263, 0.5765),
            ("ForeArm", "Hand", 0.0150, 0.4567),
            ("Hand", "Hand", 0.0059, 0.0),
            ("UpLeg", "Leg", 0.1447, 0.3854),
            ("Leg", "Foot", 0.0457, 0.4404),
            ("Foot", "ToeBase", 0.0133, 0.44),
        )
    ),
)


def centre(joint: Callable[[str], F8]) -> F8:
    """(..., 3) of the body's centre of mass, from a function that gives a joint's places (..., 3)."""
    total = sum(mass for *_, mass, _ in SEGMENTS)
    return np.asarray(sum(mass / total * (joint(a) * (1 - along) + joint(b) * along) for a, b, mass, along in SEGMENTS))


def centre_of_mass(performance: Performance, times: Sequence[float] | F8) -> F8:
    """(n, 3) on the stage, at each of the times."""
    return centre(lambda name: np.array([performance.joint(name, float(time)) for time in times]))
