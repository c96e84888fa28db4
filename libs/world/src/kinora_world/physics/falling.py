"""Which of a shot's people physics takes over, and when."""

from collections.abc import Callable, Mapping

from kinora_world.motion import kind_of
from kinora_world.physics.ragdoll import Fallen, collapse
from kinora_world.physics.world import Placed
from kinora_world.scene import Contact, Performance, StageSet
from kinora_world.storyboard import Shot


def let_fall(
    shot: Shot,
    performances: Mapping[str, Performance],
    people: frozenset[str],
    stage: StageSet,
    props: Mapping[str, Placed],
    check: Callable[[], None],
) -> tuple[dict[str, Performance], tuple[Contact, ...]]:
    """The performances with the bodies of those who fall left to gravity, and the thuds. `people` are those who have a human body.

    Whoever gets up again in the same shot falls as an actor does, by rehearsal.
    """
    found, thuds = dict(performances), list[Contact]()
    for name in sorted(people & performances.keys()):
        since = _lost(shot, name)
        if since is not None:
            fall = collapse(name, performances[name], since, shot.duration, stage, props, check)
            found[name] = Fallen(performances[name], fall)
            thuds.extend(fall.contacts)
    return found, tuple(thuds)


def _lost(shot: Shot, name: str) -> float | None:
    """Seconds at which balance is lost for good."""
    mine = sorted((action for action in shot.actions if action.actor == name), key=lambda action: action.start)
    last = mine[-1] if mine else None
    moment = kind_of(last.verb).falls if last else None
    return None if last is None or moment is None else min(last.start + moment / last.pace, shot.duration)
