"""The owner's word on who may use a cameo. Each change locks the cameo's row, so that no use slips between it and its effect."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoConsentChanged
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, wire
from kinora_cameo.consent import Route
from kinora_cameo.domain import MAX_PEOPLE, BadField, Cameo, Person, TooManyPeople, check_id, check_limits
from kinora_cameo.own import own
from kinora_cameo.revoking import recheck

_log = log.get("kinora.cameo")


async def change_consent(database: Database, caller: Identity, request: pb.ChangeConsentRequest) -> pb.ChangeConsentResponse:
    """Raises CameoNotFound, CameoWithdrawn, BadField."""
    limits = check_limits(request.limits.texts)

    async def do() -> pb.ChangeConsentResponse:
        cameo = await own(tx, caller, request.cameo_id, Route.MANAGE, lock=True)
        changed = await store.change(
            tx,
            cameo,
            audience=wire.audience(request.audience, cameo.audience),
            strict=request.strict if request.HasField("strict") else cameo.strict,
            limits=limits if request.HasField("limits") else cameo.limits,
        )
        await took_effect(tx, changed, changed.grant_id)
        return pb.ChangeConsentResponse(cameo=wire.cameo(changed))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="ChangeConsent", request=request, reply=pb.ChangeConsentResponse, do=do)


async def decide_on_person(database: Database, caller: Identity, request: pb.DecideOnPersonRequest) -> pb.DecideOnPersonResponse:
    """Raises CameoNotFound, CameoWithdrawn, BadField, TooManyPeople."""

    async def do() -> pb.DecideOnPersonResponse:
        cameo = await own(tx, caller, request.cameo_id, Route.MANAGE, lock=True)
        account_id = check_id(request.account_id, "account_id")
        if account_id == caller.account_id:
            raise BadField("account_id", "This is you; the owner may always use it.")
        person = await _decided(tx, cameo, account_id, approved=request.approved)
        await took_effect(tx, cameo, person.grant_id)
        return pb.DecideOnPersonResponse(person=wire.person(person))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="DecideOnPerson", request=request, reply=pb.DecideOnPersonResponse, do=do)


async def _decided(tx: AsyncConnection, cameo: Cameo, account_id: str, *, approved: bool) -> Person:
    known = await store.person(tx, cameo.id, account_id)
    if known is None and await store.count_people(tx, cameo.id) >= MAX_PEOPLE:
        raise TooManyPeople(f"You have decided on {MAX_PEOPLE:,} people by name; more are not kept.")
    return await store.decide_on(tx, cameo.id, account_id, approved=approved)


async def list_people(database: Database, caller: Identity, cameo_id: str) -> list[Person]:
    async with database.begin() as tx:
        await own(tx, caller, cameo_id, Route.MANAGE)
        return await store.people(tx, cameo_id)


async def tie(database: Database, from_account_id: str, to_account_id: str, *, follows: bool, blocks: bool) -> None:
    """Notes how one account stands to another; whoever tells of follows and blocks calls this. Counts for the cameos of both."""
    async with database.begin() as tx:
        cameos = await store.lock_owned(tx, [from_account_id, to_account_id])
        await store.tie(tx, from_account_id, to_account_id, follows=follows, blocks=blocks)
        for cameo in cameos:
            await recheck(tx, cameo)


async def took_effect(tx: AsyncConnection, cameo: Cameo, grant_id: str) -> None:
    """`grant_id`: the change's entry in the log."""
    await recheck(tx, cameo)
    await outbox.add(tx, CameoConsentChanged(cameo_id=cameo.id, account_id=cameo.account_id, grant_id=grant_id), key=cameo.id)
    _log.info("consent.changed", cameo_id=cameo.id, audience=cameo.audience)
