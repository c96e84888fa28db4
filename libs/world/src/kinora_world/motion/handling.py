"""Props in hands: when they are held, when and how they leave, and arms that carry them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.catalogue import ActionKind
from kinora_world.motion.gesture import HandPath
from kinora_world.motion.timeline import Doing
from kinora_world.scene import F8, Hold, Launch, PropKind
from kinora_world.solids import half_extents
from kinora_world.storyboard import Shot

Hand = Literal["Left", "Right", "Both", "Body"]
SMALL = 0.07  # metres: the radius up to which one hand holds a thing


def prop_radius(shot: Shot, prop: str | None, kinds: Mapping[str, PropKind]) -> float:
    """Half the width of a prop, metres; that of a ball when its kind is unknown."""
    found = next((p for p in shot.props if p.id == prop), None)
    kind = kinds.get(found.kind) if found else None
    if kind is None:
        return 0.12
    return max((abs(s.position[0]) + float(half_extents(s)[0]) for s in kind.shapes), default=0.12)


def find_launches(doings: Sequence[Doing], props: set[str]) -> tuple[Launch, ...]:
    found = []
    for doing in doings:
        natural, prop = doing.kind.release, doing.action.prop or doing.action.target
        if natural is not None and doing.kind.manner and prop in props and prop is not None:
            target = doing.action.target if doing.action.target != prop else None
            found.append(Launch(prop, doing.moment(natural), doing.kind.manner, target, doing.action.outcome or "hit"))
    return tuple(found)


def find_holds(doings: Sequence[Doing], duration: float, radii: Mapping[str, float], taken: set[str]) -> tuple[Hold, ...]:
    """From grab to release; a prop released or used but never grabbed is in hand from the start, unless someone else has it (`taken`)."""
    holds: list[Hold] = []
    held: dict[str, tuple[float, Hand]] = {}
    for doing in sorted(doings, key=lambda d: d.start):
        prop = doing.thing if doing.kind.thing else doing.action.prop or (doing.action.target if doing.kind.grab is not None else None)
        if prop is None or prop not in radii:
            continue
        grip = grip_of(doing.kind, radii[prop])
        if doing.kind.thing is not None and not doing.kind.thing.stays:
            since, before = held.pop(prop, (doing.start if prop in taken or doing.kind.near is not None else 0.0, grip))
            if since < doing.start and before != "Body" and since > 0:
                holds.append(Hold(prop, before, since, doing.start))
                since = doing.start
            held[prop] = (since, grip)
            taken.add(prop)
        if doing.kind.grab is not None:
            held[prop] = (doing.moment(doing.kind.grab), grip)
        if doing.kind.release is not None and doing.kind.manner in ("throw", "shoot", "drop"):
            since, grip = held.pop(prop, (doing.start if prop in taken else 0.0, grip))
            holds.append(Hold(prop, grip, since, doing.moment(doing.kind.release)))
            taken.add(prop)
    holds += [Hold(prop, grip, since, duration) for prop, (since, grip) in held.items()]
    return tuple(holds)


def handed_on(person: str, holds: Mapping[str, tuple[Hold, ...]]) -> tuple[Hold, ...]:
    """A person's holds, each until somebody else takes the thing."""
    found = []
    for hold in holds[person]:
        takers = [o.start for p, theirs in holds.items() if p != person for o in theirs if o.prop == hold.prop and o.start > hold.start]
        found.append(replace(hold, end=min([hold.end, *takers])))
    return tuple(found)


def grip_of(kind: ActionKind, radius: float) -> Hand:
    """Small things are held in one hand even where the action allows for both; what the body bears is in none."""
    if kind.thing is not None:
        return {"LeftHand": "Left", "RightHand": "Right"}.get(kind.thing.frame, "Body")  # type: ignore[return-value]
    return "Both" if kind.grip == "Both" and radius > SMALL else "Right" if kind.grip == "Both" else kind.grip


def carrying(skeleton: Skeleton, side: str, grip: str, radius: float, count: int) -> HandPath | None:
    """A hand that carries a prop in front of the body, None for the other hand of a single-handed grip."""
    if grip not in ("Both", side):
        return None
    together = grip == "Both"
    length = skeleton.length(f"{side}Arm", f"{side}Hand")
    shoulder = abs(float(_shoulder(skeleton, side)[0]))
    out = (radius + 0.035 - shoulder) / length if together else 0.06
    rows = {"reach": (out, 0.46 if together else 0.38, -0.50 if together else -0.62), "fingers": (-0.1, 1.0, 0.1), "palm": (-1.0, 0.0, 0.1)}
    if not together:
        rows |= {"palm": (-0.5, 0.1, 1.0)}
    wide = {name: np.tile(np.array(row), (count, 1)) for name, row in rows.items()}
    full = np.full(count, 0.22 if together else 0.35)
    return HandPath(wide["reach"], wide["fingers"], wide["palm"], np.tile([0.5, -0.8, -0.5], (count, 1)), full, full)


def gripped(skeleton: Skeleton, side: str, path: HandPath, radius: float) -> HandPath:
    """Both hands at a prop's sides: the path's outward reach gives way to the prop's width."""
    length = skeleton.length(f"{side}Arm", f"{side}Hand")
    reach = path.reach.copy()
    reach[:, 0] = (radius + 0.035 - abs(float(_shoulder(skeleton, side)[0]))) / length
    return HandPath(reach, path.fingers, path.palm, path.elbow, path.curl, path.index)


def _shoulder(skeleton: Skeleton, side: str) -> F8:
    return np.asarray(skeleton.offsets[skeleton.index(f"{side}Arm")] + skeleton.offsets[skeleton.index(f"{side}Shoulder")])
