"""What is in the air: rain, smoke, fire, confetti. Every picture is a pure function of the time."""

from kinora_world.effects.plan import Effects, plan_effects
from kinora_world.effects.schema import effect_entries

__all__ = ["Effects", "effect_entries", "plan_effects"]
