"""Four-legged motion: the trunk rides on planted feet; neck, head, tail and ears follow."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.feet import Steps, step
from kinora_world.motion.creatures.limbs import Limb, about, fore, hind, reach_ground, turn
from kinora_world.motion.creatures.moved import Moved, flight, per_sample, swayed_tail
from kinora_world.motion.creatures.route import Going
from kinora_world.motion.idle import wander
from kinora_world.motion.track import smooth
from kinora_world.scene import F8

_LEGS = {f"{side}{bone}": limb for side, _ in SIDES for bone, limb in (("Arm", fore(side)), ("UpLeg", hind(side)))}


def walk_on_four(who: str, skeleton: Skeleton, going: Going, c: Channels, size: float) -> Moved:
    """The whole body but for its gaze."""
    count = len(going.heading)
    local = np.broadcast_to(np.eye(3), (count, len(skeleton.bones), 3, 3)).copy()
    leg = float(skeleton.heads[skeleton.index("LeftUpLeg"), 2])
    facing = about("z", going.heading)
    air = flight(going, size)
    c.add("chest", -np.clip(c["reach"], 0, 1) * _stoop(skeleton, leg))
    hips = _trunk(who, skeleton, going, c, local, facing, leg)
    hips[:, 2] += air
    steps = {name: step(going, name, skeleton.heads[skeleton.index(limb.paw), :2]) for name, limb in _LEGS.items()}
    _neck(who, skeleton, going, c, local, hips)
    turned, placed = skeleton.forward(local, hips)
    for name, limb in _LEGS.items():
        _leg(skeleton, local, turned, placed, limb, steps[name], going, c, facing, leg, air)
    swayed_tail(who, skeleton, going, c, local)
    _wings(skeleton, c, local, air)
    return Moved(local, hips, steps)


def neck_reach(skeleton: Skeleton) -> float:
    """Metres from the root of the neck to the muzzle."""
    return float(np.linalg.norm(skeleton.heads[skeleton.index("Mouth")] - skeleton.heads[skeleton.index("Neck")]))


def _stoop(skeleton: Skeleton, leg: float) -> float:
    """How far the chest must sink, in leg lengths, for the muzzle to reach the ground."""
    root = float(skeleton.heads[skeleton.index("Neck"), 2])
    return float(np.clip((root - 0.9 * neck_reach(skeleton)) / leg, 0.0, 0.55))


def _trunk(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8, facing: F8, leg: float) -> F8:
    """Hips on the stage; sets the hips' and the spine's turns."""
    heads = skeleton.heads
    hips = skeleton.index("Hips")
    span = float(heads[hips, 1] - heads[skeleton.index("LeftArm"), 1])
    wave = 2 * np.pi * going.phase
    bounce = per_sample(going, "bounce") * np.cos(wave * np.maximum(per_sample(going, "beats"), 1) + 0.6)
    breath = 0.004 * np.sin(2 * np.pi * c.times / 2.6) * (1 - going.share)
    sink = (c["chest"] - c["pelvis"]) * leg
    pitch = np.arcsin(np.clip(sink / span, -0.85, 0.85)) + np.radians(c["rear"] + per_sample(going, "pitch") * np.cos(wave + 2.2))
    flex = np.radians(c["flex"] + per_sample(going, "flex") * np.cos(wave + 0.9))
    curve = np.clip(np.gradient(going.heading, c.times), -2.5, 2.5) * 0.16
    sway = 0.02 * wander(who, "sway", c.times, 5.0)
    local[:, hips] = facing @ about("x", -pitch + 0.5 * flex) @ about("y", np.radians(c["roll"]) + 0.5 * sway * (1 - going.share))
    for bone, part in (("Spine", 0.5), ("Spine2", 0.5)):
        turn(local, skeleton, bone, about("z", curve * part), about("x", -flex * part))
    ahead = c["forward"] * leg - (1 - np.cos(pitch)) * 0.25 * span
    rise = (c["pelvis"] + c["lift"] + bounce + breath - per_sample(going, "crouch")) * leg
    offset = np.column_stack([np.zeros(len(rise)), heads[hips, 1] - ahead, heads[hips, 2] + rise])
    place = np.column_stack([going.place, np.zeros(len(rise))])
    return np.asarray(place + np.einsum("kij,kj->ki", facing, offset))


def _leg(
    skeleton: Skeleton,
    local: F8,
    turned: F8,
    placed: F8,
    limb: Limb,
    steps: Steps,
    going: Going,
    c: Channels,
    facing: F8,
    leg: float,
    air: F8,
) -> None:
    front = limb.knee > 0
    rest = skeleton.heads[skeleton.index(limb.paw)]
    forwards = (c["fore"] if front else c["hind"]) * leg
    toe = np.column_stack([steps.places, np.full(len(air), rest[2])]) - facing[:, :, 1] * forwards[:, None]
    up = smooth(np.abs(c["lift"]) / 0.12)
    toe[:, 2] += (steps.lift * per_sample(going, "step") + c["lift"] + 0.12 * up) * leg
    flat = c["flat_fore"] if front else c["flat_hind"]
    toe[:, 2] += np.clip(flat, 0, 1) * 0.02 * leg
    swing = np.sin(np.pi * steps.swing) * (steps.lift > 0)
    bent = (0.95 if front else 0.75) * swing + (0.35 if front else 0.55) * (steps.roll - 0.5) * going.share
    bent = bent - (1.25 if front else 1.3) * flat + 0.5 * up
    toe, bent = _hanging(skeleton, turned, placed, limb, toe, bent, c, facing, air, leg)
    cannon = facing @ about("x", bent)
    paw = facing @ about("x", 0.75 * np.clip(bent, 0, 2) * (swing + up).clip(0, 1))
    reach_ground(skeleton, local, turned, placed, limb, toe, cannon, paw, facing)


def _hanging(
    skeleton: Skeleton, turned: F8, placed: F8, limb: Limb, toe: F8, bent: F8, c: Channels, facing: F8, air: F8, leg: float
) -> tuple[F8, F8]:
    """Feet that carry no weight hang from the body: front ones when it rears or lifts a paw, all in the air."""
    front = limb.knee > 0
    free = smooth(air / (0.25 * leg))
    if front:
        free = np.maximum(free, smooth((c["rear"] - 14) / 22))
        if limb.upper.startswith("Right"):
            free = np.maximum(free, smooth(c["paw"]))
    if not (free > 1e-4).any():
        return toe, bent
    parent = skeleton.parents[skeleton.index(limb.upper)]
    hip = placed[:, parent] + turned[:, parent] @ skeleton.offsets[skeleton.index(limb.upper)]
    flown = smooth(air / (0.25 * leg))
    ahead = np.where(flown > 0.5, -0.25, 0.42 + 0.2 * c["paw"]) if front else np.full(len(air), -0.35)
    down = np.where(flown > 0.5, 0.62, 0.3 - 0.2 * c["paw"]) if front else np.full(len(air), 0.66)
    bob = 0.05 * np.sin(2 * np.pi * 2.2 * c.times + (1.5 if limb.upper.startswith("Left") else 0.0)) * (c["rear"] > 20)
    loose = hip - facing[:, :, 1] * (ahead * leg)[:, None] - np.array([0, 0, 1.0]) * ((down + bob) * leg)[:, None]
    return toe + (loose - toe) * free[:, None], bent + (0.6 - bent) * free


def _neck(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8, hips: F8) -> None:
    """The head keeps its level while the trunk rocks, dips to the ground, and nods in step."""
    turned, placed = skeleton.forward(local, hips)
    chest, neck, head = (skeleton.index(n) for n in ("Spine2", "Neck", "Head"))
    tilt = np.arcsin(np.clip(turned[:, chest, 2, 1], -1, 1))  # negative with the chest up
    steady = -np.clip(tilt, -1.4, 0.8) * 0.85
    wave = np.radians(per_sample(going, "nod")) * np.cos(2 * np.pi * going.phase * 2 + 2.4)
    calm = np.radians(2.0) * wander(who, "nod", c.times, 4.1) * (1 - going.share)
    rest = skeleton.heads[head] - skeleton.heads[neck]
    length = 0.96 * neck_reach(skeleton)
    angle = float(np.arctan2(rest[2], -rest[1]))
    root = placed[:, neck, 2]
    wanted = -np.arcsin(np.clip((root - 0.05 * length) / length, -1, 1))
    down = c["reach"] * (angle - wanted)
    total = np.radians(c["neck"]) + down * 0.92 + wave + calm
    turn(local, skeleton, "Neck", about("x", steady * 0.5 + total * 0.55))
    turn(local, skeleton, "Neck1", about("x", steady * 0.2 + total * 0.45))
    turn(
        local,
        skeleton,
        "Head",
        about("z", np.radians(c["turn"])),
        about("x", steady * 0.3 + np.radians(c["head"]) + c["reach"] * 0.12 - 0.5 * wave),
        about("y", np.radians(c["tilt"])),
    )
    flick = np.maximum(0, wander(who, "ear", c.times, 1.7) - 0.75) * 1.6
    for side, sign in SIDES:
        turn(
            local,
            skeleton,
            f"{side}Ear",
            about("x", np.radians(c["ears"]) + (flick if sign > 0 else 0.5 * flick)),
            about("y", -sign * 0.3 * flick),
        )
    for k in range(4):
        curl = 0.14 * wander(who, "trunk", c.times - 0.22 * k, 3.4) - 0.5 * np.radians(c["reach"] * 30) + np.radians(c["paw"] * -28)
        turn(local, skeleton, f"Trunk{k + 1}", about("x", curl), about("z", 0.12 * wander(who, "trunk side", c.times - 0.2 * k, 4.3)))


def _wings(skeleton: Skeleton, c: Channels, local: F8, air: F8) -> None:
    """A dragon's: folded along the flanks on the ground, beating in the air."""
    if "LeftWing" not in skeleton.bones:
        return
    flying = np.maximum(smooth(air / 0.3), np.clip(c["spread"], 0, 1))
    beat = np.sin(2 * np.pi * 1.5 * c.times) * np.maximum(flying, c["flap"])
    after = np.sin(2 * np.pi * 1.5 * c.times - 0.9) * np.maximum(flying, c["flap"])
    for side, sign in SIDES:
        folded = (1 - flying) * 1.0
        turn(local, skeleton, f"{side}Wing", about("z", sign * 1.15 * folded), about("y", -sign * (0.55 * beat + 0.25 * folded)))
        turn(local, skeleton, f"{side}WingTip", about("z", sign * 0.55 * folded), about("y", -sign * 0.45 * after + sign * 0.5 * flying))
