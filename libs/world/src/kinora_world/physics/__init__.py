"""Rigid bodies: what is thrown, kicked, dropped and knocked over, and every collision that can be heard."""

from kinora_world.physics.breaking import shatter
from kinora_world.physics.falling import let_fall
from kinora_world.physics.placement import place
from kinora_world.physics.simulate import simulate

__all__ = ["let_fall", "place", "shatter", "simulate"]
