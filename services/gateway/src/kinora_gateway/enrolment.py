"""What enrolling a pet or object begins with, whichever door it comes by."""

from kinora.cameo.v1 import cameo_service_pb2 as pb

from kinora_gateway import clips, things
from kinora_gateway.clips import Clip
from kinora_gateway.session import Session
from kinora_gateway.things import ThingKind


async def begin(session: Session, clip: Clip, kind: ThingKind, request_id: str) -> pb.StartThingResponse:
    """Raises ApiError, also where a person's face is seen."""

    async def start(key: str) -> pb.StartThingResponse:
        message = pb.StartThingRequest(request_id=request_id, kind=things.KINDS[kind], source_key=key)
        return await session.call(session.gateway.cameo.StartThing, message, looks=True)

    return await clips.handed_in(session, clip, request_id, start)
