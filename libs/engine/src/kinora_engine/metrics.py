"""The engines' own metrics, in Triton's text: what it counts itself says that every error of a stream was a success."""

from dataclasses import dataclass
from typing import Any, get_args

from .answering import Outcome

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_SECONDS = (0.1, 0.3, 1, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)


@dataclass(frozen=True)
class Family:
    """`kind` as Triton's MetricKind names it; besides `labels` each has the labels model and instance."""

    name: str
    kind: str
    description: str
    labels: tuple[str, ...] = ()


REQUESTS = Family("kinora_engine_requests_total", "COUNTER", "Requests answered, by how they ended", ("outcome",))
SECONDS = Family("kinora_engine_seconds", "HISTOGRAM", "Seconds from a request's beginning to its end, by how it ended", ("outcome",))
STEPS = Family("kinora_engine_steps_total", "COUNTER", "Frames drawn, or steps of denoising done")
IN_FLIGHT = Family("kinora_engine_in_flight", "GAUGE", "Requests being answered")
FAMILIES = (REQUESTS, SECONDS, STEPS, IN_FLIGHT)


class Metrics:
    """Those of one instance; all are there from the beginning, so that a rate is right from the first event on."""

    def __init__(self, backend: Any, model: str, instance: str) -> None:
        """`backend` is triton_python_backend_utils."""
        labels = {"model": model, "instance": instance}
        made = {
            f.name: backend.MetricFamily(name=f.name, description=f.description, kind=getattr(backend.MetricFamily, f.kind))
            for f in FAMILIES
        }
        self._families = made  # they live as long as they are held
        self._requests = {end: made[REQUESTS.name].Metric(labels=labels | {"outcome": end}) for end in OUTCOMES}
        self._seconds = {end: made[SECONDS.name].Metric(labels=labels | {"outcome": end}, buckets=list(_SECONDS)) for end in OUTCOMES}
        self._steps, self._in_flight = (made[family.name].Metric(labels=labels) for family in (STEPS, IN_FLIGHT))

    def began(self) -> None:
        self._in_flight.set(1)

    def count(self, steps: int) -> None:
        self._steps.increment(steps)

    def ended(self, outcome: Outcome, seconds: float) -> None:
        self._requests[outcome].increment(1)
        self._seconds[outcome].observe(seconds)
        self._in_flight.set(0)
