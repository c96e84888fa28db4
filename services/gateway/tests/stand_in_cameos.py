# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""A stand-in for cameo that knows one person's cameo, bob's, and keeps what is enrolled in memory."""

from dataclasses import dataclass, field

from kinora.cameo.v1 import cameo_service_pb2 as cameo_pb
from kinora.cameo.v1 import cameo_service_pb2_grpc as cameo_grpc
from kinora_kit import identity
from kinora_kit.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound
from kinora_media.store import MediaStore

CAMEO = cameo_pb.Cameo(
    id="cameo_" + "1" * 32, account_id="acct_bob", handle="@bob", kind=cameo_pb.CAMEO_KIND_PERSON, audience=cameo_pb.AUDIENCE_APPROVED,
    limits=["no politics"], enrolled_at=1_700_000_000, only_me_until=1_700_086_400, notes=["Limits in words cannot be checked."],
)  # fmt: skip
USE = cameo_pb.Use(video_id="video_" + "1" * 32, user_account_id="acct_cleo", state=cameo_pb.USE_STATE_COMPLETED, used_at=1_700_000_000)


class CameoNotFound(NotFound): ...


class UseNotFinished(FailedPrecondition): ...


class ThingNotFound(NotFound): ...


class PictureRefused(InvalidArgument): ...


class CameoExists(AlreadyExists): ...


@dataclass
class StandInCameos(cameo_grpc.CameoServiceServicer):
    """Knows one cameo, bob's."""

    asked: list[object] = field(default_factory=list)
    things: dict[str, tuple[str, "cameo_pb.CameoKind.ValueType"]] = field(default_factory=dict)
    enrolled: list[cameo_pb.Cameo] = field(default_factory=list)
    media: MediaStore | None = None

    async def ListCameos(self, request, context):
        return cameo_pb.ListCameosResponse(cameos=[CAMEO])

    async def GetCameo(self, request, context):
        return cameo_pb.GetCameoResponse(cameo=self._own(request.cameo_id))

    async def FindCameo(self, request, context):
        found = next((each for each in self._usable() if request.cameo_id in {each.id, ""} and request.handle in {each.handle, ""}), None)
        if found is None:
            raise CameoNotFound("You have no such cameo.", param="cameo_id" if request.cameo_id else "handle")
        return cameo_pb.FindCameoResponse(cameo_id=found.id, handle=found.handle, kind=found.kind, enrolled_at=found.enrolled_at)

    async def EnrolPerson(self, request, context):
        self.asked.append(request)
        return cameo_pb.EnrolPersonResponse(cameo=CAMEO)

    async def StartThing(self, request, context):
        if b"face" in await self.media.get(request.source_key):
            raise PictureRefused("A person's face is in the picture.", param="source_key", code="HUMAN_FACE")
        thing_id = f"thing_{len(self.things) + 1:032x}"
        self.things[thing_id] = (identity.current().account_id, request.kind)
        return cameo_pb.StartThingResponse(thing_id=thing_id, jpeg=b"jpeg", seconds=3.5)

    async def CutThing(self, request, context):
        self._begun(request.thing_id)
        if request.to.x < 0.2:
            raise PictureRefused("Nothing is left inside the outline.", param="strokes", code="NOTHING_KEPT")
        self.asked.append(request)
        return cameo_pb.CutThingResponse(png=b"png", colours=["#aa7733"])

    async def EnrolThing(self, request, context):
        handle = f"@bob.{request.name}"
        if any(each.handle == handle for each in self.enrolled):
            raise CameoExists(f"{handle} is a cameo already.", param="name")
        made = cameo_pb.Cameo(
            id=request.thing_id.replace("thing", "cameo"), handle=handle, kind=self._begun(request.thing_id), enrolled_at=1_700_000_000,
            audience=cameo_pb.AUDIENCE_ONLY_ME,
        )  # fmt: skip
        self.enrolled.append(made)
        return cameo_pb.EnrolThingResponse(cameo=made)

    def _begun(self, thing_id: str) -> "cameo_pb.CameoKind.ValueType":
        owner, kind = self.things.get(thing_id, ("", cameo_pb.CAMEO_KIND_UNSPECIFIED))
        if owner != identity.current().account_id:
            raise ThingNotFound("You have no such pet or object in the making.", param="thing_id")
        return kind

    def _usable(self) -> list[cameo_pb.Cameo]:
        return [CAMEO, *self.enrolled] if identity.current().account_id == CAMEO.account_id else []

    async def ChangeConsent(self, request, context):
        self.asked.append(request)
        self._own(request.cameo_id)
        return cameo_pb.ChangeConsentResponse(cameo=CAMEO)

    async def WithdrawCameo(self, request, context):
        self.asked.append(request)
        return cameo_pb.WithdrawCameoResponse(cameo=self._own(request.cameo_id), videos_removed=2 if request.remove_videos else 0)

    async def DecideOnPerson(self, request, context):
        self._own(request.cameo_id)
        person = cameo_pb.Person(account_id=request.account_id, approved=request.approved, decided_at=1_700_000_000)
        return cameo_pb.DecideOnPersonResponse(person=person)

    async def ListPeople(self, request, context):
        return cameo_pb.ListPeopleResponse(people=[cameo_pb.Person(account_id="acct_cleo", approved=True)])

    async def ListUses(self, request, context):
        self.asked.append(request)
        return cameo_pb.ListUsesResponse(uses=[USE], has_more=True)

    async def GetUseContent(self, request, context):
        if request.video_id != USE.video_id:
            raise UseNotFinished("This video is not finished.", param="video_id")
        return cameo_pb.GetUseContentResponse(key="videos/v/a/video.mp4")

    async def RemoveUse(self, request, context):
        return cameo_pb.RemoveUseResponse(video_id=request.video_id)

    async def ReportUse(self, request, context):
        self.asked.append(request)
        return cameo_pb.ReportUseResponse(report_id="report_1")

    async def GetReceiptKeys(self, request, context):
        assert identity.current().role == "service"
        return cameo_pb.GetReceiptKeysResponse(jwks_json='{"keys": []}')

    def _own(self, cameo_id: str) -> cameo_pb.Cameo:
        if identity.current().account_id != CAMEO.account_id or cameo_id != CAMEO.id:
            raise CameoNotFound("You have no such cameo.", param="cameo_id")
        return CAMEO
