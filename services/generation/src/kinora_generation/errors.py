"""Why a request cannot be served, one class per reason."""

from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, Unavailable


class NoSuchVideo(NotFound):
    """It does not exist, was deleted, or is another's: the caller cannot tell which."""

    def __init__(self) -> None:
        super().__init__("No such video", param="video_id")


class BadField(InvalidArgument):
    """A field of the request is wrong; `param` names it."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class ModeratorsOnly(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("Only moderators and operators may do this, with the scope admin, and stepped up when signed in.")


class ServicesOnly(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("Only services of this Kinora may ask this.")


class QueueFull(ResourceExhausted):
    """The account has as many videos waiting as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} of your videos already wait; wait for one to start, or cancel one", limit=str(limit))


class BudgetExceeded(ResourceExhausted):
    """The account has spent or reserved what it may in a day; `left` engine seconds, and whole again at `renews_at` (Unix seconds)."""

    def __init__(self, unit: str, wanted: float, left: float, budget: float, renews_at: int) -> None:
        what = "GPU" if unit == "gpu_second" else "CPU"
        super().__init__(
            f"This needs about {wanted:,.0f} {what} seconds, and {left:,.0f} of today's {budget:,.0f} are left; they are whole again at "
            "midnight UTC. Shorter, smaller or as a draft it needs less",
            left=f"{left:.0f}",
            renews_at=str(renews_at),
        )


class VideoNotCompleted(FailedPrecondition):
    """What was asked needs a completed video."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The video is {state}; this needs a completed one", param="video_id")


class WatchInterrupted(Unavailable):
    """The replica that was asked shuts down; the video goes on."""

    def __init__(self) -> None:
        super().__init__("This server restarts; watch again")


class LeaseLost(Exception):
    """The job is no longer this worker's: it was cancelled, deleted, or retaken after its lease ran out. Never leaves the service."""
