"""A new session, for adults who have just proved who they are, as long as they have tries left."""

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit
from kinora_identity.domain import AccountNotFound, AdultsOnly, require_stepped_up
from kinora_identity.liveness import store, wire
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.domain import Item, LivenessPaused
from kinora_identity.store import lock_account


async def start(desk: Desk, caller: Identity, request: pb.StartLivenessRequest) -> pb.StartLivenessResponse:
    """Raises AdultsOnly, StepUpNeeded, LivenessPaused, and what likeness says of the language."""
    if caller.age_band != "adult":
        raise AdultsOnly("Only adults lend their likeness.")
    require_stepped_up(caller)
    needs = wire.needs(request.needs)
    made = await desk.likeness.make_challenge(request.language, needs)
    items = [Item(after_s=item.after_s, prompt=item.prompt, word=item.word, move=item.move) for item in made.items]

    async def do() -> pb.StartLivenessResponse:
        await _make_way(desk, tx, caller.account_id)
        session = await store.add(
            tx, account_id=caller.account_id, language=request.language or "en", needs=needs, challenge_json=made.challenge_json,
            items=items, ends_s=made.ends_s, seconds=desk.settings.liveness_capture_s * (2 if "slow" in needs else 1),
        )  # fmt: skip
        seen = await desk.seen(tx, session)
        await audit.add(tx, caller.account_id, "liveness.started", caller.account_id, session=session.id)
        return pb.StartLivenessResponse(session=seen)

    async with desk.database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="StartLiveness", request=request, reply=pb.StartLivenessResponse, do=do)


async def _make_way(desk: Desk, tx: AsyncConnection, account_id: str) -> None:
    """One at a time: who starts in parallel waits here."""
    if not await lock_account(tx, account_id):
        raise AccountNotFound("There is no such account.")
    await store.supersede(tx, account_id)
    if await desk.tries_left(tx, account_id):
        return
    most = desk.settings.liveness_tries
    failed = await store.failures(tx, account_id, pause_s=desk.settings.liveness_pause_s, limit=most)
    if len(failed) < most:
        raise LivenessPaused("Your latest recordings are still being looked at. Wait for what becomes of them.")
    until = failed[-1]
    raise LivenessPaused(f"{most} tries came to nothing. You can try again at {until:%H:%M} UTC.", until=str(int(until.timestamp())))
