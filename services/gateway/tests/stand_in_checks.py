# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""A stand-in for provenance's look-ups: it finds in a file what the file says, and one film is on record."""

from dataclasses import dataclass, field

from kinora.cameo.v1.cameo_service_pb2 import VideoConsent
from kinora.generation.v1.generation_service_pb2 import Video, VideoStatus
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora.provenance.v1.check_service_pb2_grpc import CheckServiceServicer
from kinora_kit import identity
from kinora_kit.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from kinora_media.store import MediaStore

LABEL, ALGORITHM = "urn:c2pa:1", "org.kinora.mark.picture.1"
RECORD = pb.Record(
    video_id="video_" + "1" * 32, made_at=1_700_000_000, engine="world", engine_version="1.2", maker_handle="@bob", manifest_label=LABEL,
    lineage=[pb.Ancestor(video_id="video_" + "2" * 32, made_at=1_600_000_000), pb.Ancestor(deleted=True)],
    consents=[VideoConsent(cameo_id="cameo_1", handle="@cleo", state=VideoConsent.STATE_WITHDRAWN)],
)  # fmt: skip
_MARK = pb.MarkSignal(
    outcome=pb.OUTCOME_DETECTED, video_id=RECORD.video_id, false_positive_bound=1e-12, generated_at=1_700_000_000, model="world",
    segments=[pb.Segment(start_s=0, end_s=2.5, video_id=RECORD.video_id, score=20)], changes=["mirrored"],
)  # fmt: skip
_FOUND = pb.Check(
    matches=[pb.Match(record=RECORD, verdict=pb.VERDICT_MARKED, explanation="Matched by the invisible mark.")],
    c2pa=pb.C2paSignal(outcome=pb.OUTCOME_NOT_DETECTED, validation_state="not_present"),
    picture_mark=_MARK, sound_mark=pb.MarkSignal(outcome=pb.OUTCOME_NOT_APPLICABLE),
    prints=pb.PrintSignal(outcome=pb.OUTCOME_DETECTED, matches=[pb.PrintMatch(video_id=RECORD.video_id, picture_share=0.9, distance=12)]),
    kind="video", duration_s=3, checked_at=1_700_000_100, summary="This file was made from a film of ours and changed afterwards.",
)  # fmt: skip
_NOTHING = pb.Check(
    c2pa=pb.C2paSignal(outcome=pb.OUTCOME_NOT_DETECTED, validation_state="not_present"),
    picture_mark=pb.MarkSignal(outcome=pb.OUTCOME_NOT_DETECTED), kind="image", checked_at=1_700_000_100,
    summary="Nothing of ours was found.",
)  # fmt: skip


class ContentRefused(InvalidArgument): ...


class AllSlotsTaken(ResourceExhausted): ...


class FilmNotFound(NotFound): ...


class ManifestNotFound(NotFound): ...


class ModeratorsOnly(PermissionDenied): ...


class BadField(InvalidArgument): ...


@dataclass
class StandInChecks(CheckServiceServicer):
    """`b"ours"` is ours, `b"refuse TOO_LARGE"` is refused so, everything else is nobody's."""

    media: MediaStore | None = None
    asked: list[object] = field(default_factory=list)

    async def CheckContent(self, request, context):
        self.asked.append(request)
        return pb.CheckContentResponse(check=await self._look(request.content_key))

    async def GetRecord(self, request, context):
        if request.video_id != RECORD.video_id:
            raise FilmNotFound("There is no record of such a video.", param="video_id")
        return pb.GetRecordResponse(record=RECORD)

    async def FindByBinding(self, request, context):
        if request.algorithm != ALGORITHM:
            raise BadField("There is no such algorithm.", param="algorithm")
        return pb.FindByBindingResponse(manifest_labels=[LABEL] if request.value == "AAAAAAAAAAE=" else [])

    async def ListBindings(self, request, context):
        return pb.ListBindingsResponse(watermarks=[ALGORITHM])

    async def GetManifest(self, request, context):
        if request.manifest_label != LABEL:
            raise ManifestNotFound("There is no such manifest.", param="manifest_label")
        return pb.GetManifestResponse(manifest=b"active" if request.active_only else b"whole")

    async def Trace(self, request, context):
        self._moderators_only()
        self.asked.append(request)
        check = await self._look(request.content_key) if request.content_key else None
        video = Video(id=RECORD.video_id, prompt="a fox", status=VideoStatus.VIDEO_STATUS_COMPLETED, model="world-1", storyboard_json="{}")
        traced = [pb.Traced(record=RECORD, account_id="acct_bob", handle="bob", attempt_id="att_1", video=video)]
        return pb.TraceResponse(check=check, traced=[*traced, pb.Traced(record=pb.Record(made_at=1, engine="world", deleted=True))])

    async def FindCopies(self, request, context):
        self._moderators_only()
        return pb.FindCopiesResponse(copies=[pb.PrintMatch(video_id="video_" + "3" * 32, picture_share=1, distance=3)])

    def _moderators_only(self):
        if identity.current().role != "operator":
            raise ModeratorsOnly("Only moderators and operators may do this.")

    async def _look(self, key):
        content = await self.media.get(key)
        if content.startswith(b"refuse "):
            raise ContentRefused("It cannot be looked at.", param="content_key", code=content[7:].decode())
        if content == b"busy":
            raise AllSlotsTaken("Other files are being looked at.", retry_after_s="5")
        return _FOUND if content == b"ours" else _NOTHING
