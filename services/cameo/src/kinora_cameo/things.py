"""Pets and objects: a picture or clip is looked at, the thing cut out of it as drawn, and what its owner confirms becomes a cameo."""

from pathlib import PurePosixPath

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora.likeness.v1.likeness_service_pb2 import CutOutRequest
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import answered, once
from kinora_kit.identity import Identity
from kinora_kit.ids import uuid7
from kinora_media.store import MediaMissing, MediaStore
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, thing_store, wire
from kinora_cameo.clients import Neighbours
from kinora_cameo.domain import (
    Cameo,
    CameoExists,
    FileGone,
    Kind,
    ThingNotCut,
    ThingNotFound,
    TooManyThings,
    cameo_handle,
    check_upload,
    is_id,
)
from kinora_cameo.sealing import ORPHAN_S, sealed
from kinora_cameo.settings import Settings
from kinora_cameo.thing_store import Thing
from kinora_cameo.vault import Vault, folder

_log = log.get("kinora.cameo")


class Things:
    def __init__(self, database: Database, media: MediaStore, vault: Vault, neighbours: Neighbours, settings: Settings) -> None:
        self._database, self._media, self._vault, self._neighbours, self._settings = database, media, vault, neighbours, settings

    async def start(self, caller: Identity, request: pb.StartThingRequest) -> pb.StartThingResponse:
        """Raises BadField, TooManyThings, FileGone, and RemoteError, also where a person's face is in it. The still is not kept with the
        reply: a repeat looks again.
        """
        kind = wire.thing_kind(request.kind)
        upload = check_upload(request.source_key, caller.account_id)
        async with self._database.begin() as tx:
            known = await answered(tx, caller=caller.account_id, rpc="StartThing", request=request, reply=pb.StartThingResponse)
            thing = await _own(tx, caller, known.thing_id) if known else None
            if thing is None:
                await self._check_room(tx, caller)
        seen = await self._neighbours.look_at(thing.source if thing else upload)
        thing_id = thing.id if thing else await self._started(caller, request, await self._taken_over(caller, kind, upload))
        return pb.StartThingResponse(thing_id=thing_id, jpeg=seen.jpeg, seconds=seen.seconds)

    async def _check_room(self, tx: AsyncConnection, caller: Identity) -> None:
        most = self._settings.max_things
        if await thing_store.count_open(tx, caller.account_id) >= most:
            raise TooManyThings(f"You have {most} pets and objects in the making, which is as many as are kept; finish one first.")

    async def _taken_over(self, caller: Identity, kind: Kind, upload: str) -> Thing:
        """Copies the upload into a folder of our own. Raises FileGone."""
        thing_id = f"thing_{uuid7().hex}"
        source = f"{folder(caller.account_id, thing_store.cameo_id(thing_id))}/source{PurePosixPath(upload).suffix}"
        async with self._database.begin() as tx:
            await store.discard(tx, source, after_s=ORPHAN_S)
        try:
            await self._media.copy(upload, source)
        except MediaMissing as missing:
            raise FileGone("The picture or clip is not kept any more; upload it again.", param="source_key") from missing
        return Thing(thing_id, caller.account_id, kind, source, cut=None)

    async def _started(self, caller: Identity, request: pb.StartThingRequest, thing: Thing) -> str:
        """The id; of another thing when the same request was answered meanwhile."""

        async def do() -> pb.StartThingResponse:
            await self._check_room(tx, caller)
            await thing_store.add(tx, thing, hours=self._settings.thing_hours)
            await store.keep(tx, thing.source)
            await store.discard(tx, request.source_key)
            _log.info("thing.started", thing_id=thing.id, account_id=thing.account_id, kind=thing.kind)
            return pb.StartThingResponse(thing_id=thing.id)

        async with self._database.begin() as tx:
            reply = await once(tx, caller=caller.account_id, rpc="StartThing", request=request, reply=pb.StartThingResponse, do=do)
        return reply.thing_id

    async def cut(self, caller: Identity, request: pb.CutThingRequest) -> pb.CutThingResponse:
        """Raises ThingNotFound, FileGone, and RemoteError for strokes that keep nothing and for a person's face."""
        async with self._database.begin() as tx:
            thing = await _own(tx, caller, request.thing_id)
        at_s = request.at_s if request.HasField("at_s") else None
        wanted = CutOutRequest(source_key=thing.source, at_s=at_s, strokes=wire.strokes(request))
        made = await self._neighbours.cut_out(wanted)
        cut = await sealed(self._database, self._vault, thing.account_id, thing.cameo_id, made.package)
        async with self._database.begin() as tx:
            await thing_store.keep_cut(tx, await _own(tx, caller, thing.id, lock=True), cut)
        return pb.CutThingResponse(png=made.png, colours=made.colours)

    async def enrol(self, caller: Identity, request: pb.EnrolThingRequest) -> pb.EnrolThingResponse:
        """Raises ThingNotFound, ThingNotCut, BadField, CameoExists, and RemoteError."""
        account_handle = await self._neighbours.handle(caller)

        async def do() -> pb.EnrolThingResponse:
            thing = await _own(tx, caller, request.thing_id, lock=True)
            handle = cameo_handle(account_handle, thing.kind, request.name)
            return pb.EnrolThingResponse(cameo=wire.cameo(await self._enrolled(tx, thing, handle)))

        async with self._database.begin() as tx:
            return await once(tx, caller=caller.account_id, rpc="EnrolThing", request=request, reply=pb.EnrolThingResponse, do=do)

    async def _enrolled(self, tx: AsyncConnection, thing: Thing, handle: str) -> Cameo:
        if thing.cut is None:
            raise ThingNotCut
        hours = self._settings.only_me_hours
        new = await store.add(tx, cameo_id=thing.cameo_id, account_id=thing.account_id, handle=handle, kind=thing.kind, hours=hours)
        if new is None:
            raise CameoExists(f"{handle} is a cameo already; choose another name, or withdraw that one first.", param="name")
        await store.add_package(tx, new.id, thing.cut)
        await thing_store.remove(tx, thing)
        await outbox.add(tx, CameoEnrolled(cameo_id=new.id, account_id=new.account_id, handle=handle), key=new.id)
        _log.info("cameo.enrolled", cameo_id=new.id, account_id=new.account_id, kind=new.kind)
        return new


async def _own(tx: AsyncConnection, caller: Identity, thing_id: str, *, lock: bool = False) -> Thing:
    thing = await thing_store.get(tx, caller.account_id, thing_id, lock=lock) if is_id(thing_id) else None
    if thing is None:
        raise ThingNotFound
    return thing
