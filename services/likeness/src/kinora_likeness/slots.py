"""Few look at once: each takes a core for seconds and up to a gigabyte."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kinora_likeness import metrics
from kinora_likeness.domain import AllSlotsTaken

Result = TypeVar("Result")


class Slots:
    """A slot is free again when the work has ended, not when whoever asked for it has left: its sandbox runs until then."""

    def __init__(self, count: int, wait_s: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="likeness")
        self._wait_s = wait_s
        metrics.SLOTS.set(count)

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, called on a thread. Raises AllSlotsTaken when no slot is free in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                await self._free.acquire()
        except TimeoutError as late:
            metrics.SLOTS_MISSED.inc()
            raise AllSlotsTaken from late
        metrics.SLOTS_IN_USE.inc()
        working = asyncio.get_running_loop().run_in_executor(self._threads, work)
        working.add_done_callback(self._ended)
        return await asyncio.shield(working)

    def _ended(self, working: "asyncio.Future[Result]") -> None:
        self._free.release()
        metrics.SLOTS_IN_USE.dec()
        if not working.cancelled():
            working.exception()  # seen, where nobody waits for it any more
