"""How far feet slide while they stand, whether joints jump where actions join, and what a shot costs to plan.

    python bench/bench_motion.py

A step is a stretch of time in which the ball of a foot is within 3 mm of its lowest; its slide is how far the ball strays from where it
came down. The baseline is the same recorded walk without plants: hips as recorded along the same way, legs as recorded.

A jump at a join is the largest acceleration of a joint within 0.3 s after a stretch of motion begins; beside it the largest elsewhere.
"""

import time

import numpy as np
from kinora_world.cast import build_body
from kinora_world.motion import action_kinds, plan
from kinora_world.motion import quaternion as qt
from kinora_world.motion.acting import Company, make_timeline
from kinora_world.motion.segments import Segment, assembled
from kinora_world.motion.track import RATE
from kinora_world.scene import F8
from kinora_world.storyboard import Action, Character, Mark, Shot

WAYS = ("walk", "run", "jog", "sprint", "march", "sneak", "limp", "stumble", "skip", "zombie_walk")
ADA = Character(id="ada", name="Ada", feminine=1.0)
DURATION = 4.0
PAIRS = (
    ("walk", "wave"), ("walk", "dance"), ("dance", "walk"), ("run", "jump"), ("jump", "walk"), ("walk", "sit_down"),
    ("sit_down", "stand_up"), ("lie_down", "stand_up"), ("push_ups", "wave"), ("crawl", "wave"), ("karate_kick", "box"),
    ("cartwheel", "bow"), ("spin", "walk"), ("squats", "jump"),
)  # fmt: skip
LONG = 9.0  # seconds, of two actions
JOIN = 0.3  # seconds


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


def segments(shot: Shot) -> list[Segment]:
    company = Company({"ada": build_body(ADA, "realistic").skeleton}, lambda *_: None, (-40, -40, 40, 40), {}, {}, {})
    return make_timeline(shot, "ada", company, []).segments


def jumps(pair: tuple[str, str]) -> tuple[float, str, float]:
    """m/s²: the largest acceleration at joins, of which joint, and the largest elsewhere."""
    one, two = (Action(actor="ada", verb=verb, start=start) for verb, start in zip(pair, (0.3, 3.0), strict=True))
    shot = Shot(duration=LONG, place="park", marks=(Mark(character="ada"),), actions=(one, two))
    body = build_body(ADA, "realistic")
    performance = plan(shot, {"ada": body}, [], None, {})["ada"]
    times, bones = np.arange(0, LONG, 1 / RATE), [bone for bone in body.skeleton.bones if "Hand" not in bone or bone.endswith("Hand")]
    placed = np.array([[performance.joint(bone, time) for bone in bones] for time in times])
    swing = np.linalg.norm(np.diff(placed, n=2, axis=0), axis=2) * RATE**2
    joins = [segment.start for segment in segments(shot)[1:]]
    joining = np.any([(times[1:-1] >= join - 2 / RATE) & (times[1:-1] <= join + JOIN) for join in joins], axis=0)
    worst = swing[joining].max(0)
    return float(worst.max()), bones[int(worst.argmax())], float(swing[~joining].max())


def recorded(verb: str) -> F8:
    """The same way with legs as recorded."""
    skeleton = build_body(ADA, "realistic").skeleton
    track = assembled(segments(shot_of(verb)), np.arange(0, DURATION, 1 / RATE))
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
    print(f"\n{'from':<12} {'into':<10} {'at joins':>9} {'of':<14} {'elsewhere':>9}")
    for one, two in PAIRS:
        joined, bone, elsewhere = jumps((one, two))
        print(f"{one:<12} {two:<10} {joined:>9.0f} {bone:<14} {elsewhere:>9.0f} m/s²")
    body = build_body(ADA, "realistic")
    verbs = [verb for verb, kind in action_kinds().items() if kind.words]
    began = time.process_time()
    for verb in verbs:
        plan(shot_of(verb), {"ada": body}, [], None, {})
    each = (time.process_time() - began) / len(verbs)
    print(f"\n{len(verbs)} verbs with words of their own; {1000 * each:.0f} cpu-ms to plan one for {DURATION:g} s")


if __name__ == "__main__":
    main()
