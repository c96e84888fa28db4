"""Keeping a lease while work goes on: a process that dies loses its own within seconds, and another one takes the work up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kinora_provenance.pulse import Pulse


@dataclass
class Terms:
    """A lease of `lease_s`, renewed every `renew_s`, as long as the work is not silent for `silence_s`: no step takes so long."""

    lease_s: float = 15.0
    renew_s: float = 1.0
    silence_s: float = 180.0


@asynccontextmanager
async def kept(terms: Terms, pulse: Pulse, renew: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
    """`renew` says whether the lease is still ours. Work that outlives it (the database is away, what it is for was deleted) ends with
    TimeoutError, on its thread at the next beat.
    """
    async with asyncio.timeout(terms.lease_s) as limit:
        keeping = asyncio.create_task(_keep(terms, pulse, renew, limit))
        try:
            yield
        finally:
            pulse.stop()
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def _keep(terms: Terms, pulse: Pulse, renew: Callable[[], Awaitable[bool]], limit: asyncio.Timeout) -> None:
    clock = asyncio.get_running_loop().time
    while pulse.silent_s < terms.silence_s:
        await asyncio.sleep(min(terms.renew_s, terms.lease_s / 3))
        asked_at = clock()
        limit.reschedule(asked_at + terms.lease_s if await renew() else asked_at)
