"""The rules of jobs: which states follow which, whose turn it is, when to try again, how long things take. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SEALED = "sealed"  # folder of what provenance signed, within an attempt's


def folder(video_id: str) -> str:
    """Media folder of all files of a video, without a trailing slash."""
    return f"videos/{video_id}"


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
class Keyframe:
    """A picture to pass through `at_s` seconds after the beginning; `strength` above 0 to 1, the engine's own measure when 0."""

    key: str
    at_s: float
    strength: float


class Source(StrEnum):
    """What a video is made from another for."""

    NONE = ""
    REMIX = "remix"
    EXTEND = "extend"
    FINISH = "finish"


@dataclass(frozen=True)
class NewVideo:
    """A checked and directed video that is to be queued. `work` is in megapixel-seconds.

    `full_size` is that of the film a draft stands for, empty for any other. `source_key` is the take of the video it is made
    from, if the engine keeps takes, and `kept_s` how many seconds of that are taken over as they are.
    """

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
    last_frame_key: str = ""
    keyframes: tuple[Keyframe, ...] = ()
    guidance: str = ""
    loras: tuple[str, ...] = ()
    full_size: str = ""
    source: Source = Source.NONE
    source_key: str = ""
    kept_s: float = 0.0

    @property
    def work(self) -> float:
        return work(self.width, self.height, self.duration - self.kept_s, self.passes)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Media keys of the uploads that steer it."""
        return _pictures(self.first_frame_key, self.last_frame_key, self.keyframes)


@dataclass(frozen=True)
class Priced:
    """What its engine told of a new video before it was queued; see Video."""

    estimate: float
    unit: str
    ai_act_label: str
    rate_key: str
    per_second: float


@dataclass(frozen=True)
class Still:
    """Media keys of a picture, unsigned and signed, and its type."""

    key: str
    sealed_key: str
    content_type: str


@dataclass(frozen=True)
class Video:
    """A video as stored. Times are Unix seconds, 0 when not yet; `elapsed` is seconds since its engine was asked, `age` since
    submission.

    `estimate` is how long an engine was estimated to work on it, and `per_second` how many engine seconds each second of that counts: about
    as many as GPUs work on one film, 1 on CPUs. `engine_seconds` is what it took, 0 until it is rendered.
    """

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
    last_frame_key: str
    keyframes: tuple[Keyframe, ...]
    guidance: str
    loras: tuple[str, ...]
    full_size: str
    source: Source
    source_key: str
    kept_s: float
    traceparent: str
    estimate: float
    unit: str
    ai_act_label: str
    rate_key: str
    per_second: float
    engine_seconds: float
    state: State
    created_at: int
    ended_at: int
    elapsed: float
    age: float
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
    take_key: str
    audio_key: str

    @property
    def cost(self) -> float:
        """Estimated engine seconds."""
        return self.estimate * self.per_second

    @property
    def spent(self) -> float:
        """Engine seconds since its engine was asked."""
        return self.elapsed * self.per_second

    @property
    def work(self) -> float:
        """Megapixel-seconds, as NewVideo.work."""
        return work(self.width, self.height, self.duration - self.kept_s, self.passes)

    @property
    def pictures(self) -> tuple[str, ...]:
        """As NewVideo.pictures."""
        return _pictures(self.first_frame_key, self.last_frame_key, self.keyframes)

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def folder(self) -> str:
        """Media folder of all its files."""
        return folder(self.id)

    @property
    def attempt_folder(self) -> str:
        """Media folder of the files of the attempt in progress or last made, without a trailing slash."""
        return f"{self.folder}/{self.attempt_id}"

    @property
    def sealed_key(self) -> str:
        return f"{self.attempt_folder}/{SEALED}/video.mp4"

    @property
    def stills(self) -> dict[str, Still]:
        """The pictures beside the film that the engine made, by the column of their keys."""
        made = {
            "thumbnail_key": Still(self.thumbnail_key, f"{self.attempt_folder}/{SEALED}/thumbnail.webp", "image/webp"),
            "spritesheet_key": Still(self.spritesheet_key, f"{self.attempt_folder}/{SEALED}/spritesheet.jpg", "image/jpeg"),
        }
        return {column: still for column, still in made.items() if still.key}


def _pictures(first: str, last: str, between: Sequence[Keyframe]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in (first, *(frame.key for frame in between), last) if key))


# --- Whose turn: start-time fair queueing (Goyal, Vin, Cheng 1996), one tag per account and engine ----------------------------
# Served next is the oldest job of the account with the smallest tag. The virtual time is the largest tag ever served.
# Each engine is a server of its own, with its own tags and clock: seconds of GPUs and CPUs have no common measure, and with one clock
# for all, tags that ran ahead at a fast pool would have whoever joins a slow one wait until its other accounts have caught up.


def joined(tag: float, virtual_time: float) -> float:
    """An account's tag when it starts to wait. Idleness earns no credit, and another's backlog costs it nothing."""
    return max(tag, virtual_time)


def charged(tag: float, engine_seconds: float, weight: float) -> float:
    """An account's tag after engine time was given to it, or taken back when negative."""
    return tag + engine_seconds / weight


# --- Engine seconds -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One video's line in the ledger. Once it has ended, reserved = settled + refunded; before, nothing is settled or refunded."""

    reserved: float
    settled: float = 0.0
    refunded: float = 0.0

    def ended(self, took: float) -> "Entry":
        """What was taken is settled and the rest given back; what was missing is reserved after the fact."""
        reserved = max(self.reserved, took)
        return Entry(reserved, took, reserved - took)


def took(unit: str, gpu_seconds: float, elapsed: float) -> float:
    """Engine seconds of a rendered video: what an engine on GPUs counted, else how long it had it."""
    counted = unit == "gpu_second" and math.isfinite(gpu_seconds) and gpu_seconds > 0
    return gpu_seconds if counted else elapsed


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


@dataclass(frozen=True)
class Rate:
    """How an engine works: seconds per megapixel-second, and engine seconds per second (see Video.per_second)."""

    rate: float
    per_second: float = 1.0

    def refined(self, elapsed: float, work_done: float, engine_seconds: float) -> "Rate":
        """After one more finished job; a fifth of the weight is on the newest."""
        return Rate(0.8 * self.rate + 0.2 * elapsed / work_done, 0.8 * self.per_second + 0.2 * engine_seconds / elapsed)


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

    @property
    def wait_s(self) -> float:
        """Seconds until its turn, if as many engines serve as are busy now."""
        return self.seconds_ahead / max(1, self.engines_busy)

    def eta_s(self, estimate_s: float) -> int:
        """Seconds until finished, likewise."""
        return math.ceil(self.wait_s + estimate_s)


@dataclass(frozen=True)
class Backlog:
    """What one engine has before it. Engine seconds are estimates; waits count from submission, of those that wait now."""

    model: str
    jobs_waiting: int = 0
    jobs_running: int = 0
    waiting_engine_seconds: float = 0.0
    running_engine_seconds: float = 0.0
    wait_p95_seconds: float = 0.0
    oldest_wait_seconds: float = 0.0
