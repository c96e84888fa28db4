"""Which of a shot's people physics takes over, and when."""

from collections.abc import Callable, Mapping

from kinora_world.motion import SampledPerformance, kind_of
from kinora_world.physics.ragdoll import Fallen, collapse
from kinora_world.physics.world import Placed
from kinora_world.scene import Contact, Performance, StageSet
from kinora_world.storyboard import Shot


def let_fall(
    shot: Shot, performances: Mapping[str, Performance], stage: StageSet, props: Mapping[str, Placed], check: Callable[[], None]
) -> tuple[dict[str, Performance], tuple[Contact, ...]]:
    """The performances with the bodies of those who fall left to gravity, and the thuds.

    Whoever gets up again in the same shot falls as an actor does, by rehearsal; so does who has no person's bones.
    """
    found, thuds = dict(performances), list[Contact]()
    for name, played in sorted(performances.items()):
        if isinstance(played, SampledPerformance) and played.falls and _stays_down(shot, name) and played.falls[-1] < shot.duration:
            fall = collapse(name, played, played.falls[-1], shot.duration, stage, props, check)
            found[name] = Fallen(played, fall)
            thuds.extend(fall.contacts)
    return found, tuple(thuds)


def _stays_down(shot: Shot, name: str) -> bool:
    """Nothing is done after the fall."""
    last = max((action for action in shot.actions if action.actor == name), key=lambda action: action.start)
    return kind_of(last.verb).falls is not None
