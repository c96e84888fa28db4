"""Which account a bearer token, an API key or an access token, stands for."""

import hashlib
import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import grpc
from kinora.identity.v1.identity_service_pb2 import AgeBand, Role
from kinora.identity.v1.session_service_pb2 import VerifyBearerRequest, VerifyBearerResponse
from kinora_kit import identity
from kinora_kit.identity import Identity

if TYPE_CHECKING:  # the generated module has this name for type checkers alone
    from kinora.identity.v1.session_service_pb2_grpc import SessionServiceAsyncStub

_FORM = re.compile(r"kn_[\x21-\x7e]{1,200}|(?=.{1,4096}$)[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_ROLES = {Role.ROLE_USER: "user", Role.ROLE_MODERATOR: "moderator", Role.ROLE_OPERATOR: "operator"}
_AGE_BANDS = {AgeBand.AGE_BAND_TEEN: "teen", AgeBand.AGE_BAND_ADULT: "adult"}
SELF = Identity("gateway", role="service")


class KeyRing:
    """Asks identity, and remembers a good answer for `keep_s` seconds. Secrets are not kept, only their hashes."""

    def __init__(self, stub: "SessionServiceAsyncStub", secret: bytes, *, keep_s: float, timeout_s: float, max_keys: int = 4096) -> None:
        self._stub = stub
        self._secret = secret
        self._keep_s = keep_s
        self._timeout_s = timeout_s
        self._max_keys = max_keys
        self._known: OrderedDict[bytes, tuple[Identity, float]] = OrderedDict()

    async def verify(self, key: str) -> Identity | None:
        """Asks: the owner, or None when it is malformed, unknown, revoked or expired. Raises grpc.RpcError when identity cannot answer."""
        if not _FORM.fullmatch(key):
            return None
        owner = await self._ask(key)
        if owner is not None:
            self._remember(_digest(key), owner)
        return owner

    def recall(self, key: str) -> Identity | None:
        """The owner, if identity was asked just now."""
        owner, until = self._known.get(_digest(key), (None, 0.0))
        return owner if until > time.monotonic() else None

    def forget(self, key: str) -> None:
        """The next request asks again: something about the owner has changed."""
        self._known.pop(_digest(key), None)

    async def _ask(self, key: str) -> Identity | None:
        call = self._stub.VerifyBearer(
            VerifyBearerRequest(bearer=key), metadata=identity.metadata(SELF, self._secret), timeout=self._timeout_s
        )
        try:
            return _owner(await call)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNAUTHENTICATED:
                return None
            raise

    def _remember(self, digest: bytes, owner: Identity) -> None:
        self._known[digest] = (owner, time.monotonic() + self._keep_s)
        if len(self._known) > self._max_keys:
            self._known.popitem(last=False)


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="replace")).digest()


def _owner(reply: VerifyBearerResponse) -> Identity:
    account = reply.account
    age_band = _AGE_BANDS.get(account.age_band, "unknown")
    scopes = frozenset(reply.scopes)
    return Identity(account.id, _ROLES[account.role], scopes, reply.key_id, reply.session_id, age_band, reply.stepped_up)
