"""The live capture: prompts one way, the clip the other."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.identity import Identity

from kinora_identity.liveness.clips import hand_in
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.domain import CaptureFailed, CaptureInvalid, Liveness
from kinora_identity.liveness.intake import Intake, next_message
from kinora_identity.liveness.revealing import clock, open_capture, prompts

REST_S = 15.0
"""How long the rest of the clip may take once recording has stopped."""


async def capture(desk: Desk, caller: Identity, requests: AsyncIterator[pb.CaptureRequest]) -> AsyncGenerator[pb.CaptureResponse, None]:
    """Whatever happens, the session has ended or gone to the analysis afterwards; what failed is told as its reason."""
    session_id = await _named(requests)
    opening = open_capture(desk, caller.account_id, session_id, "live")
    try:
        async with opening as session, aclosing(_captured(desk, session, requests)) as responses:
            async for response in responses:
                yield response
    except CaptureFailed:
        yield pb.CaptureResponse(session=await desk.read(caller.account_id, session_id))


async def _named(requests: AsyncIterator[pb.CaptureRequest]) -> str:
    try:
        session_id = (await next_message(requests)).session_id
    except CaptureFailed:
        session_id = ""
    if not session_id:
        raise CaptureInvalid("The first message of a capture names its session.", param="session_id")
    return session_id


async def _captured(desk: Desk, session: Liveness, requests: AsyncIterator[pb.CaptureRequest]) -> AsyncGenerator[pb.CaptureResponse, None]:
    deadline = clock() + session.left_s
    async with Intake(requests) as intake:
        began = await intake.first_bytes(deadline)
        async with aclosing(prompts(desk, session, began, lambda moment: intake.until(moment, deadline))) as revealed:
            async for prompt in revealed:
                yield pb.CaptureResponse(prompt=prompt)
        yield pb.CaptureResponse(stop=pb.Stop())
        await intake.rest(REST_S, deadline)
        handed_in = await hand_in(desk, session, intake.path, received_s=intake.last - began, typed=intake.typed)
        yield pb.CaptureResponse(session=handed_in)
