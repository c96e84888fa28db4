"""Few look at once: each takes a core for seconds and up to a gigabyte."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from prometheus_client import Counter, Gauge

from kinora_kit.errors import ResourceExhausted

Result = TypeVar("Result")


@dataclass(frozen=True)
class SlotMetrics:
    """How many there are, how many are in use, and who was turned away."""

    total: Gauge
    in_use: Gauge
    missed: Counter


class Slots:
    """A slot is free again when the work has ended, not when whoever asked for it has left: its sandbox runs until then."""

    def __init__(self, count: int, wait_s: float, *, taken: Callable[[], ResourceExhausted], metrics: SlotMetrics) -> None:
        """`taken` makes the error for who waited `wait_s` seconds for nothing."""
        self._free = asyncio.Semaphore(count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="slot")
        self._wait_s, self._taken, self._metrics = wait_s, taken, metrics
        metrics.total.set(count)

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, called on a thread. Raises the error of `taken` when no slot is free in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError as late:
            self._metrics.missed.inc()
            raise self._taken() from late
        self._metrics.in_use.inc()
        working = asyncio.get_running_loop().run_in_executor(self._threads, work)
        working.add_done_callback(self._ended)
        return await asyncio.shield(working)

    def _ended(self, working: "asyncio.Future[Result]") -> None:
        self._free.release()
        self._metrics.in_use.dec()
        if not working.cancelled():
            working.exception()  # seen, where nobody waits for it any more
