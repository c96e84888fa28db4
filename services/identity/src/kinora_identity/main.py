"""Wires the service."""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import grpc
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
from kinora.identity.v1.credentials_service_pb2_grpc import add_CredentialsServiceServicer_to_server
from kinora.identity.v1.entry_service_pb2_grpc import add_EntryServiceServicer_to_server
from kinora.identity.v1.family_service_pb2_grpc import add_FamilyServiceServicer_to_server
from kinora.identity.v1.identity_service_pb2_grpc import add_IdentityServiceServicer_to_server
from kinora.identity.v1.liveness_service_pb2_grpc import add_LivenessServiceServicer_to_server
from kinora.identity.v1.oauth_service_pb2_grpc import add_OAuthServiceServicer_to_server
from kinora.identity.v1.passkey_service_pb2_grpc import add_PasskeyServiceServicer_to_server
from kinora.identity.v1.security_service_pb2_grpc import add_SecurityServiceServicer_to_server
from kinora.identity.v1.session_service_pb2_grpc import add_SessionServiceServicer_to_server
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from kinora_identity.clients import Likeness, postman
from kinora_identity.consumers import handlers
from kinora_identity.envelope import Envelope
from kinora_identity.factors import Security
from kinora_identity.first_start import ensure_first_operator
from kinora_identity.housekeeping import keep_house
from kinora_identity.liveness.analysing import analyse_all
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.sweep import sweep
from kinora_identity.mails import Outgoing, send_all
from kinora_identity.metrics import watch_mails
from kinora_identity.passkeys import Passkeys
from kinora_identity.passwords import Passwords
from kinora_identity.renewing import Closed, renew_all
from kinora_identity.rpc.credentials import CredentialsRpc
from kinora_identity.rpc.entry import EntryRpc
from kinora_identity.rpc.family import FamilyRpc
from kinora_identity.rpc.identity import IdentityRpc
from kinora_identity.rpc.liveness import LivenessRpc
from kinora_identity.rpc.oauth import OAuthRpc
from kinora_identity.rpc.passkey import PasskeyRpc
from kinora_identity.rpc.security import SecurityRpc
from kinora_identity.rpc.session import SessionRpc
from kinora_identity.settings import Settings
from kinora_identity.signing_keys import SigningKeys
from kinora_identity.tokens import Tokens

_CONTRACTS = (
    identity_service_pb2,
    entry_service_pb2,
    session_service_pb2,
    oauth_service_pb2,
    security_service_pb2,
    passkey_service_pb2,
    family_service_pb2,
    liveness_service_pb2,
    credentials_service_pb2,
)


def build(adapters: Adapters) -> Service:
    """The identity service over the given adapters."""
    settings, secret = Settings(), adapters.internal_secret
    carrier = postman(settings, adapters.state_dir)
    database, passwords = Database(adapters.database_url, "identity"), Passwords(settings)
    mail_envelope = Envelope(secret, "mails")
    outgoing = Outgoing(mail_envelope, adapters.public_url)
    key_envelope, app_envelope = Envelope(secret, "signing keys"), Envelope(secret, "authenticator apps")
    keys = SigningKeys(database, key_envelope)
    identity = IdentityRpc(database, Envelope(secret))
    entry = EntryRpc(database, passwords, outgoing)
    tokens = Tokens(keys, adapters.public_url)
    passkeys = Passkeys(database, adapters.public_url)
    guard = Security(database, passwords, app_envelope, passkeys, urlsplit(adapters.public_url).netloc)
    session = SessionRpc(database, guard, tokens, outgoing)
    oauth, security = OAuthRpc(database, guard, tokens), SecurityRpc(database, guard, carrier, adapters.media)

    closed = (
        Closed("totp", "account_id", "closed_secret", app_envelope),
        Closed("signing_keys", "kid", "closed_private", key_envelope),
        Closed("mails", "id", "closed_body", mail_envelope),
    )
    desk = Desk(database, adapters.media, Likeness(adapters.channel("likeness"), secret), settings)

    def register(server: grpc.aio.Server) -> None:
        add_IdentityServiceServicer_to_server(identity, server)
        add_EntryServiceServicer_to_server(entry, server)
        add_SessionServiceServicer_to_server(session, server)
        add_OAuthServiceServicer_to_server(oauth, server)
        add_SecurityServiceServicer_to_server(security, server)
        add_PasskeyServiceServicer_to_server(PasskeyRpc(passkeys, tokens), server)
        add_FamilyServiceServicer_to_server(FamilyRpc(database, outgoing), server)
        add_LivenessServiceServicer_to_server(LivenessRpc(desk), server)
        add_CredentialsServiceServicer_to_server(CredentialsRpc(database, passwords, outgoing), server)

    async def on_start() -> None:
        await ensure_first_operator(database, adapters.state_dir, settings.first_operator_key.get_secret_value())
        await keys.ensure()

    return Service(
        name="identity",
        register=register,
        service_names=[service.full_name for contract in _CONTRACTS for service in contract.DESCRIPTOR.services_by_name.values()],
        database=database,
        migrations=Path(__file__).parent / "migrations",
        loops=[
            partial(send_all, database, mail_envelope, carrier, settings.mail_poll_s),
            partial(watch_mails, database),
            partial(keep_house, database, keys),
            partial(renew_all, database, closed),
            partial(sweep, desk),
            *[partial(analyse_all, desk)] * settings.liveness_workers,
        ],
        consumers=handlers(),
        on_start=on_start,
    )
