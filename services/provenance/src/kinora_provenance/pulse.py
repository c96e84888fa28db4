"""Work on a thread cannot be cancelled from outside: it looks, at each beat, whether it is still wanted."""

import threading
import time


class Stopped(Exception):
    """Nobody waits for this work any more."""


class Pulse:
    """One thread calls `beat` as it gets on; others see how long it has been silent, and `stop` it."""

    def __init__(self) -> None:
        self._stopped, self._last = threading.Event(), time.monotonic()

    def beat(self) -> None:
        """Raises Stopped."""
        self._last = time.monotonic()
        if self._stopped.is_set():
            raise Stopped

    def stop(self) -> None:
        self._stopped.set()

    @property
    def silent_s(self) -> float:
        return time.monotonic() - self._last
