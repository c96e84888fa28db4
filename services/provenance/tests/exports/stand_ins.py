# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""Generation and identity as provenance sees them: videos that a test makes, and the cast's handles."""

from dataclasses import dataclass, field

import grpc
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.generation.v1 import generation_service_pb2_grpc as generation_grpc
from kinora.identity.v1 import identity_service_pb2 as identity_pb
from kinora.identity.v1 import identity_service_pb2_grpc as identity_grpc
from kinora_kit import identity
from kinora_kit.errors import NotFound
from kinora_kit.service import Adapters, Service


class NoSuchVideo(NotFound): ...


@dataclass
class StandInGeneration(generation_grpc.GenerationServiceServicer):
    archived: dict[str, pb.ArchivedVideo] = field(default_factory=dict)

    def add(self, video, video_key, **keys):
        self.archived[video.id] = pb.ArchivedVideo(video=video, video_key=video_key, **keys)

    async def GetVideo(self, request, context):
        found = self.archived.get(request.video_id)
        if found is None or found.video.account_id != identity.current().account_id:
            raise NoSuchVideo("No such video", param="video_id")
        return pb.GetVideoResponse(video=found.video)

    async def ListForArchive(self, request, context):
        """A page of one, so that everybody has to turn pages."""
        assert identity.current().role == "service"
        finished = [each for each in self.archived.values() if each.video.status == pb.VIDEO_STATUS_COMPLETED]
        own = [each for each in finished if each.video.account_id == request.account_id]
        start = [each.video.id for each in own].index(request.after) + 1 if request.after else 0
        more = start + 1 < len(own)
        return pb.ListForArchiveResponse(videos=own[start : start + 1], next=own[start].video.id if more else "")


class StandInIdentity(identity_grpc.IdentityServiceServicer):
    async def GetAccount(self, request, context):
        who = identity.current().account_id
        return identity_pb.GetAccountResponse(account=identity_pb.Account(id=who, handle=who.removeprefix("acct_")))


def neighbours(generation):
    """A builder for `serving`."""

    def build(_adapters: Adapters) -> Service:
        def register(server: grpc.aio.Server) -> None:
            generation_grpc.add_GenerationServiceServicer_to_server(generation, server)
            identity_grpc.add_IdentityServiceServicer_to_server(StandInIdentity(), server)

        return Service(name="neighbours", register=register)

    return build
