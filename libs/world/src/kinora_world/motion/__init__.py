"""Motion: a shot's actions and lines become performances, pure functions of time."""

from kinora_world.motion.catalogue import ActionKind, UnknownVerb, action_kinds, kind_of
from kinora_world.motion.performance import SampledPerformance
from kinora_world.motion.plan import plan
from kinora_world.motion.rehearse import rehearse

__all__ = ["ActionKind", "SampledPerformance", "UnknownVerb", "action_kinds", "kind_of", "plan", "rehearse"]
