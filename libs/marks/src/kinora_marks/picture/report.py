"""What was found of a mark in a clip's pictures."""

from dataclasses import dataclass

from kinora_marks.picture.warps import UPRIGHT, Pose


@dataclass(frozen=True)
class Geometry:
    """How the marked picture lies in the clip: pixels of the clip for a reference pixel, across and down, over those of an unchanged
    picture; mirrored or not; how it is turned and tilted.
    """

    across: float = 1.0
    down: float = 1.0
    flipped: bool = False
    pose: Pose = UPRIGHT


@dataclass(frozen=True)
class Segment:
    """Some seconds of the clip; `score` is by how many standard deviations the mark is there, `marked` whether that is beyond chance."""

    start_s: float
    end_s: float
    score: float
    marked: bool


@dataclass(frozen=True)
class PictureMark:
    """An id, which key made it, how sure it is (`score` as in `payload.Reading`), where it lies and in which seconds."""

    identity: int
    key: int
    score: float
    geometry: Geometry
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class PictureReport:
    """`mark` is None where nothing was read. `readings` counts the tries, from which `payload.false_match_bound` follows; `pilots` is the
    best pilots' score: beyond 8 something is marked with these keys, though it may not be readable.
    """

    mark: PictureMark | None
    readings: int
    pilots: float
