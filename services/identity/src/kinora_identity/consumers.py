"""What identity hears of."""

from collections.abc import Mapping

from google.protobuf.message import Message
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora.identity.v1.events_pb2 import AccountErased, ApiKeyRevoked
from kinora.provenance.v1.events_pb2 import ContentTraced
from kinora_kit.events import Handler
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit
from kinora_identity.api_keys import revoked_before
from kinora_identity.liveness import store
from kinora_identity.privacy import erased_before


def handlers() -> Mapping[type[Message], Handler]:
    return {CameoEnrolled: enrolled, ContentTraced: traced, AccountErased: erased_before, ApiKeyRevoked: revoked_before}


async def enrolled(tx: AsyncConnection, event: CameoEnrolled) -> None:
    """The likeness is taken: its recording is needed no more."""
    if event.liveness_session_id:
        await store.discard_of(tx, event.liveness_session_id, event.account_id)


async def traced(tx: AsyncConnection, event: ContentTraced) -> None:
    """Who had what traced to whom, and why: into the audit log. Its subject is the video, so that whom it led to is not told of it."""
    details = {"account_id": event.account_id, "sha256": event.sha256, "reason": event.reason}
    told = {name: what for name, what in details.items() if what}
    await audit.add(tx, event.actor_account_id, "content.traced", event.video_id, **told)
