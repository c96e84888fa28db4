"""Motion of animals and other creatures: gaits, postures, voices."""

from kinora_world.motion.creatures.performance import CreaturePerformance
from kinora_world.motion.creatures.plan import plan_creatures

__all__ = ["CreaturePerformance", "plan_creatures"]
