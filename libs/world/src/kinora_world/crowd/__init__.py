"""People in the background who take no part: a few bodies of few triangles, shared by many, that stand about, walk past or cheer."""

from kinora_world.crowd.gathering import gather
from kinora_world.crowd.mass import Mass

__all__ = ["Mass", "gather"]
