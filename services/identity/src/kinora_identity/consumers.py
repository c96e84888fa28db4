"""What identity hears of."""

from collections.abc import Mapping

from google.protobuf.message import Message
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora_kit.events import Handler
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.liveness import store


def handlers() -> Mapping[type[Message], Handler]:
    return {CameoEnrolled: enrolled}


async def enrolled(tx: AsyncConnection, event: CameoEnrolled) -> None:
    """The likeness is taken: its recording is needed no more."""
    if event.liveness_session_id:
        await store.discard_of(tx, event.liveness_session_id, event.account_id)
