"""How far marks are searched for in a picture."""

from kinora_marks.picture import Pose, Search

QUICK = Search()
# Filmed off a screen, turned a little, stretched to another shape.
_ASPECTS = (1.0, 0.75, 4 / 3)
_POSES = (Pose(), Pose(2), Pose(-2), Pose(4), Pose(-4), Pose(0, 8), Pose(0, -8), Pose(0, 0, 8), Pose(0, 0, -8))
THOROUGH = Search(aspects=_ASPECTS, poses=_POSES)
