"""Keeping in touch with whoever waits: progress out, and a way in for "stop"."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kinora_world.scene import U1

OnProgress = Callable[[float, str, U1 | None], None]
BEAT = 0.25  # s

_T = TypeVar("_T")


class Pulse:
    """Calls `on_progress(fraction, stage, newest frame or None)` often, the fraction never falling. What that raises ends the work."""

    def __init__(self, on_progress: OnProgress | None) -> None:
        self._on_progress = on_progress
        self._fraction, self._stage, self._last = 0.0, "", 0.0

    def tell(self, fraction: float, stage: str, frame: U1 | None = None) -> None:
        """Work has come this far."""
        self._fraction, self._stage, self._last = max(self._fraction, fraction), stage, time.monotonic()
        if self._on_progress:
            self._on_progress(self._fraction, stage, frame)

    def check(self) -> None:
        """Cheap enough for inner loops: speaks up when a beat has passed since the last word."""
        if time.monotonic() - self._last > BEAT:
            self.tell(self._fraction, self._stage)

    def during(self, fraction: float, stage: str, work: Callable[[], _T]) -> _T:
        """The result of `work`, which cannot be interrupted: it runs on a thread of its own and is left to end by itself when stopped."""
        self.tell(fraction, stage)
        outcome: list[_T] = []
        failure: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again by the caller's thread
                failure.append(error)

        thread = threading.Thread(target=run, name="kinora-work", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(BEAT)
            self.check()
        if failure:
            raise failure[0]
        return outcome[0]
