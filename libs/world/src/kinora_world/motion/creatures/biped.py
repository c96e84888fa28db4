"""Two-legged motion of birds and dinosaurs: walking, hopping, flying with wings that beat and glide."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton, unit
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.feet import Steps, step
from kinora_world.motion.creatures.limbs import about, hind, reach_ground, turn
from kinora_world.motion.creatures.moved import Moved, flight, per_sample, swayed_tail
from kinora_world.motion.creatures.route import Going
from kinora_world.motion.idle import wander
from kinora_world.motion.track import smooth
from kinora_world.scene import F8

_LEGS = {f"{side}UpLeg": hind(side) for side, _ in SIDES}


def walk_on_two(who: str, skeleton: Skeleton, going: Going, c: Channels, size: float) -> Moved:
    """The whole body but for its gaze."""
    count = len(going.heading)
    local = np.broadcast_to(np.eye(3), (count, len(skeleton.bones), 3, 3)).copy()
    leg = float(skeleton.heads[skeleton.index("LeftUpLeg"), 2])
    facing, air = about("z", going.heading), flight(going, size) + np.maximum(c["hover"], 0) * size
    aloft = smooth(air / (0.8 * leg))
    hips = _trunk(who, skeleton, going, c, local, facing, leg, aloft)
    hips[:, 2] += air
    steps = {name: step(going, name, skeleton.heads[skeleton.index(limb.paw), :2]) for name, limb in _LEGS.items()}
    _neck(who, skeleton, going, c, local, hips, aloft)
    turned, placed = skeleton.forward(local, hips)
    for name in _LEGS:
        _leg(skeleton, local, turned, placed, name, steps[name], going, c, facing, leg, aloft)
    swayed_tail(who, skeleton, going, c, local)
    _wings(who, skeleton, going, c, local, aloft)
    return Moved(local, hips, steps)


def _trunk(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8, facing: F8, leg: float, aloft: F8) -> F8:
    hips, wave = skeleton.index("Hips"), 2 * np.pi * going.phase
    bounce = per_sample(going, "bounce") * np.cos(wave * np.maximum(per_sample(going, "beats"), 1) + 0.6) * (1 - aloft)
    beat = 0.12 * np.sin(2 * np.pi * wing_beats(skeleton, c.times) - 0.4) * aloft
    waddle = np.radians(per_sample(going, "roll")) * np.sin(wave + 1.0) * (1 - aloft)
    pitch = np.radians(c["rear"] + per_sample(going, "pitch") * np.cos(2 * wave)) - aloft * _levelling(skeleton)
    bank = -np.clip(np.gradient(going.heading, c.times), -1.5, 1.5) * 0.35 * aloft
    local[:, hips] = facing @ about("x", -pitch) @ about("y", np.radians(c["roll"]) + waddle + bank)
    breath = 0.004 * np.sin(2 * np.pi * c.times / 1.9) * (1 - going.share)
    rise = (c["pelvis"] + c["lift"] + bounce + breath + beat - per_sample(going, "crouch") * (1 - aloft)) * leg
    rest = skeleton.heads[hips]
    offset = np.column_stack([np.zeros(len(rise)), rest[1] - c["forward"] * leg, rest[2] + rise])
    turn(
        local,
        skeleton,
        "Spine2",
        about("x", -0.02 * np.sin(2 * np.pi * c.times / 1.9)),
        about("z", 0.03 * wander(who, "sway", c.times, 5.0)),
    )
    return np.asarray(np.column_stack([going.place, np.zeros(len(rise))]) + np.einsum("kij,kj->ki", facing, offset))


def _levelling(skeleton: Skeleton) -> float:
    """How far an upright trunk leans forward in flight, radians."""
    way = skeleton.heads[skeleton.index("Spine2")] - skeleton.heads[skeleton.index("Hips")]
    return float(max(0.0, np.arctan2(way[2], -way[1]) - 0.18))


def _leg(
    skeleton: Skeleton,
    local: F8,
    turned: F8,
    placed: F8,
    name: str,
    steps: Steps,
    going: Going,
    c: Channels,
    facing: F8,
    leg: float,
    aloft: F8,
) -> None:
    limb = _LEGS[name]
    rest = skeleton.heads[skeleton.index(limb.paw)]
    toe = np.column_stack([steps.places, np.full(len(aloft), rest[2])])
    up = smooth(np.abs(c["lift"]) / 0.12)
    toe[:, 2] += (steps.lift * per_sample(going, "step") + c["lift"]) * leg
    toe[:, 2] += smooth(c["paw"] if name.startswith("Right") else 0 * c["paw"]) * 0.45 * leg
    swing = np.sin(np.pi * steps.swing) * (steps.lift > 0)
    bent = 0.7 * swing + 0.5 * (steps.roll - 0.5) * going.share + 0.3 * up - 1.1 * c["flat_hind"]
    hip = placed[:, 0] + np.einsum("kij,j->ki", turned[:, 0], skeleton.offsets[skeleton.index(limb.upper)])
    tucked = hip + facing[:, :, 1] * (0.45 * leg) - np.array([0, 0, 0.42 * leg])
    toe = toe + (tucked - toe) * aloft[:, None]
    bent = bent + (1.2 - bent) * aloft
    paw = facing @ about("x", 0.6 * np.clip(bent, 0, 2) * np.maximum((swing + up).clip(0, 1), aloft))
    reach_ground(skeleton, local, turned, placed, limb, toe, facing @ about("x", bent), paw, facing)


def _neck(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8, hips: F8, aloft: F8) -> None:
    """The head holds still while the body walks under it, and then darts ahead; it pecks, looks about, stretches out in flight."""
    turned, placed = skeleton.forward(local, hips)
    neck, spine = skeleton.index("Neck"), skeleton.index("Spine2")
    tilt = np.arcsin(np.clip(turned[:, spine, 2, 1], -1, 1))
    steady = -tilt * 0.95
    bob = np.radians(per_sample(going, "nod")) * _thrust(2 * going.phase) * (1 - aloft)
    way = skeleton.heads[skeleton.index("Mouth")] - skeleton.heads[neck]
    length, angle = float(np.linalg.norm(way)), float(np.arctan2(way[2], -way[1]))
    wanted = -np.arcsin(np.clip((placed[:, neck, 2] - 0.02 * length) / length, -1, 1))
    down = np.clip(c["reach"], 0, 1) * (angle - wanted)
    stretch = aloft * max(0.0, np.degrees(angle) - 15) * np.pi / 180 * 0.8
    total = np.radians(c["neck"]) + down + bob + stretch
    quick = _glancing(who, c.times) * (1 - going.share) * (1 - aloft)
    turn(local, skeleton, "Neck", about("x", steady * 0.4 + total * 0.6))
    turn(local, skeleton, "Neck1", about("x", steady * 0.3 + total * 0.4))
    level = steady * 0.3 + np.radians(c["head"]) - bob - 0.6 * stretch - 0.35 * down
    turn(
        local,
        skeleton,
        "Head",
        about("z", np.radians(c["turn"]) + 0.5 * quick),
        about("x", level),
        about("y", np.radians(c["tilt"]) + 0.25 * np.roll(quick, 20)),
    )


def _thrust(phase: F8) -> F8:
    """A slow drift back and a quick dart forwards, -1..1."""
    u = phase - np.floor(phase)
    return np.where(u < 0.7, 1 - 2 * u / 0.7, -1 + 2 * smooth((u - 0.7) / 0.3))


def _glancing(who: str, times: F8) -> F8:
    """Birds turn their heads in jerks: held, then elsewhere."""
    raw = wander(who, "glance", np.floor(times / 0.7) * 0.7, 3.1)
    after = wander(who, "glance", (np.floor(times / 0.7) + 1) * 0.7, 3.1)
    return raw + (after - raw) * smooth((times / 0.7 - np.floor(times / 0.7) - 0.82) / 0.18)


def wing_beats(skeleton: Skeleton, times: F8) -> F8:
    """Wing strokes done; small birds beat fast (frequency falls with the root of the span)."""
    span = float(np.linalg.norm(skeleton.heads[skeleton.index("LeftHandTip")] - skeleton.heads[skeleton.index("LeftArm")]))
    return np.asarray(times * np.clip(2.3 / np.sqrt(max(span, 0.02)), 2.0, 9.0))


def _wings(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8, aloft: F8) -> None:
    """Folded along the flanks on the ground; down and up in the air, the hand lagging, with a glide now and then."""
    reach = unit(skeleton.heads[skeleton.index("LeftHandTip")] - skeleton.heads[skeleton.index("LeftArm")])
    if reach[0] < 0.5:
        _arms(who, skeleton, going, c, local)
        return
    spread = np.maximum(aloft, np.clip(c["spread"], 0, 1))
    glide = smooth((wander(who, "glide", c.times, 3.7) - 0.25) / 0.3) * (aloft > 0.95)
    power = np.maximum(aloft * (1 - 0.9 * glide), np.clip(c["flap"], 0, 1))
    phase, folded = 2 * np.pi * wing_beats(skeleton, c.times), 1 - spread
    beat, lag = np.sin(phase) * power, np.sin(phase - 0.9) * power
    flipper = "LeftForeArm" not in skeleton.bones
    way = skeleton.heads[skeleton.index("Spine2")] - skeleton.heads[skeleton.index("Hips")]
    lean = float(np.arctan2(way[2], -way[1]))
    for side, sign in SIDES:
        stroke = about("y", -sign * (0.8 * beat + 0.1 * spread)) @ about("x", 0.25 * lag)
        if flipper:
            turn(local, skeleton, f"{side}Arm", about("y", sign * 1.45 * folded), stroke)
            continue
        level = -_levelling(skeleton) * aloft - 0.9 * lean * folded
        turn(local, skeleton, f"{side}Arm", about("x", level), about("z", sign * 1.5 * folded), stroke)
        turn(local, skeleton, f"{side}ForeArm", about("y", -sign * 0.35 * lag))
        turn(local, skeleton, f"{side}Hand", about("z", sign * 0.2 * np.clip(-lag, 0, 1)), about("y", -sign * 0.45 * lag))


def _arms(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8) -> None:
    """A dinosaur's little arms paddle as it goes."""
    for side, sign in SIDES:
        swing = 0.3 * np.sin(2 * np.pi * going.phase + (0 if sign > 0 else np.pi)) * going.share + 0.15 * wander(who, side, c.times, 1.9)
        turn(local, skeleton, f"{side}Arm", about("x", swing - 0.6 * np.clip(c["flap"], 0, 1)))
        turn(local, skeleton, f"{side}ForeArm", about("x", 0.5 * swing))
