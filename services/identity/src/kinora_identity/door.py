"""Who may sign up now."""

from kinora.identity.v1 import entry_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition, InvalidArgument
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, entry_store
from kinora_identity.domain import require_operator

MODES = {"invite": pb.DOOR_MODE_INVITE, "open": pb.DOOR_MODE_OPEN, "closed": pb.DOOR_MODE_CLOSED}
_log = log.get("kinora.identity")


class DoorModeInvalid(InvalidArgument):
    pass


class DoorClosed(FailedPrecondition):
    pass


class InviteMissing(InvalidArgument):
    pass


class InviteInvalid(InvalidArgument):
    pass


async def get_door(database: Database) -> pb.GetDoorResponse:
    async with database.begin() as tx:
        return pb.GetDoorResponse(mode=MODES[await entry_store.door(tx)])


async def set_door(database: Database, caller: Identity, request: pb.SetDoorRequest) -> pb.SetDoorResponse:
    require_operator(caller)
    mode = next((name for name, number in MODES.items() if number == request.mode), None)
    if mode is None:
        raise DoorModeInvalid(f"mode must be one of {', '.join(MODES)}.", param="mode")

    async def do() -> pb.SetDoorResponse:
        await entry_store.set_door(tx, mode)
        await audit.add(tx, caller.account_id, "door.set", "door", mode=mode)
        _log.info("door.set", mode=mode)
        return pb.SetDoorResponse(mode=request.mode)

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="SetDoor", request=request, reply=pb.SetDoorResponse, do=do)


async def require_way_in(tx: AsyncConnection, code: str) -> None:
    """Raises DoorClosed, InviteMissing and InviteInvalid."""
    mode = await entry_store.door(tx)
    if mode == "closed":
        raise DoorClosed("Nobody can sign up at present.")
    if mode == "invite" and not code:
        raise InviteMissing("Signing up needs an invite at present; join the waitlist to get one.", param="invite_code")
    if code and not await entry_store.is_free(tx, code):
        raise InviteInvalid("This invite is unknown or used.", param="invite_code")
