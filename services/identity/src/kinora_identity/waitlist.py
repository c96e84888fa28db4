"""Those who wait for an invite. A place is told by mail alone: nobody learns whether another waits."""

from kinora.identity.v1 import entry_service_pb2 as pb
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.errors import NotFound
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_kit.secret import MAIL_TOKEN, digest, new_secret

from kinora_identity import audit, entry_store, letters
from kinora_identity.addresses import check_email
from kinora_identity.domain import require_operator, require_service
from kinora_identity.invites import add_invites, check_count
from kinora_identity.mails import Outgoing

_log = log.get("kinora.identity")


class TicketUnknown(NotFound):
    pass


async def join(database: Database, outgoing: Outgoing, caller: Identity, request: pb.JoinWaitlistRequest) -> None:
    require_service(caller)
    email, ticket = check_email(request.email), new_secret(MAIL_TOKEN)
    async with database.begin() as tx:
        position = await entry_store.join_waitlist(tx, email, digest(ticket))
        if position:  # who was admitted has had another mail
            await outgoing.add(tx, email, letters.place(outgoing.public_url, position, ticket))


async def place(database: Database, caller: Identity, ticket: str) -> tuple[int, int]:
    """Position, 0 once admitted, and how many wait."""
    require_service(caller)
    async with database.begin() as tx:
        found = await entry_store.place(tx, digest(ticket))
    if found is None:
        raise TicketUnknown("This link is not, or no longer, known; join the waitlist again to get another.", param="ticket")
    return found


async def admit(
    database: Database, outgoing: Outgoing, caller: Identity, request: pb.AdmitFromWaitlistRequest
) -> pb.AdmitFromWaitlistResponse:
    require_operator(caller)
    count = check_count(request.count)

    async def do() -> pb.AdmitFromWaitlistResponse:
        addresses = await entry_store.admit(tx, count)
        invites = await add_invites(tx, caller.account_id, len(addresses))
        for address, invite in zip(addresses, invites, strict=True):
            await outgoing.add(tx, address, letters.invite(outgoing.public_url, invite.code))
        await audit.add(tx, caller.account_id, "waitlist.admitted", "waitlist", count=len(addresses))
        _log.info("waitlist.admitted", count=len(addresses))
        return pb.AdmitFromWaitlistResponse(admitted=len(addresses))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="AdmitFromWaitlist", request=request, reply=pb.AdmitFromWaitlistResponse, do=do)
