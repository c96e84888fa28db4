"""The neighbours: identity, which knows who was before the camera, and likeness, which looks at clips and pictures.

What they refuse goes on to the caller in their words (RemoteError), as does that they cannot be reached or have no time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import grpc
from kinora.identity.v1.identity_service_pb2 import GetAccountRequest
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kinora.identity.v1.liveness_service_pb2 import RedeemLivenessRequest, RedeemLivenessResponse
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceStub
from kinora.likeness.v1.likeness_service_pb2 import (
    CutOutRequest,
    CutOutResponse,
    LookAtRequest,
    LookAtResponse,
    TakeLikenessRequest,
    TakeLikenessResponse,
)
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceStub
from kinora_kit import identity
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity

from kinora_cameo.domain import FileGone

if TYPE_CHECKING:  # the generated modules have these names for type checkers alone
    from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceAsyncStub
    from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceAsyncStub
    from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceAsyncStub

_SELF = Identity("cameo", role="service")
_FILES = {"clip_key", "source_key"}
_LOOKING_S = 60.0
"""Looking takes seconds, and more where many look."""


class Neighbours:
    def __init__(self, to_identity: grpc.aio.Channel, to_likeness: grpc.aio.Channel, secret: bytes) -> None:
        self._accounts: IdentityServiceAsyncStub = IdentityServiceStub(to_identity)
        self._liveness: LivenessServiceAsyncStub = LivenessServiceStub(to_identity)
        self._eyes: LikenessServiceAsyncStub = LikenessServiceStub(to_likeness)
        self._secret = secret

    async def handle(self, caller: Identity) -> str:
        """Of the caller's account, without "@"."""
        with remote_errors():
            reply = await self._accounts.GetAccount(GetAccountRequest(), metadata=identity.metadata(caller, self._secret))
        return reply.account.handle

    async def is_erased(self, caller: Identity) -> bool:
        """Whether the caller's account is known to be gone."""
        try:
            await self.handle(caller)
        except RemoteError as error:
            return error.code is grpc.StatusCode.NOT_FOUND
        return False

    async def redeem(self, session_id: str, account_id: str) -> RedeemLivenessResponse:
        """One likeness per session, so it stands for the request too: whoever failed after this may redeem it again."""
        request = RedeemLivenessRequest(request_id=f"enrol {session_id}", session_id=session_id, account_id=account_id)
        with remote_errors():
            return await self._liveness.RedeemLiveness(request, metadata=self._own())

    async def take_likeness(self, clip_key: str, *, voice: bool) -> TakeLikenessResponse:
        """Raises FileGone."""
        with _looking("session_id"):
            request = TakeLikenessRequest(clip_key=clip_key, voice=voice)
            return await self._eyes.TakeLikeness(request, metadata=self._own(), timeout=_LOOKING_S)

    async def look_at(self, source_key: str) -> LookAtResponse:
        """Raises FileGone."""
        with _looking("source_key"):
            return await self._eyes.LookAt(LookAtRequest(source_key=source_key), metadata=self._own(), timeout=_LOOKING_S)

    async def cut_out(self, request: CutOutRequest) -> CutOutResponse:
        """Raises FileGone."""
        with _looking("thing_id"):
            return await self._eyes.CutOut(request, metadata=self._own(), timeout=_LOOKING_S)

    def _own(self) -> tuple[tuple[str, str], ...]:
        return identity.metadata(_SELF, self._secret)


@contextmanager
def _looking(param: str) -> Iterator[None]:
    """`param`: the field by which our caller named the file."""
    try:
        with remote_errors():
            yield
    except RemoteError as error:
        if error.param in _FILES:
            error.param = param
        if error.code is grpc.StatusCode.NOT_FOUND:
            raise FileGone("The clip or picture is not kept any more; hand in another one.", param=param) from error
        raise
