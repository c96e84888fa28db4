"""The person of an account becomes its cameo, from an approved liveness session; a live one takes the newer likeness of the same face."""

import asyncio
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import ZipFile

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import answered, once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, wire
from kinora_cameo.clients import Neighbours
from kinora_cameo.domain import (
    Cameo,
    EnrolmentOverlapped,
    Kind,
    OtherFace,
    SessionUsed,
    cameo_handle,
    check_id,
    require_adult,
    require_stepped_up,
)
from kinora_cameo.erase import account_erased
from kinora_cameo.sealing import sealed
from kinora_cameo.settings import Settings
from kinora_cameo.vault import Sealed, Vault

_SAME_FACE = 0.5  # at most so far apart are the vectors of one person; those of others begin at 0.58
_log = log.get("kinora.cameo")


@dataclass(frozen=True)
class _Live:
    """The live cameo of the caller's person, and its package."""

    cameo: Cameo
    sealed: Sealed


@dataclass(frozen=True)
class _Taken:
    """A likeness that was taken and encrypted; `over` is what it takes the place of."""

    account_handle: str
    cameo_id: str
    sealed: Sealed
    over: _Live | None


async def enrol_person(
    database: Database, vault: Vault, neighbours: Neighbours, settings: Settings, caller: Identity, request: pb.EnrolPersonRequest
) -> pb.EnrolPersonResponse:
    """Raises AdultsOnly, StepUpNeeded, SessionUsed, OtherFace, FileGone, EnrolmentOverlapped and RemoteError. Whatever went wrong or was
    lost, asking again with the same session goes on from there.
    """
    require_adult(caller)
    require_stepped_up(caller)
    check_id(request.session_id, "session_id")
    if reply := await _answered(database, caller, request):
        return reply
    taken = await _take(database, vault, neighbours, caller.account_id, request)
    reply = await _kept(database, settings, caller, request, taken)
    if await neighbours.is_erased(caller):  # while the clip was looked at: the news of it came before there was a cameo
        async with database.begin() as tx:
            await account_erased(tx, AccountErased(account_id=caller.account_id))
    return reply


async def _answered(database: Database, caller: Identity, request: pb.EnrolPersonRequest) -> pb.EnrolPersonResponse | None:
    async with database.begin() as tx:
        reply = await answered(tx, caller=caller.account_id, rpc="EnrolPerson", request=request, reply=pb.EnrolPersonResponse)
        if reply is None and await store.is_session_used(tx, request.session_id):
            raise SessionUsed
    return reply


async def _kept(
    database: Database, settings: Settings, caller: Identity, request: pb.EnrolPersonRequest, taken: _Taken
) -> pb.EnrolPersonResponse:
    async def do() -> pb.EnrolPersonResponse:
        return pb.EnrolPersonResponse(cameo=wire.cameo(await _enrolled(tx, settings, caller.account_id, request.session_id, taken)))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="EnrolPerson", request=request, reply=pb.EnrolPersonResponse, do=do)


async def _live(tx: AsyncConnection, account_id: str, *, lock: bool = False) -> _Live | None:
    cameo = await store.live_person(tx, account_id, lock=lock)
    package = await store.get_package(tx, cameo.id) if cameo else None
    return _Live(cameo, package) if cameo and package else None


async def _take(database: Database, vault: Vault, neighbours: Neighbours, account_id: str, request: pb.EnrolPersonRequest) -> _Taken:
    session = await neighbours.redeem(request.session_id, account_id)
    taken = await neighbours.take_likeness(session.clip_key, voice=request.voice)
    async with database.begin() as tx:
        live = await _live(tx, account_id)
    if live:
        before = await vault.open(live.cameo.id, live.sealed)
        _check_face(await asyncio.to_thread(_vector, before), taken.vector)
    cameo_id = live.cameo.id if live else store.new_cameo_id()
    return _Taken(session.account_handle, cameo_id, await sealed(database, vault, account_id, cameo_id, taken.package), live)


def _vector(package: bytes) -> list[float]:
    """Of the face, as kinora_faces.likeness packs it."""
    with ZipFile(io.BytesIO(package)) as archive:
        vector: list[float] = json.loads(archive.read("about.json"))["vector"]
    return vector


def _check_face(before: Sequence[float], now: Sequence[float]) -> None:
    if not math.dist(before, now) <= _SAME_FACE:  # so that a NaN is refused
        raise OtherFace


async def _enrolled(tx: AsyncConnection, settings: Settings, account_id: str, session_id: str, taken: _Taken) -> Cameo:
    live = await _live(tx, account_id, lock=True)
    if (live and live.sealed) != (taken.over and taken.over.sealed):
        raise EnrolmentOverlapped
    cameo = live.cameo if live else await _added(tx, taken, account_id, settings.only_me_hours)
    if not await store.use_session(tx, session_id, cameo.id):
        raise SessionUsed
    await (store.renew_package if live else store.add_package)(tx, cameo.id, taken.sealed)
    event = CameoEnrolled(cameo_id=cameo.id, account_id=account_id, handle=cameo.handle, liveness_session_id=session_id)
    await outbox.add(tx, event, key=cameo.id)
    _log.info("cameo.renewed" if live else "cameo.enrolled", cameo_id=cameo.id, account_id=account_id, kind=cameo.kind)
    return cameo


async def _added(tx: AsyncConnection, taken: _Taken, account_id: str, hours: int) -> Cameo:
    handle = cameo_handle(taken.account_handle, Kind.PERSON, "")
    new = await store.add(tx, cameo_id=taken.cameo_id, account_id=account_id, handle=handle, kind=Kind.PERSON, hours=hours)
    if new is None:  # another enrolment was faster, or the account that had the handle before is just being erased
        raise EnrolmentOverlapped
    return new
