"""kinora.cameo.v1.CameoService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current
from kinora_media.store import MediaStore

from kinora_cameo import authorize, change_consent, enrol_person, own, past_uses, receipts, sweep, uses, wire, withdraw
from kinora_cameo.clients import Neighbours
from kinora_cameo.receipts import Notary
from kinora_cameo.settings import Settings
from kinora_cameo.things import Things
from kinora_cameo.vault import Vault

Context = grpc.aio.ServicerContext[Any, Any]


class CameoRpc(CameoServiceServicer):
    def __init__(
        self, database: Database, media: MediaStore, vault: Vault, notary: Notary, neighbours: Neighbours, settings: Settings
    ) -> None:
        self._database, self._media, self._vault, self._notary, self._settings = database, media, vault, notary, settings
        self._neighbours, self._things = neighbours, Things(database, media, vault, neighbours, settings)

    async def EnrolPerson(self, request: pb.EnrolPersonRequest, context: Context) -> pb.EnrolPersonResponse:
        return await enrol_person.enrol_person(self._database, self._vault, self._neighbours, self._settings, current(), request)

    async def StartThing(self, request: pb.StartThingRequest, context: Context) -> pb.StartThingResponse:
        return await self._things.start(current(), request)

    async def CutThing(self, request: pb.CutThingRequest, context: Context) -> pb.CutThingResponse:
        return await self._things.cut(current(), request)

    async def EnrolThing(self, request: pb.EnrolThingRequest, context: Context) -> pb.EnrolThingResponse:
        return await self._things.enrol(current(), request)

    async def GetCameo(self, request: pb.GetCameoRequest, context: Context) -> pb.GetCameoResponse:
        return pb.GetCameoResponse(cameo=wire.cameo(await own.get_cameo(self._database, current(), request.cameo_id)))

    async def ListCameos(self, request: pb.ListCameosRequest, context: Context) -> pb.ListCameosResponse:
        return pb.ListCameosResponse(cameos=[wire.cameo(cameo) for cameo in await own.list_cameos(self._database, current())])

    async def FindCameo(self, request: pb.FindCameoRequest, context: Context) -> pb.FindCameoResponse:
        found = await own.find_cameo(self._database, current(), handle=request.handle, cameo_id=request.cameo_id)
        return wire.found(found, mine=found.account_id == current().account_id)

    async def ChangeConsent(self, request: pb.ChangeConsentRequest, context: Context) -> pb.ChangeConsentResponse:
        return await change_consent.change_consent(self._database, current(), request)

    async def DecideOnPerson(self, request: pb.DecideOnPersonRequest, context: Context) -> pb.DecideOnPersonResponse:
        return await change_consent.decide_on_person(self._database, current(), request)

    async def ListPeople(self, request: pb.ListPeopleRequest, context: Context) -> pb.ListPeopleResponse:
        people = await change_consent.list_people(self._database, current(), request.cameo_id)
        return pb.ListPeopleResponse(people=[wire.person(person) for person in people])

    async def ListUses(self, request: pb.ListUsesRequest, context: Context) -> pb.ListUsesResponse:
        return await uses.list_uses(self._database, current(), request)

    async def GetUseContent(self, request: pb.GetUseContentRequest, context: Context) -> pb.GetUseContentResponse:
        return await uses.get_use_content(self._database, current(), request)

    async def RemoveUse(self, request: pb.RemoveUseRequest, context: Context) -> pb.RemoveUseResponse:
        return await uses.remove_use(self._database, current(), request)

    async def ReportUse(self, request: pb.ReportUseRequest, context: Context) -> pb.ReportUseResponse:
        return await uses.report_use(self._database, current(), request)

    async def WithdrawCameo(self, request: pb.WithdrawCameoRequest, context: Context) -> pb.WithdrawCameoResponse:
        return await withdraw.withdraw_cameo(self._database, current(), request)

    async def Authorize(self, request: pb.AuthorizeRequest, context: Context) -> pb.AuthorizeResponse:
        return await authorize.authorize(self._database, self._notary, self._settings.max_per_video, current(), request)

    async def OpenLikeness(self, request: pb.OpenLikenessRequest, context: Context) -> pb.OpenLikenessResponse:
        package = await authorize.open_likeness(self._database, self._vault, current(), request.video_id, request.cameo_id)
        return pb.OpenLikenessResponse(package=package)

    async def GetVideoConsent(self, request: pb.GetVideoConsentRequest, context: Context) -> pb.GetVideoConsentResponse:
        return pb.GetVideoConsentResponse(consents=await past_uses.video_consent(self._database, current(), request.video_id))

    async def GetReceiptKeys(self, request: pb.GetReceiptKeysRequest, context: Context) -> pb.GetReceiptKeysResponse:
        return pb.GetReceiptKeysResponse(jwks_json=await receipts.jwks(self._database))

    async def FindRemains(self, request: pb.FindRemainsRequest, context: Context) -> pb.FindRemainsResponse:
        return await sweep.find_remains(self._database, self._media, current(), request)
