"""kinora.identity.v1.LivenessService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceServicer
from kinora_kit.identity import current

from kinora_identity.liveness import reviews
from kinora_identity.liveness.capture import capture
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.redeem import redeem
from kinora_identity.liveness.start import start
from kinora_identity.liveness.upload import submit_clip, watch

Context = grpc.aio.ServicerContext[Any, Any]


class LivenessRpc(LivenessServiceServicer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def StartLiveness(self, request: pb.StartLivenessRequest, context: Context) -> pb.StartLivenessResponse:
        return await start(self._desk, current(), request)

    async def GetLiveness(self, request: pb.GetLivenessRequest, context: Context) -> pb.GetLivenessResponse:
        return pb.GetLivenessResponse(session=await self._desk.read(current().account_id, request.session_id))

    async def Capture(self, request_iterator: AsyncIterator[pb.CaptureRequest], context: Context) -> AsyncIterator[pb.CaptureResponse]:
        async with aclosing(capture(self._desk, current(), aiter(request_iterator))) as responses:
            async for response in responses:
                yield response

    async def WatchPrompts(self, request: pb.WatchPromptsRequest, context: Context) -> AsyncIterator[pb.WatchPromptsResponse]:
        async with aclosing(watch(self._desk, current(), request.session_id)) as responses:
            async for response in responses:
                yield response

    async def SubmitClip(self, request: pb.SubmitClipRequest, context: Context) -> pb.SubmitClipResponse:
        return await submit_clip(self._desk, current(), request)

    async def RedeemLiveness(self, request: pb.RedeemLivenessRequest, context: Context) -> pb.RedeemLivenessResponse:
        return await redeem(self._desk, current(), request)

    async def ListReviews(self, request: pb.ListReviewsRequest, context: Context) -> pb.ListReviewsResponse:
        return pb.ListReviewsResponse(reviews=await reviews.list_reviews(self._desk, current(), request.limit))

    async def GetReviewClip(self, request: pb.GetReviewClipRequest, context: Context) -> pb.GetReviewClipResponse:
        return pb.GetReviewClipResponse(clip_key=await reviews.review_clip(self._desk, current(), request.session_id))

    async def DecideReview(self, request: pb.DecideReviewRequest, context: Context) -> pb.DecideReviewResponse:
        return await reviews.decide_review(self._desk, current(), request)
