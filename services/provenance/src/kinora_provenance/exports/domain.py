"""What an export may be. Pure."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from kinora_kit.identity import Identity

LEAST_SIDE, LEAST_S = 144, 0.5
PREVIEW_FPS, PREVIEW_S, PREVIEW_SIDE, PREVIEW_SIDE_MOST = 12, 15.0, 270, 480


class BadField(InvalidArgument):
    """A field of the request is wrong; `param` names it."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class ExportNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such export; it may have expired, and can be made again.", param="export_id")


class VideoNotCompleted(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__("The video is not finished; only a finished one can be exported.", param="video_id")


class FilmGone(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__("The video's file is gone; it cannot be exported any more.", param="video_id")


class UnmarkedNotAllowed(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("This platform marks every export visibly; leave out visible_mark.", param="without_visible_mark")


class TooManyExports(ResourceExhausted):
    def __init__(self, most: int) -> None:
        super().__init__(f"{most} of your exports already wait; wait for one to be finished.", limit=str(most))


class Format(StrEnum):
    """As stored; also the file's ending, but for FMP4."""

    MP4 = "mp4"
    FMP4 = "fmp4"
    WEBM = "webm"
    GIF = "gif"
    WEBP = "webp"

    @property
    def is_preview(self) -> bool:
        return self in {Format.GIF, Format.WEBP}

    @property
    def content_type(self) -> str:
        return _TYPES[self]

    @property
    def suffix(self) -> str:
        return "mp4" if self is Format.FMP4 else self.value

    @property
    def bears_c2pa(self) -> bool:
        """The standard knows no place for it in WebM."""
        return self is not Format.WEBM


_TYPES = {
    Format.MP4: "video/mp4",
    Format.FMP4: "video/mp4",
    Format.WEBM: "video/webm",
    Format.GIF: "image/gif",
    Format.WEBP: "image/webp",
}


@dataclass(frozen=True)
class Facts:
    """Of the sealed film."""

    width: int
    height: int
    fps: Fraction
    pictures: int

    @property
    def seconds(self) -> float:
        return float(self.pictures / self.fps)

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)

    def snapped(self, at_s: float) -> float:
        """To the nearest picture."""
        return float(round(at_s * self.fps) / self.fps)


@dataclass(frozen=True)
class Wish:
    """What an export is to be, checked against the film: `start_s` and `end_s` lie on pictures."""

    format: Format
    start_s: float
    end_s: float
    short_side: int


@dataclass(frozen=True)
class Export:
    """As stored. `credit` is how the maker is named in the visible mark, "@ada" or empty. `film_sha256` is the sealed film's."""

    id: str
    account_id: str
    video_id: str
    film_sha256: str
    format: Format
    start_s: float
    end_s: float
    short_side: int
    visible_mark: bool
    credit: str
    state: str
    content_type: str
    sha256: str
    manifest_label: str
    progress: int
    error: str
    key: str
    size_bytes: int
    created_at: datetime
    completed_at: datetime | None
    expires_at: datetime | None


def wish(facts: Facts, kind: Format, start_s: float, end_s: float, short_side: int) -> Wish:
    """Raises BadField."""
    start, end = _span(facts, kind, start_s, end_s)
    return Wish(kind, start, end, _side(facts, kind, short_side))


def _span(facts: Facts, kind: Format, start_s: float, end_s: float) -> tuple[float, float]:
    length, frame = facts.seconds, float(1 / facts.fps)
    for name, value in (("start_s", start_s), ("end_s", end_s)):
        if not math.isfinite(value) or value < 0:
            raise BadField(name, f"{value} is no time; give seconds from 0 to {length:g}.")
        if value > length + frame / 2:
            raise BadField(name, f"{value:g} s lies beyond the end: the video lasts {length:g} s.")
    start = facts.snapped(start_s)
    end = facts.snapped(min(end_s or _end(kind, start, length), length))
    if end - start < LEAST_S - frame / 2:
        # Nobody gave an end when it is the start that lies too near to the film's.
        raise BadField(
            "end_s" if end_s else "start_s", f"From {start:g} to {end:g} s is too short; an export lasts {LEAST_S:g} s at least."
        )
    if kind.is_preview and end - start > PREVIEW_S + frame / 2:
        raise BadField("end_s", f"A preview lasts {PREVIEW_S:g} s at most; from {start:g} to {end:g} s is longer.")
    return start, end


def _end(kind: Format, start: float, length: float) -> float:
    return min(length, start + PREVIEW_S) if kind.is_preview else length


def _side(facts: Facts, kind: Format, asked: int) -> int:
    most = min(facts.short_side, PREVIEW_SIDE_MOST) if kind.is_preview else facts.short_side
    if not asked:
        return min(facts.short_side, PREVIEW_SIDE) if kind.is_preview else facts.short_side
    if asked % 2 or not min(LEAST_SIDE, most) <= asked <= most:
        raise BadField("short_side", f"{asked} does not fit; an even number from {min(LEAST_SIDE, most)} to {most} pixels does.")
    return asked


def size(facts: Facts, short_side: int) -> tuple[int, int]:
    """Width and height, both even."""
    scale = short_side / facts.short_side
    return round(facts.width * scale / 2) * 2, round(facts.height * scale / 2) * 2


def may_leave_mark_out(caller: Identity, policy: str) -> bool:
    """`policy` is "nobody", "operators" or "everybody"."""
    return policy == "everybody" or (policy == "operators" and caller.role == "operator")
