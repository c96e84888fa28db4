import asyncio
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4
from zipfile import ZipFile

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.events_pb2 import CameoInVideo, VideoQueued
from kinora.identity.v1 import identity_service_pb2 as accounts
from kinora.identity.v1 import liveness_service_pb2 as liveness
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceServicer, add_IdentityServiceServicer_to_server
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceServicer, add_LivenessServiceServicer_to_server
from kinora.likeness.v1 import likeness_service_pb2 as looks
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceServicer, add_LikenessServiceServicer_to_server
from kinora_cameo.main import build
from kinora_kit import identity
from kinora_kit.errors import FailedPrecondition, NotFound, RemoteError, remote_errors
from kinora_kit.events import Outgoing
from kinora_kit.identity import Identity
from kinora_kit.service import Service
from kinora_media.store import MediaMissing
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


def package(vector=(0.0,) * 128, words=b"a face"):
    """A likeness as kinora_faces.likeness packs it, as far as cameo reads it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("about.json", json.dumps({"vector": vector}))
        archive.writestr("texture.png", words)
    return out.getvalue()


class LivenessRedeemed(FailedPrecondition):
    pass


class AccountNotFound(NotFound):
    pass


class ClipMissing(NotFound):
    pass


@dataclass
class StandInIdentity(IdentityServiceServicer, LivenessServiceServicer):
    """A stand-in for identity: every session is approved but those in `refusals`; acct_bob has the handle bob."""

    redeemed: dict = field(default_factory=dict)
    refusals: dict = field(default_factory=dict)
    erased: set = field(default_factory=set)

    async def RedeemLiveness(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current().role == "service"
        if refusal := self.refusals.get(request.session_id):
            raise refusal
        if self.redeemed.setdefault(request.session_id, request) != request:
            raise LivenessRedeemed("This session has given a likeness already.", param="session_id")
        return liveness.RedeemLivenessResponse(clip_key=f"liveness/{request.session_id}.webm", account_handle=request.account_id[5:])

    async def GetAccount(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        caller = identity.current().account_id
        if caller in self.erased:
            raise AccountNotFound("There is no such account.", param="account_id")
        return accounts.GetAccountResponse(account=accounts.Account(id=caller, handle=caller[5:]))

    def build(self, _):
        def register(server):
            add_IdentityServiceServicer_to_server(self, server)
            add_LivenessServiceServicer_to_server(self, server)

        return Service("identity", register=register)


@dataclass
class StandInLikeness(LikenessServiceServicer):
    """A stand-in for likeness: a clip shows the face in `faces`; what is asked about a file in `refusals` is refused."""

    media: object = None
    faces: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    refusals: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    meanwhile: dict = field(default_factory=dict)

    async def TakeLikeness(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        self._asked(request, request.clip_key)
        if happens := self.meanwhile.get(request.clip_key):
            await happens()
        vector = self.faces.get(request.clip_key, (0.0,) * 128)
        return looks.TakeLikenessResponse(package=package(vector, self.words.get(request.clip_key, b"a face")), vector=vector)

    async def LookAt(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        self._asked(request, request.source_key)
        return looks.LookAtResponse(jpeg=await self._file(request.source_key), seconds=2.5)

    async def CutOut(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        self._asked(request, request.source_key)
        cut = b"cut out of " + await self._file(request.source_key)
        return looks.CutOutResponse(package=cut, png=b"PNG " + cut, colours=["#aa8844"])

    def about(self, key):
        """What was asked about a file."""
        return [request for asked, request in self.asked if asked == key]

    def _asked(self, request, key):
        assert identity.current().role == "service"
        self.asked.append((key, request))
        if refusal := self.refusals.get(key):
            raise refusal

    async def _file(self, key):
        try:
            return await self.media.get(key)
        except MediaMissing as missing:
            raise ClipMissing(str(missing)) from missing

    def build(self, adapters):
        self.media = adapters.media
        return Service("likeness", register=lambda server: add_LikenessServiceServicer_to_server(self, server))


@pytest.fixture(scope="session")
def make_neighbours():
    """Builders of a fresh identity and likeness."""
    return lambda: (StandInIdentity().build, StandInLikeness().build)


@pytest.fixture(scope="session")
def identities():
    return StandInIdentity()


@pytest.fixture(scope="session")
def likeness():
    return StandInLikeness()


@pytest.fixture(scope="session")
async def served(postgres_url, tmp_path_factory, identities, likeness):
    """One cameo service for all tests: owners do not get in each other's way."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("CAMEO_POLL_S", "0.02")
        folder = tmp_path_factory.mktemp("state")
        builders = (build, identities.build, likeness.build)
        async with fresh_database(postgres_url) as url, serving(*builders, database_url=url, state_dir=folder) as running:
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
    return lambda name: as_caller(Identity(f"acct_{name}_{uuid4().hex[:12]}", age_band="adult", stepped_up=True))


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
def upload(served):
    """Puts a picture where the gateway does; its media key."""

    async def uploaded(owner, data=b"a picture", suffix=".jpg"):
        key = f"uploads/{owner.id}/{uuid4().hex}{suffix}"
        await served.adapters.media.put(key, data, content_type="image/jpeg")
        return key

    return uploaded


@pytest.fixture
def start(upload):
    """A pet in the making."""

    async def started(owner, kind=pb.CAMEO_KIND_PET, data=b"a picture"):
        return (await owner("StartThing", kind=kind, source_key=await upload(owner, data))).thing_id

    return started


@pytest.fixture
def enrol(start):
    """Enrols the person themselves, or a pet or object under a name."""

    async def enrolled(owner, kind=pb.CAMEO_KIND_PERSON, name="", session_id=""):
        if kind == pb.CAMEO_KIND_PERSON:
            return (await owner("EnrolPerson", session_id=session_id or f"live_{uuid4().hex}")).cameo
        thing_id = await start(owner, kind)
        await owner("CutThing", thing_id=thing_id, **BOX)
        return (await owner("EnrolThing", thing_id=thing_id, name=name)).cameo

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


BOX = {"from": pb.Point(x=0.1, y=0.1), "to": pb.Point(x=0.9, y=0.9)}


@pytest.fixture
def box():
    return BOX


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
