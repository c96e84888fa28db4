"""An approved session gives one likeness."""

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.idempotency import check_request_id
from kinora_kit.identity import Identity

from kinora_identity.domain import AccountNotFound, ServicesOnly
from kinora_identity.liveness import metrics, store
from kinora_identity.liveness.desk import Desk, own
from kinora_identity.liveness.domain import Liveness, LivenessNotApproved, LivenessUsed
from kinora_identity.store import get_account


async def redeem(desk: Desk, caller: Identity, request: pb.RedeemLivenessRequest) -> pb.RedeemLivenessResponse:
    """Raises LivenessNotFound, LivenessNotApproved and LivenessUsed. Not even an operator has a right to a likeness."""
    if caller.role != "service":
        raise ServicesOnly("Only Kinora's own services may do this.")
    check_request_id(request)
    async with desk.database.begin() as tx:
        session = await own(tx, request.account_id, request.session_id, lock=True)
        _require_redeemable(session, request.request_id)
        account = await get_account(tx, session.account_id)
        if account is None:
            raise AccountNotFound("There is no such account.", param="account_id")
        if not await store.is_kept(tx, session.clip_key):
            raise LivenessUsed("The recording of this session is gone; start another.", param="session_id")
        used = await store.use(tx, session.id, request.request_id)
    if session.state != "used":
        metrics.note(used)
    return pb.RedeemLivenessResponse(clip_key=session.clip_key, account_handle=account.handle)


def _require_redeemable(session: Liveness, request_id: str) -> None:
    if session.state == "used" and session.redeemed_by != request_id:
        raise LivenessUsed("This session has given its likeness; start another.", param="session_id")
    if session.state not in {"approved", "used"}:
        raise LivenessNotApproved("This session is not approved, or was for too long.", param="session_id")
