"""The gateway as a service: only an HTTP app, no database, no rpcs of its own."""

from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from kinora.identity.v1.credentials_service_pb2_grpc import CredentialsServiceStub
from kinora.identity.v1.entry_service_pb2_grpc import EntryServiceStub
from kinora.identity.v1.family_service_pb2_grpc import FamilyServiceStub
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceStub
from kinora.identity.v1.oauth_service_pb2_grpc import OAuthServiceStub
from kinora.identity.v1.passkey_service_pb2_grpc import PasskeyServiceStub
from kinora.identity.v1.security_service_pb2_grpc import SecurityServiceStub
from kinora.identity.v1.session_service_pb2_grpc import SessionServiceStub
from kinora.provenance.v1.check_service_pb2_grpc import CheckServiceStub
from kinora.provenance.v1.export_service_pb2_grpc import ExportServiceStub
from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceStub
from kinora_kit.service import Adapters, Service
from sse_starlette.sse import AppStatus

from kinora_gateway.app import create_app
from kinora_gateway.auth import KeyRing
from kinora_gateway.limits import Limits
from kinora_gateway.session import Gateway
from kinora_gateway.settings import Settings


def build(adapters: Adapters) -> Service:
    settings = Settings()
    channels = {owner: adapters.channel(owner) for owner in ("identity", "generation", "provenance", "cameo")}
    sessions = SessionServiceStub(channels["identity"])
    gateway = Gateway(
        settings=settings,
        secret=adapters.internal_secret,
        public_url=adapters.public_url,
        media=adapters.media,
        identity=IdentityServiceStub(channels["identity"]),
        sessions=sessions,
        oauth=OAuthServiceStub(channels["identity"]),
        credentials=CredentialsServiceStub(channels["identity"]),
        security=SecurityServiceStub(channels["identity"]),
        passkeys=PasskeyServiceStub(channels["identity"]),
        family=FamilyServiceStub(channels["identity"]),
        entry=EntryServiceStub(channels["identity"]),
        liveness=LivenessServiceStub(channels["identity"]),
        generation=GenerationServiceStub(channels["generation"]),
        provenance=ProvenanceServiceStub(channels["provenance"]),
        checks=CheckServiceStub(channels["provenance"]),
        exports=ExportServiceStub(channels["provenance"]),
        cameo=CameoServiceStub(channels["cameo"]),
        channels=channels,
        keys=KeyRing(sessions, adapters.internal_secret, keep_s=settings.key_cache_s, timeout_s=settings.rpc_timeout_s),
        limits=Limits.of(settings),
    )
    return Service(name="gateway", app=create_app(gateway), on_start=_open_streams, on_drain=_end_streams)


async def _open_streams() -> None:
    AppStatus.should_exit = False


def _end_streams() -> None:
    """Event streams end within half a second; their clients connect again, elsewhere."""
    AppStatus.should_exit = True
