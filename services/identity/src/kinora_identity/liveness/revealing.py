"""Items are told one by one, each at its moment, and nothing of them before."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from kinora.identity.v1 import liveness_service_pb2 as pb

from kinora_identity.liveness import store, wire
from kinora_identity.liveness.desk import Desk, own
from kinora_identity.liveness.domain import CaptureFailed, Liveness, LivenessOver


def clock() -> float:
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def open_capture(desk: Desk, account_id: str, session_id: str, path: str) -> AsyncIterator[Liveness]:
    """Broken off when the block fails or is cancelled. Raises LivenessNotFound, and LivenessOver for all but the first."""
    # A task of its own: whoever goes away while it commits has opened all the same, and then it must be broken off.
    opening = asyncio.create_task(_open(desk, account_id, session_id, path))
    try:
        yield await asyncio.shield(opening)
    except BaseException as error:
        code = error.code if isinstance(error, CaptureFailed) else "CAPTURE_BROKEN_OFF"
        await asyncio.shield(_break_off(desk, opening, code))
        raise


async def _open(desk: Desk, account_id: str, session_id: str, path: str) -> Liveness:
    async with desk.database.begin() as tx:
        opened = await store.open_capture(tx, session_id, account_id, path)
        if opened is None:
            await own(tx, account_id, session_id)
            raise LivenessOver("This session has had its one capture, or has ended; start another.", param="session_id")
        return opened


async def _break_off(desk: Desk, opening: asyncio.Task[Liveness], code: str) -> None:
    await asyncio.wait([opening])
    if not opening.cancelled() and opening.exception() is None:
        await desk.break_off(opening.result().id, code)


async def prompts(
    desk: Desk, session: Liveness, began: float, until: Callable[[float], Awaitable[None]]
) -> AsyncGenerator[pb.Prompt, None]:
    """Ends when the last item does. `began` and what `until` waits for are times of `clock`. Raises LivenessOver."""
    revealed: list[float] = []
    for number, item in enumerate(session.items):
        await until(began + item.after_s)
        await _note(desk, session, [*revealed, clock() - began])
        revealed.append(clock() - began)
        yield wire.prompt(number, len(session.items), item)
    await until(began + session.ends_s)
    await _note(desk, session, revealed, stopped=True)


async def _note(desk: Desk, session: Liveness, reveals: list[float], *, stopped: bool = False) -> None:
    """Lasting before anything is told: what was revealed counts as a try, whatever happens then."""
    async with desk.database.begin() as tx:
        if await store.reveal(tx, session.id, reveals, stopped=stopped):
            return
        found = await own(tx, session.account_id, session.id)
    if found.state == "capturing":
        raise CaptureFailed("CAPTURE_TOO_LATE")
    raise LivenessOver("This session has ended meanwhile; start another.", param="session_id")
