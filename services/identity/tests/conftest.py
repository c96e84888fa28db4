from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kinora_identity.domain import SCOPES
from kinora_identity.main import build
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving


@pytest.fixture(scope="session")
async def served(postgres_url, tmp_path_factory):
    """One identity service for all tests: accounts do not get in each other's way."""
    async with fresh_database(postgres_url) as url, serving(build, database_url=url, state_dir=tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture(scope="session")
def adapters(served):
    return served.adapters


@dataclass
class Caller:
    """Somebody who asks identity: `await bob("GetAccount")`."""

    stub: IdentityServiceStub
    identity: Identity

    async def __call__(self, rpc, request_id=None, **fields):
        request = getattr(pb, rpc + "Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request_id or uuid4().hex
        with remote_errors():
            return await getattr(self.stub, rpc)(request, metadata=as_user(self.identity))

    def with_scopes(self, *scopes):
        """The same person with a lesser key."""
        return Caller(self.stub, Identity(self.identity.account_id, self.identity.role, frozenset(scopes)))


@contextmanager
def _refused(reason, param=None):
    with pytest.raises(RemoteError) as caught:
        yield
    assert (caught.value.reason, caught.value.param) == (reason, param)


@pytest.fixture
def refused():
    return _refused


@pytest.fixture(scope="session")
def gateway(served):
    return Caller(IdentityServiceStub(served.channel), Identity("gateway", role="service"))


@pytest.fixture(scope="session")
async def ada(gateway, adapters):
    """The operator of the first start, known by the key that was written."""
    secret = (adapters.state_dir / "first_admin.key").read_text().strip()
    owner = await gateway("VerifyApiKey", secret=secret)
    return Caller(gateway.stub, Identity(owner.account.id, "operator", frozenset(owner.key.scopes), owner.key.id))


@pytest.fixture
async def bob(ada):
    return await _opened(ada, "bob")


@pytest.fixture
async def cleo(ada):
    return await _opened(ada, "cleo")


async def _opened(operator, name):
    reply = await operator("CreateAccount", handle=f"{name}_{uuid4().hex[:12]}")
    return Caller(operator.stub, Identity(reply.account.id, "user", frozenset(SCOPES)))
