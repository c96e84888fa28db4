"""The rules of jobs: which states follow which, whose turn it is, when to try again, how long things take. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a video stands. Users see RUNNING and SEALING alike as "in progress"."""

    QUEUED = "queued"
    RUNNING = "running"
    SEALING = "sealing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


_NEXT: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.FAILED, State.CANCELLED}),
    State.RUNNING: frozenset({State.QUEUED, State.SEALING, State.FAILED, State.CANCELLED}),
    State.SEALING: frozenset({State.COMPLETED, State.FAILED, State.CANCELLED}),
    State.COMPLETED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}


def ended(state: State) -> bool:
    return not _NEXT[state]


def may_become(state: State, to: State) -> bool:
    return to in _NEXT[state]


@dataclass(frozen=True)
class NewVideo:
    """A checked and directed video that is to be queued. `work` is in megapixel-seconds, `estimate` in engine seconds."""

    id: str
    account_id: str
    model: str
    prompt: str
    negative_prompt: str
    width: int
    height: int
    fps: int
    duration: float
    seconds: int
    seed: int
    storyboard: str
    notes: tuple[str, ...]
    first_frame_key: str
    remixed_from: str
    passes: tuple[str, ...] = ()

    @property
    def work(self) -> float:
        return work(self.width, self.height, self.duration, self.passes)


@dataclass(frozen=True)
class Video:
    """A video as stored. Times are Unix seconds, 0 when not yet; `elapsed` is seconds since its engine was asked."""

    id: str
    account_id: str
    model: str
    prompt: str
    negative_prompt: str
    width: int
    height: int
    fps: int
    duration: float
    seconds: int
    seed: int
    storyboard: str
    notes: tuple[str, ...]
    first_frame_key: str
    remixed_from: str
    passes: tuple[str, ...]
    traceparent: str
    estimate: float
    state: State
    created_at: int
    ended_at: int
    elapsed: float
    revision: int
    fraction: float
    stage: str
    preview_revision: int
    attempts: int
    losses: int
    attempt_id: str
    error_code: str
    error_message: str
    raw_key: str
    video_key: str
    thumbnail_key: str
    spritesheet_key: str
    captions_key: str
    descriptions_key: str
    events_key: str
    depth_key: str
    segmentation_key: str
    motion_key: str
    pose_key: str
    passes_key: str

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def folder(self) -> str:
        """Media folder of all its files."""
        return f"videos/{self.id}"

    @property
    def attempt_folder(self) -> str:
        """Media folder of the files of the attempt in progress or last made, without a trailing slash."""
        return f"{self.folder}/{self.attempt_id}"


# --- Whose turn: start-time fair queueing (Goyal, Vin, Cheng 1996), one tag per account ---------------------------------------
# Served next is the oldest job of the account with the smallest tag. The virtual time is the largest tag ever served.


def joined(tag: float, virtual_time: float) -> float:
    """An account's tag when it starts to wait. Idleness earns no credit, and another's backlog costs it nothing."""
    return max(tag, virtual_time)


def charged(tag: float, engine_seconds: float, weight: float) -> float:
    """An account's tag after engine time was given to it, or taken back when negative."""
    return tag + engine_seconds / weight


# --- Trying again -------------------------------------------------------------------------------------------------------------


def retry_delay(losses: int, *, base_s: float) -> float:
    """Seconds to wait after the `losses`-th engine loss: doubling from `base_s`, at most a minute."""
    return min(60.0, base_s * 2.0 ** (losses - 1))


# --- How long -----------------------------------------------------------------------------------------------------------------


_DRAWN_PASSES = frozenset({"depth", "segmentation", "motion"})
_PASSES_COST = 1.2  # of the film's own: measured on four seconds at 640x360; one drawn pass costs hardly less than three


def work(width: int, height: int, duration_s: float, passes: Sequence[str] = ()) -> float:
    """Megapixel-seconds of a clip, those of its passes among them: what engine time is proportional to."""
    return width * height / 1e6 * duration_s * (1 + _PASSES_COST * (not _DRAWN_PASSES.isdisjoint(passes)))


def refined(rate: float, engine_seconds: float, work_done: float) -> float:
    """Engine seconds per megapixel-second after one more finished job; a fifth of the weight is on the newest."""
    return 0.8 * rate + 0.2 * engine_seconds / work_done


def remaining(estimate_s: float, elapsed_s: float, fraction: float) -> float:
    """Seconds a running job still needs: by its own pace once that shows, by the estimate before; at least one."""
    if fraction >= 0.1:
        return max(1.0, elapsed_s * (1 - fraction) / fraction)
    return max(1.0, estimate_s - elapsed_s)


@dataclass(frozen=True)
class Place:
    """Where a queued video stands among those that wait for the same engine."""

    ahead: int
    seconds_ahead: float
    engines_busy: int

    def eta_s(self, estimate_s: float) -> int:
        """Seconds until finished, if as many engines serve as are busy now."""
        return math.ceil(self.seconds_ahead / max(1, self.engines_busy) + estimate_s)
