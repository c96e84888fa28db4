from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from kinora.generation.v1.events_pb2 import Still, VideoRendered
from kinora.provenance.v1 import provenance_service_pb2 as pb
from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceStub
from kinora_kit.errors import remote_errors
from kinora_kit.events import Outgoing
from kinora_media.encode import Mp4Writer
from kinora_provenance import ca, credentials
from kinora_provenance.domain import Film
from kinora_provenance.main import build
from kinora_provenance.signing_keys import in_file
from kinora_testkit.cast import as_user
from kinora_testkit.services import serving


def _master(path, seconds, width, height):
    """Moving colours and noise to hear."""
    y, x = np.mgrid[:height, :width]
    grain = np.random.default_rng(2).integers(-20, 20, (height, width))
    with Mp4Writer(path, width, height, 24) as out:
        out.audio(np.random.default_rng(1).uniform(-0.2, 0.2, (seconds * 48_000, 2)).astype(np.float32))
        for index in range(seconds * 24):
            shown = np.stack([(x + 4 * index) % 256, y % 256, 0 * x + 128], axis=2) + grain[..., None]
            out.frame(np.clip(shown, 0, 255).astype(np.uint8))
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """A small master of one second."""
    return _master(tmp_path_factory.mktemp("clip") / "raw.mp4", 1, 320, 180)


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory):
    """A master long and large enough for its marks to be read."""
    return _master(tmp_path_factory.mktemp("clip") / "raw.mp4", 3, 640, 360)


@pytest.fixture(scope="session")
def film():
    def make(**fields):
        defaults = {"video_id": f"video_{uuid4().hex}", "attempt_id": "att_1", "account_id": "acct_bob", "title": "A red fox in the snow"}
        defaults |= {"engine": "world", "engine_version": "1.2", "trained": False, "remixed_from_video_id": ""}
        film = defaults | fields
        folder = f"videos/{film['video_id']}/{film['attempt_id']}"
        return Film(**{"video_key": f"{folder}/raw.mp4", "sealed_key": f"{folder}/video.mp4"} | film)

    return make


def _operators_own(folder, key):
    """A chain as a public CA would sell it: the root's key is not ours."""
    root_key, now = ec.generate_private_key(ec.SECP384R1()), datetime.now(UTC)

    def issue(name, subject_key, issuer, *, is_ca):
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Films Ltd"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = x509.CertificateBuilder(issuer or subject, subject, _public(subject_key), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
        builder = builder.add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        builder = builder.add_extension(ca._key_usage(is_ca=is_ca), critical=True)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        if not is_ca:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        return builder.sign(root_key, hashes.SHA256())

    root = issue("Films root", root_key, None, is_ca=True)
    leaf = issue("Films signer", key, root.subject, is_ca=False)
    (folder / "chain.pem").write_bytes(leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    if hasattr(key, "private_bytes"):
        (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "chain.pem", folder / "key.pem"


def _public(key):
    """Of a private key; a public one is of a key that lies elsewhere."""
    return key.public_key() if hasattr(key, "public_key") else key


@pytest.fixture(scope="session")
def operators_own(tmp_path_factory):
    """Certificate and key files of an operator."""

    def make(key=None):
        return _operators_own(tmp_path_factory.mktemp("operator"), key or ec.generate_private_key(ec.SECP256R1()))

    return make


@pytest.fixture(scope="session", params=["development", "p256", "p384", "ed25519", "rsa"])
def signer(request, operators_own, tmp_path_factory):
    """Every kind of signing credentials in turn: the contract is the same."""
    keys = {
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    if request.param == "development":
        return ca.development(tmp_path_factory.mktemp("ca"))
    certificates, key = operators_own(keys[request.param]())
    return credentials.load(certificates, partial(in_file, key))


class Kinora:
    """A running provenance service, and the event log and media around it."""

    def __init__(self, served, told):
        self.media, self._events, self._told = served.adapters.media, served.adapters.events, told
        self._stub = ProvenanceServiceStub(served.channel)
        self.state_dir, self.channel = served.adapters.state_dir, served.channel

    async def render(self, film, data, event_id=None):
        """The engine stores a film and generation tells of it."""
        if data is not None:
            await self.media.put(film.video_key, data, content_type="video/mp4")
        names = [field.name for field in VideoRendered.DESCRIPTOR.fields if field.name != "stills"]
        stills = [Still(**asdict(still)) for still in film.stills]
        await self.tell(VideoRendered(**{name: getattr(film, name) for name in names}, stills=stills), film.video_id, event_id)

    async def tell(self, event, key, event_id=None):
        kind = event.DESCRIPTOR
        await self._events.publish([Outgoing(event_id or str(uuid4()), kind.file.package, kind.full_name, key, event.SerializeToString())])

    async def next_fact(self):
        """The next thing that provenance tells."""
        async for event in self._told:
            return event.parse({cls.DESCRIPTOR.full_name: cls for cls in (VideoSealed, VideoSealFailed)}[event.type])
        raise AssertionError("the log ended")

    async def seal_of(self, video_id, who):
        with remote_errors():
            return (await self._stub.GetSeal(pb.GetSealRequest(video_id=video_id), metadata=as_user(who))).seal


@pytest.fixture
def running(database_url, tmp_path):
    @asynccontextmanager
    async def run():
        async with (
            serving(build, database_url=database_url, state_dir=tmp_path) as served,
            aclosing(served.adapters.events.subscribe("test", ["kinora.provenance.v1"])) as told,
        ):
            yield Kinora(served, told)

    return run


@pytest.fixture
async def kinora(running):
    async with running() as kinora:
        yield kinora
