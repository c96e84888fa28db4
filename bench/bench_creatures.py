"""What a creature costs beside a person: building its body once a clip, posing it once a frame, planning four seconds of motion.

    python bench/bench_creatures.py

Median CPU milliseconds. The baseline is a person of the same engine.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from kinora_world.cast import embody
from kinora_world.motion import rehearse
from kinora_world.storyboard import Action, Character, Mark, Shot

KINDS = ("person", "dog", "tiger", "horse", "dragon", "parrot", "dinosaur", "shark", "octopus", "robot", "ghost")


def cost(work: Callable[[int], object], times: int) -> float:
    """Median CPU ms of `work(round)`."""
    found = []
    for number in range(times):
        start = time.process_time()
        work(number)
        found.append((time.process_time() - start) * 1000)
    return median(found)


def main() -> None:
    shot = Shot(duration=4.0, place="park", marks=(Mark(character="rex"),), actions=(Action(actor="rex", verb="walk", to=(3.0, 0.0)),))
    embody(Character(id="rex", name="Rex", species="robot"), "realistic")  # the people's data is read once a process
    print("| kind | triangles | build | plan 4 s | pose a frame |\n| --- | ---: | ---: | ---: | ---: |")
    for kind in KINDS:
        sized = [Character(id="rex", name="Rex", species=kind, size=1 + 0.01 * k, age_years=28 + k) for k in range(3)]
        build = cost(lambda k, sized=sized: embody(sized[k], "realistic"), 3)
        body = embody(sized[0], "realistic")
        planned = cost(lambda _, body=body: rehearse(shot, {"rex": body}, [], None, {}), 3)
        performance = rehearse(shot, {"rex": body}, [], None, {})["rex"]
        pose = cost(lambda k, body=body, performance=performance: body.posed(performance.pose(float(np.mod(k * 0.07, 4)))), 60)
        print(f"| {kind} | {sum(len(part.triangles) for part in body.parts):,} | {build:.0f} | {planned:.0f} | {pose:.1f} |")


if __name__ == "__main__":
    main()
