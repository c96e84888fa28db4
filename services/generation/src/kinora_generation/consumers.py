"""Events of other services, each given to its use case."""

from collections.abc import Mapping
from functools import partial

from google.protobuf.message import Message
from kinora.cameo.v1 import events_pb2 as cameo
from kinora.generation.v1 import events_pb2 as own
from kinora.identity.v1 import events_pb2 as identity
from kinora.provenance.v1 import events_pb2 as provenance
from kinora_kit.events import Handler

from . import end_video, seal_video
from .settings import Settings


def handlers(settings: Settings) -> Mapping[type[Message], Handler]:
    return {
        provenance.VideoSealed: seal_video.complete,
        provenance.VideoSealFailed: seal_video.fail,
        identity.AccountErased: partial(end_video.account_erased, settings),
        cameo.CameoUseRevoked: partial(end_video.consent_revoked, settings),
        own.VideoDeleted: partial(end_video.deleted_before, settings),
        cameo.CameoVideoRemoved: partial(end_video.removed_by_owner_of_likeness, settings),
    }
