"""Wires the service."""

from functools import partial
from pathlib import Path

import grpc
from kinora.identity.v1.identity_service_pb2 import DESCRIPTOR
from kinora.identity.v1.identity_service_pb2_grpc import add_IdentityServiceServicer_to_server
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from kinora_identity.envelope import Envelope
from kinora_identity.first_start import ensure_first_operator
from kinora_identity.rpc import IdentityRpc


def build(adapters: Adapters) -> Service:
    """The identity service over the given adapters."""
    database = Database(adapters.database_url, "identity")
    servicer = IdentityRpc(database, Envelope(adapters.internal_secret))

    def register(server: grpc.aio.Server) -> None:
        add_IdentityServiceServicer_to_server(servicer, server)

    return Service(
        name="identity",
        register=register,
        service_names=[DESCRIPTOR.services_by_name["IdentityService"].full_name],
        database=database,
        migrations=Path(__file__).parent / "migrations",
        on_start=partial(ensure_first_operator, database, adapters.state_dir),
    )
