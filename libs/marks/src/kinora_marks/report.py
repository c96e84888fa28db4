"""What was found of marks: what reports on the picture and on the sound have in common."""

from dataclasses import dataclass

from kinora_marks import payload


@dataclass(frozen=True)
class Segment:
    """Some seconds; `score` is by how many standard deviations the mark is there, `marked` whether that is beyond chance."""

    start_s: float
    end_s: float
    score: float
    marked: bool = True


@dataclass(frozen=True)
class Mark:
    """An id, which key made it, how sure it is (`score` as in `payload.Reading`), and in which seconds."""

    identity: int
    key: int
    score: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Report:
    """`readings` counts the tries."""

    readings: int

    def false_match_bound(self, known: int) -> float:
        """At most so likely would chance alone have given one of `known` ids in as many readings."""
        return payload.false_match_bound(max(1, self.readings), known)
