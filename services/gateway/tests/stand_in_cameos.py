# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""A stand-in for cameo that knows one person's cameo, bob's, and keeps what is enrolled in memory."""

from dataclasses import dataclass, field

from kinora.cameo.v1 import cameo_service_pb2 as cameo_pb
from kinora.cameo.v1 import cameo_service_pb2_grpc as cameo_grpc
from kinora_kit import identity
from kinora_kit.errors import FailedPrecondition, NotFound

CAMEO = cameo_pb.Cameo(
    id="cameo_1", account_id="acct_bob", handle="@bob", kind=cameo_pb.CAMEO_KIND_PERSON, audience=cameo_pb.AUDIENCE_APPROVED,
    limits=["no politics"], enrolled_at=1_700_000_000, only_me_until=1_700_086_400, notes=["Limits in words cannot be checked."],
)  # fmt: skip
USE = cameo_pb.Use(video_id="video_" + "1" * 32, user_account_id="acct_cleo", state=cameo_pb.USE_STATE_COMPLETED, used_at=1_700_000_000)


class CameoNotFound(NotFound): ...


class UseNotFinished(FailedPrecondition): ...


@dataclass
class StandInCameos(cameo_grpc.CameoServiceServicer):
    """Knows one cameo, bob's."""

    asked: list[object] = field(default_factory=list)

    async def ListCameos(self, request, context):
        return cameo_pb.ListCameosResponse(cameos=[CAMEO])

    async def GetCameo(self, request, context):
        return cameo_pb.GetCameoResponse(cameo=self._own(request.cameo_id))

    async def FindCameo(self, request, context):
        if request.handle != CAMEO.handle:
            raise CameoNotFound("You have no such cameo.", param="handle")
        return cameo_pb.FindCameoResponse(cameo_id=CAMEO.id, handle=CAMEO.handle, kind=CAMEO.kind, mine=False)

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
