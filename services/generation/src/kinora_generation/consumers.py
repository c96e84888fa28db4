"""Events of other services, each given to its use case."""

from collections.abc import Mapping

from google.protobuf.message import Message
from kinora.provenance.v1 import events_pb2
from kinora_kit.events import Handler

from . import seal_video


def handlers() -> Mapping[type[Message], Handler]:
    return {events_pb2.VideoSealed: seal_video.complete, events_pb2.VideoSealFailed: seal_video.fail}
