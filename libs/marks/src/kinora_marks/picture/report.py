"""What was found of a mark in a clip's pictures."""

from dataclasses import dataclass

from kinora_marks import report
from kinora_marks.picture.warps import UPRIGHT, Pose


@dataclass(frozen=True)
class Geometry:
    """How the marked picture lies in the clip's first one: pixels of the clip for a reference pixel, across and down, over those of an
    unchanged picture; mirrored or not; how it is turned and tilted. Marks zoom with the camera: of an excerpt sizes may be a quarter off.
    """

    across: float = 1.0
    down: float = 1.0
    flipped: bool = False
    pose: Pose = UPRIGHT


@dataclass(frozen=True)
class PictureMark(report.Mark):
    """With where it lies."""

    geometry: Geometry


@dataclass(frozen=True)
class PictureReport(report.Report):
    """`mark` is None where nothing was read. `pilots` is the best pilots' score: beyond 8 something is marked with these keys, though it
    may not be readable.
    """

    mark: PictureMark | None
    pilots: float
