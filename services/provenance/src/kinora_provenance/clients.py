"""What provenance asks of its neighbours: names and ages of makers, consent to likenesses, the job behind a video, finished videos."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import grpc
from kinora.cameo.v1.cameo_service_pb2 import GetVideoConsentRequest, VideoConsent
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.generation_service_pb2 import ArchivedVideo, GetVideoRequest, ListForArchiveRequest, TraceVideoRequest, Video
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from kinora.identity.v1.identity_service_pb2 import AgeBand, GetAccountRequest, NameAccountsRequest
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kinora_kit import identity
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity

_SELF = Identity("provenance", role="service")


@dataclass(frozen=True)
class Person:
    """Somebody with an account: "ada", and whether they are known to be 18 or over."""

    handle: str
    adult: bool


class Directory:
    """Failures are told as RemoteError."""

    def __init__(self, channel: Callable[[str], grpc.aio.Channel], secret: bytes) -> None:
        self._identity = IdentityServiceStub(channel("identity"))
        self._cameo = CameoServiceStub(channel("cameo"))
        self._generation = GenerationServiceStub(channel("generation"))
        self._secret = secret

    async def people(self, account_ids: Sequence[str]) -> dict[str, Person]:
        """Those that there are, by account."""
        if not account_ids:
            return {}
        with remote_errors():
            request = NameAccountsRequest(account_ids=account_ids)
            found = await self._identity.NameAccounts(request, metadata=identity.metadata(_SELF, self._secret))
        return {each: Person(handle, found.age_bands.get(each) == AgeBand.AGE_BAND_ADULT) for each, handle in found.handles.items()}

    async def consents(self, video_id: str) -> Sequence[VideoConsent]:
        """How each stands now."""
        with remote_errors():
            request = GetVideoConsentRequest(video_id=video_id)
            return (await self._cameo.GetVideoConsent(request, metadata=identity.metadata(_SELF, self._secret))).consents

    async def job(self, caller: Identity, video_id: str) -> Video | None:
        """Asked in the moderator's own name; None for a deleted one."""
        try:
            with remote_errors():
                request = TraceVideoRequest(video_id=video_id)
                return (await self._generation.TraceVideo(request, metadata=identity.metadata(caller, self._secret))).video
        except RemoteError as refused:
            if refused.code is grpc.StatusCode.NOT_FOUND:
                return None
            raise

    async def own_video(self, caller: Identity, video_id: str) -> Video:
        """One of the caller's."""
        with remote_errors():
            request = GetVideoRequest(video_id=video_id)
            return (await self._generation.GetVideo(request, metadata=identity.metadata(caller, self._secret))).video

    async def handle(self, caller: Identity) -> str:
        """Without "@"."""
        with remote_errors():
            reply = await self._identity.GetAccount(GetAccountRequest(), metadata=identity.metadata(caller, self._secret))
        return reply.account.handle

    async def finished_videos(self, account_id: str) -> AsyncIterator[ArchivedVideo]:
        """All of them, a page at a time."""
        after = ""
        while True:
            request = ListForArchiveRequest(account_id=account_id, after=after)
            with remote_errors():
                page = await self._generation.ListForArchive(request, metadata=identity.metadata(_SELF, self._secret))
            for each in page.videos:
                yield each
            if not (after := page.next):
                return
