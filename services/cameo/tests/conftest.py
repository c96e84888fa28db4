import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.events_pb2 import CameoInVideo, VideoQueued
from kinora_cameo.main import build
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.events import Outgoing
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from sqlalchemy import text


async def eventually(check, within_s=5):
    """What `check` is awaited for, as soon as that is true."""
    async with asyncio.timeout(within_s):
        while not (found := await check()):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    return found


@pytest.fixture(name="eventually", scope="session")
def _eventually():
    return eventually


@pytest.fixture(scope="session")
async def served(postgres_url, tmp_path_factory):
    """One cameo service for all tests: owners do not get in each other's way."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("CAMEO_POLL_S", "0.02")
        folder = tmp_path_factory.mktemp("state")
        async with fresh_database(postgres_url) as url, serving(build, database_url=url, state_dir=folder) as running:
            yield running


@dataclass
class Caller:
    """Somebody who asks: `await bob("GetCameo", cameo_id=…)`."""

    stub: CameoServiceStub
    identity: Identity

    @property
    def id(self):
        return self.identity.account_id

    async def __call__(self, rpc, request_id=None, **fields):
        request = getattr(pb, rpc + "Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request_id or uuid4().hex
        with remote_errors():
            return await getattr(self.stub, rpc)(request, metadata=as_user(self.identity))


@pytest.fixture(scope="session")
def as_caller(served):
    """Whoever it may be."""
    return lambda identity: Caller(CameoServiceStub(served.channel), identity)


@pytest.fixture
def somebody(as_caller):
    """A person with an account of this test's own."""
    return lambda name: as_caller(Identity(f"acct_{name}_{uuid4().hex[:12]}"))


@pytest.fixture
def bob(somebody):
    return somebody("bob")


@pytest.fixture
def cleo(somebody):
    return somebody("cleo")


@pytest.fixture(scope="session")
def generation(as_caller):
    return as_caller(Identity("generation", "service"))


@pytest.fixture(scope="session")
def operator(as_caller):
    return as_caller(Identity("acct_ada", "operator", frozenset({"admin"})))


@contextmanager
def _refused(reason, param=None):
    with pytest.raises(RemoteError) as caught:
        yield caught
    assert (caught.value.reason, caught.value.param) == (reason, param)


@pytest.fixture
def refused():
    return _refused


@pytest.fixture
def enrol(generation):
    """Enrols a likeness as the service does that checked it."""

    async def enrolled(owner, kind=pb.CAMEO_KIND_PERSON, **fields):
        defaults = {"account_handle": owner.id[5:], "session_id": f"live_{uuid4().hex}", "package": b"a face, and " + bytes(5000)}
        return (await generation("EnrolCameo", account_id=owner.id, kind=kind, **defaults | fields)).cameo

    return enrolled


@pytest.fixture
def enrol_old(enrol, sql):
    """A cameo whose first 24 hours are over."""

    async def enrolled(owner, **fields):
        cameo = await enrol(owner, **fields)
        await sql("update cameos set only_me_until = now() - interval '1 s' where id = :id", id=cameo.id)
        return cameo

    return enrolled


@pytest.fixture
def sql(served):
    async def run(statement, **bound):
        async with served.services[0].database.begin() as tx:
            result = await tx.execute(text(statement), bound)
            return result.all() if result.returns_rows else []

    return run


@pytest.fixture
def told(sql):
    """What was told of one key, oldest first."""

    async def payloads(event_type, key):
        rows = await sql(
            "select payload from outbox where type = :t and key = :key order by id", t=event_type.DESCRIPTOR.full_name, key=key
        )
        return [event_type.FromString(row.payload) for row in rows]

    return payloads


@pytest.fixture
def tell(served):
    """Publishes another service's event."""

    async def publish(event, key):
        kind = event.DESCRIPTOR
        await served.adapters.events.publish([Outgoing(str(uuid4()), kind.file.package, kind.full_name, key, event.SerializeToString())])

    return publish


class Video:
    """What generation does with one video."""

    def __init__(self, generation, tell, sql, eventually, maker, *cameos, speaks=False):
        self.id = f"video_{uuid4().hex}"
        self.maker, self.cameos, self._speaks = maker, cameos, speaks
        self._generation, self._tell, self._sql, self._eventually = generation, tell, sql, eventually

    async def asks(self, stage):
        cast = [pb.CastMember(handle=cameo.handle, speaks=self._speaks) for cameo in self.cameos]
        return (await self._generation("Authorize", stage=stage, account_id=self.maker.id, video_id=self.id, cast=cast)).cameos

    async def queued(self):
        await self.tells_of_its_queueing()
        return await self._eventually(self.uses)

    async def tells_of_its_queueing(self):
        members = [CameoInVideo(cameo_id=c.id, handle=c.handle, speaks=self._speaks) for c in self.cameos]
        await self.says(VideoQueued(video_id=self.id, account_id=self.maker.id, cameos=members))

    async def says(self, event):
        await self._tell(event, self.id)

    async def uses(self):
        return await self._sql("select * from uses where video_id = :id", id=self.id)

    async def rendered(self):
        for stage in (pb.STAGE_SUBMIT, pb.STAGE_DISPATCH, pb.STAGE_PUBLISH):
            await self.asks(stage)
            if stage == pb.STAGE_SUBMIT:
                await self.queued()
        return self


@pytest.fixture
def video(generation, tell, sql, eventually):
    def make(maker, *cameos, **fields):
        return Video(generation, tell, sql, eventually, maker, *cameos, **fields)

    return make
