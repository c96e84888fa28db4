"""How far feet slide while they stand, how fast joints go at most, and what a shot costs to plan.

    python bench/bench_motion.py

A step is a stretch of time in which the ball of a foot is within 3 mm of its lowest; its slide is how far the ball strays from where it
came down. The baseline is the same recorded walk without plants: hips as recorded along the same way, legs as recorded.
"""

import time

import numpy as np
from kinora_world.cast import build_body
from kinora_world.motion import action_kinds, plan
from kinora_world.motion import quaternion as qt
from kinora_world.motion.acting import Company, make_timeline
from kinora_world.motion.segments import assembled
from kinora_world.motion.track import RATE
from kinora_world.scene import F8
from kinora_world.storyboard import Action, Character, Mark, Shot

WAYS = ("walk", "run", "jog", "sprint", "march", "sneak", "limp", "stumble", "skip", "zombie_walk")
ADA = Character(id="ada", name="Ada", feminine=1.0)
DURATION = 4.0


def shot_of(verb: str) -> Shot:
    far = 6.0 if verb in ("run", "sprint", "jog") else 3.0
    action = Action(actor="ada", verb=verb, start=0.3, to=(far, -1.0))
    return Shot(duration=DURATION, place="park", marks=(Mark(character="ada"),), actions=(action,))


def slides(balls: F8, heights: F8) -> list[float]:
    """Metres, one per step, from ball positions (k, 2, 3) of both feet; `heights` (k, 2) say when they stand."""
    found = []
    for foot in (0, 1):
        down = heights[:, foot] < heights[:, foot].min() + 0.003
        edges = np.flatnonzero(np.diff(np.concatenate([[0], down.astype(int), [0]])))
        for first, end in edges.reshape(-1, 2):
            if end - first > RATE // 12:
                part = balls[first:end, foot, :2]
                found.append(float(np.linalg.norm(part - part[len(part) // 2], axis=1).max()))
    return found


def planted(verb: str) -> F8:
    body = build_body(ADA, "realistic")
    performance = plan(shot_of(verb), {"ada": body}, [], None, {})["ada"]
    times = np.arange(0, DURATION, 1 / RATE)
    return np.array([[performance.joint(f"{side}ToeBase", t) for side in ("Left", "Right")] for t in times])


def recorded(verb: str) -> F8:
    """The same way with legs as recorded."""
    skeleton = build_body(ADA, "realistic").skeleton
    company = Company({"ada": skeleton}, lambda *_: None, (-40, -40, 40, 40), {}, {}, {})
    line = make_timeline(shot_of(verb), "ada", company, [])
    track = assembled(line.segments, np.arange(0, DURATION, 1 / RATE))
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    return np.asarray(placed[:, [skeleton.index("LeftToeBase"), skeleton.index("RightToeBase")]])


def main() -> None:
    print(f"{'way':<12} {'steps':>5} {'slide, mean':>12} {'slide, worst':>13} {'unplanted, mean':>16} {'worst':>8}")
    for verb in WAYS:
        balls = planted(verb)
        ours, bare = slides(balls, balls[:, :, 2]), slides(recorded(verb), balls[:, :, 2])
        print(
            f"{verb:<12} {len(ours):>5} {100 * np.mean(ours):>9.2f} cm {100 * max(ours):>10.2f} cm"
            f" {100 * np.mean(bare):>13.2f} cm {100 * max(bare):>5.1f} cm"
        )
    body = build_body(ADA, "realistic")
    verbs = [verb for verb, kind in action_kinds().items() if kind.words]
    began = time.process_time()
    for verb in verbs:
        plan(shot_of(verb), {"ada": body}, [], None, {})
    each = (time.process_time() - began) / len(verbs)
    print(f"\n{len(verbs)} verbs with words of their own; {1000 * each:.0f} cpu-ms to plan one for {DURATION:g} s")


if __name__ == "__main__":
    main()
