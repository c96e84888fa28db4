"""Everybody's performance: creatures by their rigs, people by theirs, each aware of the others."""

from collections.abc import Mapping, Sequence

from kinora_world.cast import Creature, Figure
from kinora_world.motion.creatures import plan_creatures
from kinora_world.motion.plan import plan
from kinora_world.scene import Performance, PropKind, SpokenLine, StageSet
from kinora_world.storyboard import Shot


def rehearse(
    shot: Shot,
    bodies: Mapping[str, Figure | Creature],
    lines: Sequence[SpokenLine],
    stage: StageSet | None,
    prop_kinds: Mapping[str, PropKind],
) -> dict[str, Performance]:
    """How every marked character moves through `shot`, by id. `lines` are those of this shot, starting from the shot's start.

    Raises UnknownVerb for an action of a person's that is not in the catalogue, KeyError for a mark without a body.
    """
    creatures = {name: body for name, body in bodies.items() if isinstance(body, Creature)}
    people = {name: body for name, body in bodies.items() if isinstance(body, Figure)}
    others: dict[str, Performance] = dict(plan_creatures(shot, creatures, lines, stage, prop_kinds)) if creatures else {}
    theirs = shot.model_copy(update={"actions": tuple(action for action in shot.actions if action.actor not in creatures)})
    played = plan(theirs, people, lines, stage, prop_kinds, others) if people else {}
    return {mark.character: (others | played)[mark.character] for mark in shot.marks}
