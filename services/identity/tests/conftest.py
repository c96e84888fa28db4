# ruff: noqa: N802, ARG002 - the contract of the stand-in names the methods and their arguments
import asyncio
import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

import grpc
import pytest
from kinora.identity.v1 import (
    credentials_service_pb2,
    entry_service_pb2,
    family_service_pb2,
    identity_service_pb2,
    liveness_service_pb2,
    oauth_service_pb2,
    passkey_service_pb2,
    security_service_pb2,
    session_service_pb2,
)
from kinora.identity.v1.credentials_service_pb2_grpc import CredentialsServiceStub
from kinora.identity.v1.entry_service_pb2_grpc import EntryServiceStub
from kinora.identity.v1.family_service_pb2_grpc import FamilyServiceStub
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceStub
from kinora.identity.v1.oauth_service_pb2_grpc import OAuthServiceStub
from kinora.identity.v1.passkey_service_pb2_grpc import PasskeyServiceStub
from kinora.identity.v1.security_service_pb2_grpc import SecurityServiceStub
from kinora.identity.v1.session_service_pb2_grpc import SessionServiceStub
from kinora.likeness.v1 import likeness_service_pb2 as likeness_pb
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceServicer, add_LikenessServiceServicer_to_server
from kinora_identity.domain import SCOPES
from kinora_identity.main import build
from kinora_kit.errors import InvalidArgument, NotFound, RemoteError, ResourceExhausted, remote_errors
from kinora_kit.events import Outgoing
from kinora_kit.identity import Identity
from kinora_kit.service import Service
from kinora_media.store import MediaMissing
from kinora_testkit.cast import as_user
from kinora_testkit.mail import mail_server
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving

CONTRACTS = (
    (identity_service_pb2, IdentityServiceStub),
    (entry_service_pb2, EntryServiceStub),
    (session_service_pb2, SessionServiceStub),
    (oauth_service_pb2, OAuthServiceStub),
    (security_service_pb2, SecurityServiceStub),
    (passkey_service_pb2, PasskeyServiceStub),
    (family_service_pb2, FamilyServiceStub),
    (liveness_service_pb2, LivenessServiceStub),
    (credentials_service_pb2, CredentialsServiceStub),
)


@pytest.fixture(scope="session")
async def mailbox():
    async with mail_server() as running:
        yield running


@pytest.fixture(scope="session")
def settings(mailbox):
    """Cheap passwords, and mails that come at once to the catcher."""
    with pytest.MonkeyPatch.context() as patch:
        costs = {"PASSWORD_MEMORY_KIB": "64", "PASSWORD_PASSES": "1", "PASSWORD_LANES": "1"}
        mails = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_TLS": "none", "MAIL_POLL_S": "0.02"}
        liveness = {"LIVENESS_POLL_S": "0.02", "LIVENESS_WORKERS": "2"}
        for name, value in (costs | mails | liveness).items():
            patch.setenv(f"IDENTITY_{name}", value)
        yield


class Eyes(LikenessServiceServicer):
    """In likeness's place: a challenge of half a second; of a clip it says what the clip's own JSON says, and notes what it was shown."""

    def __init__(self):
        self.media, self.shown, self.answered = None, {}, []

    async def MakeChallenge(self, request, context):
        if request.language == "xx":
            raise InvalidArgument("There is no speech model for xx; there are: en.", param="language")
        pace = {"en-x-long": 100, "en-x-short": 0.1}.get(request.language, 1)
        items = [
            likeness_pb.ChallengeItem(after_s=0.15 * pace, prompt="Say lantern", word="lantern"),
            likeness_pb.ChallengeItem(after_s=0.3 * pace, prompt="Turn your head to your left, and back", move="left"),
        ]
        return likeness_pb.MakeChallengeResponse(challenge_json=f"a challenge in {request.language}", items=items, ends_s=0.45 * pace)

    async def AnalyseClip(self, request, context):
        try:
            told = json.loads(await self.media.get(request.clip_key))
        except MediaMissing:
            raise NotFound("There is no such clip.") from None
        tries = self.shown.setdefault(told["id"], [])
        tries.append(request)
        await asyncio.sleep(told.get("takes_s", 0))
        self.answered.append(told["id"])
        if len(tries) <= told.get("busy", 0):
            raise ResourceExhausted("All slots are taken.")
        if len(tries) <= told.get("breaks", 0):
            raise RuntimeError("a bug")
        reasons = [likeness_pb.Reason(code=code, advice=f"About {code}.") for code in told.get("reasons", [])]
        outcome = likeness_pb.Outcome.Value(f"OUTCOME_{told['outcome'].upper()}")
        return likeness_pb.AnalyseClipResponse(outcome=outcome, reasons=reasons, remarks=told.get("remarks", []))

    def build(self, adapters):
        self.media = adapters.media
        return Service("likeness", register=lambda server: add_LikenessServiceServicer_to_server(self, server))


@pytest.fixture(scope="session")
def eyes():
    return Eyes()


@pytest.fixture(scope="session")
async def served(postgres_url, tmp_path_factory, settings, eyes):
    """One identity service for all tests: accounts do not get in each other's way."""
    folder = tmp_path_factory.mktemp("state")
    async with fresh_database(postgres_url) as url, serving(build, eyes.build, database_url=url, state_dir=folder) as running:
        yield running


@pytest.fixture(scope="session")
def adapters(served):
    return served.adapters


@dataclass
class Caller:
    """Somebody who asks identity: `await bob("GetAccount")`."""

    channel: grpc.aio.Channel
    identity: Identity

    async def __call__(self, rpc, request_id=None, **fields):
        pb, stub = next(pair for pair in CONTRACTS if hasattr(pair[0], rpc + "Request"))
        request = getattr(pb, rpc + "Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request_id or uuid4().hex
        with remote_errors():
            return await getattr(stub(self.channel), rpc)(request, metadata=as_user(self.identity))

    def with_scopes(self, *scopes):
        """The same person with a lesser key."""
        return Caller(self.channel, Identity(self.identity.account_id, self.identity.role, frozenset(scopes)))


PASSWORD = "three wombats under a lamp"


@dataclass
class Person(Caller):
    handle: str
    email: str

    def in_session(self, session_id, *, stepped_up=False):
        """The same person, signed in instead of by key."""
        identity = replace(self.identity, session_id=session_id, key_id="", stepped_up=stepped_up)
        return Person(self.channel, identity, self.handle, self.email)

    def as_role(self, role):
        return Person(self.channel, replace(self.identity, role=role), self.handle, self.email)


@contextmanager
def _refused(reason, param=None):
    with pytest.raises(RemoteError) as caught:
        yield
    assert (caught.value.reason, caught.value.param) == (reason, param)


@pytest.fixture
def refused():
    return _refused


@pytest.fixture
def tell(adapters):
    """Publishes another service's event."""

    async def publish(event, key):
        kind = event.DESCRIPTOR
        await adapters.events.publish([Outgoing(str(uuid4()), kind.file.package, kind.full_name, key, event.SerializeToString())])

    return publish


@pytest.fixture(scope="session")
def gateway(served):
    return Caller(served.channel, Identity("gateway", role="service"))


@pytest.fixture(scope="session")
async def ada(gateway, adapters):
    """The operator of the first start, known by the key that was written."""
    secret = (adapters.state_dir / "first_admin.key").read_text().strip()
    owner = await gateway("VerifyBearer", bearer=secret)
    return Caller(gateway.channel, Identity(owner.account.id, "operator", frozenset(owner.scopes), owner.key_id))


@pytest.fixture
async def bob(ada):
    return await _opened(ada, "bob")


@pytest.fixture
async def cleo(ada):
    return await _opened(ada, "cleo")


async def _opened(operator, name):
    reply = await operator("CreateAccount", handle=f"{name}_{uuid4().hex[:12]}")
    return Caller(operator.channel, Identity(reply.account.id, "user", frozenset(SCOPES)))


@pytest.fixture
async def person(ada, gateway, mailbox):
    """Somebody who signed up: adult, with a password and a mailbox."""
    return await sign_up(ada, gateway, mailbox)


@pytest.fixture
def enter(ada, gateway, mailbox):
    """Signs somebody up: `await enter(birth_date="2012-01-01")`."""
    return partial(sign_up, ada, gateway, mailbox)


async def sign_up(ada, gateway, mailbox, **changes):
    name = f"pat_{uuid4().hex[:12]}"
    invite = (await ada("GrantInvites", count=1)).invites[0].code
    wanted = {"handle": name, "email": f"{name}@example.org", "birth_date": "1990-05-17", "password": PASSWORD} | changes
    await gateway("SignUp", **wanted, invite_code=invite)
    opened = await gateway("ConfirmSignUp", token=await mailbox.token(wanted["email"], subject="Confirm"))
    return Person(gateway.channel, Identity(opened.account.id, "user", frozenset(SCOPES)), wanted["handle"], wanted["email"])
