# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""A stand-in for identity's liveness sessions: asks for one move and one word, and believes every clip."""

import asyncio
from dataclasses import dataclass, field

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora.identity.v1 import liveness_service_pb2_grpc as liveness_grpc
from kinora_kit import identity
from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied

TURN = pb.Prompt(number=0, of=2, text="Turn your head to your left, and back", move="left")
SAY = pb.Prompt(number=1, of=2, text="Say: harbour", word="harbour")


class BadField(InvalidArgument): ...


class LivenessNotFound(NotFound): ...


class LivenessPaused(FailedPrecondition): ...


class UploadsOff(FailedPrecondition): ...


class ModeratorsOnly(PermissionDenied): ...


@dataclass
class StandInLiveness(liveness_grpc.LivenessServiceServicer):
    sessions: dict[str, pb.LivenessSession] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    clip: bytes = b""
    typed: list[str] = field(default_factory=list)
    uploads: bool = True
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def StartLiveness(self, request, context):
        self.asked.append(request)
        if request.language == "tlh":
            raise BadField("There is no speech model for 'tlh'; there is one for en.", param="language")
        session = pb.LivenessSession(
            id=f"live_{len(self.sessions) + 1:032x}", account_id=identity.current().account_id, state=pb.LIVENESS_STATE_CREATED,
            expires_at=1_700_000_180, tries_left=3, created_at=1_700_000_000, language="en", needs=request.needs, upload_allowed=True,
        )  # fmt: skip
        self.sessions[session.id] = session
        return pb.StartLivenessResponse(session=session)

    async def GetLiveness(self, request, context):
        return pb.GetLivenessResponse(session=self._own(request.session_id))

    async def Capture(self, requests, context):
        try:
            session = self._own((await anext(requests)).session_id)
            first = await anext(requests)
            self.clip += first.chunk
            yield pb.CaptureResponse(prompt=TURN)
            yield pb.CaptureResponse(prompt=SAY)
            yield pb.CaptureResponse(stop=pb.Stop())
            async for message in requests:
                self.clip += message.chunk
                self.typed += [message.typed] if message.HasField("typed") else []
                if message.HasField("done"):
                    session.state = pb.LIVENESS_STATE_ANALYSING
                    yield pb.CaptureResponse(session=session)
                    return
        finally:
            self.gone.set()

    async def WatchPrompts(self, request, context):
        self._own(request.session_id)
        if not self.uploads:
            raise UploadsOff("This Kinora takes live captures alone.")
        yield pb.WatchPromptsResponse(prompt=TURN)
        yield pb.WatchPromptsResponse(stop=pb.Stop())

    async def SubmitClip(self, request, context):
        self.asked.append(request)
        session = self._own(request.session_id)
        if session.state != pb.LIVENESS_STATE_CREATED:
            raise LivenessPaused("This session has its clip.")
        session.state = pb.LIVENESS_STATE_ANALYSING
        return pb.SubmitClipResponse(session=session)

    async def ListReviews(self, request, context):
        self._moderators()
        self.asked.append(request)
        waiting = [pb.ReviewedPrompt(text=SAY.text, at_s=1.5)]
        reviews = [
            pb.LivenessReview(session=each, remarks=["NO_BLINK"], prompts=waiting, typed=["harbour"]) for each in self.sessions.values()
        ]
        return pb.ListReviewsResponse(reviews=reviews)

    async def GetReviewClip(self, request, context):
        self._moderators()
        return pb.GetReviewClipResponse(clip_key=f"liveness/acct_bob/{request.session_id}/clip")

    async def DecideReview(self, request, context):
        self._moderators()
        self.asked.append(request)
        session = self.sessions[request.session_id]
        session.state = pb.LIVENESS_STATE_APPROVED if request.approved else pb.LIVENESS_STATE_DECLINED
        return pb.DecideReviewResponse(session=session)

    def _own(self, session_id: str) -> pb.LivenessSession:
        session = self.sessions.get(session_id)
        if session is None or session.account_id != identity.current().account_id:
            raise LivenessNotFound("You have no such session.", param="session_id")
        return session

    def _moderators(self) -> None:
        if identity.current().role == "user":
            raise ModeratorsOnly("Moderators look at captures.")
