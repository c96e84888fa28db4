"""What is told of an engine, how Kubernetes writes it, and when a pool is woken or put to sleep. Pure."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kinora_kit.errors import InvalidArgument, NotFound
from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class Backlog:
    """What one engine has before it. Engine seconds are estimates, the wait counts from submission."""

    jobs_waiting: int
    jobs_running: int
    waiting_engine_seconds: float
    running_engine_seconds: float
    wait_p95_seconds: float

    @property
    def engine_seconds(self) -> float:
        return self.waiting_engine_seconds + self.running_engine_seconds


METRICS: Mapping[str, Callable[[Backlog], float]] = {
    "kinora_engine_seconds": lambda backlog: backlog.engine_seconds,
    "kinora_wait_p95_seconds": lambda backlog: backlog.wait_p95_seconds,
    "kinora_jobs_waiting": lambda backlog: backlog.jobs_waiting,
}
"""By the names under which an autoscaler asks for them."""


class NoSuchMetric(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no metric {name}; there are: {', '.join(METRICS)}")


class NoSuchEngine(NotFound):
    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no engine {name}; there are: {', '.join(known)}")


class BadSelector(InvalidArgument):
    def __init__(self, selector: str) -> None:
        super().__init__(f"{selector!r} selects no engines: the label is engine, as in engine=world-1 or engine in (world-1,ltx-2)")


# --- How Kubernetes writes it -------------------------------------------------------------------------------------------------


def quantity(value: float) -> str:
    """A Kubernetes quantity, exact to a thousandth: "12", "1500m". Raises ValueError for what is no count of anything."""
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{value} is no quantity")
    thousandths = round(value * 1000)
    return f"{thousandths}m" if thousandths % 1000 else str(thousandths // 1000)


_SELECTOR = re.compile(r"\s*engine\s*(?:==?\s*(?P<one>[\w.-]+)|\s+in\s*\((?P<some>[\w\s.,-]+)\))\s*")


def selected(selector: str, known: Iterable[str]) -> list[str]:
    """The engines that a label selector names; all of them where it is empty. Raises BadSelector, NoSuchEngine."""
    if not selector.strip():
        return list(known)
    found = _SELECTOR.fullmatch(selector)
    if found is None:
        raise BadSelector(selector)
    named = [name.strip() for name in (found["one"] or found["some"]).split(",")]
    for name in named:
        if name not in known:
            raise NoSuchEngine(name, known)
    return named


# --- Waking and putting to sleep ----------------------------------------------------------------------------------------------


class Pool(BaseModel):
    """The Deployment of one engine's workers. With a minimum of zero it sleeps after `idle_s` seconds without any work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: str
    min: int = Field(default=1, ge=0)
    idle_s: float = Field(default=300.0, ge=0)


def wanted(pool: Pool, replicas: int, backlog: Backlog, idle_s: float) -> int:
    """How many replicas it should have. All but the first and the last are the autoscaler's business."""
    if replicas == 0 and backlog.jobs_waiting:
        return max(1, pool.min)
    if replicas and pool.min == 0 and not backlog.jobs_waiting and not backlog.jobs_running and idle_s >= pool.idle_s:
        return 0
    return replicas
