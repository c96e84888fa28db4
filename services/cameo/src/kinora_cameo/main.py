"""Wires the service."""

from functools import partial
from pathlib import Path

import grpc
from kinora.cameo.v1.cameo_service_pb2 import DESCRIPTOR
from kinora.cameo.v1.cameo_service_pb2_grpc import add_CameoServiceServicer_to_server
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from kinora_cameo import keyring
from kinora_cameo.clients import Neighbours
from kinora_cameo.consumers import handlers
from kinora_cameo.keyring import Keyring
from kinora_cameo.receipts import Notary
from kinora_cameo.rpc import CameoRpc
from kinora_cameo.settings import Settings
from kinora_cameo.sweep import sweep
from kinora_cameo.vault import Vault

_log = log.get("kinora.cameo")


def build(adapters: Adapters) -> Service:
    """The cameo service over the given adapters."""
    settings = Settings()
    database = Database(adapters.database_url, "cameo")
    master = _master(settings, adapters.state_dir)
    notary = Notary(database, master, adapters.public_url)
    neighbours = Neighbours(adapters.channel("identity"), adapters.channel("likeness"), adapters.internal_secret)
    servicer = CameoRpc(database, adapters.media, Vault(adapters.media, master), notary, neighbours, settings)

    def register(server: grpc.aio.Server) -> None:
        add_CameoServiceServicer_to_server(servicer, server)

    return Service(
        name="cameo",
        register=register,
        service_names=[DESCRIPTOR.services_by_name["CameoService"].full_name],
        database=database,
        migrations=Path(__file__).parent / "migrations",
        consumers=handlers(),
        on_start=notary.start,
        loops=[partial(sweep, database, adapters.media, settings.poll_s)],
    )


def _master(settings: Settings, state_dir: Path) -> Keyring:
    if settings.master_keys:
        return keyring.given({key_id: key.get_secret_value() for key_id, key in settings.master_keys.items()})
    _log.warning("cameo.local_master_key", file=str(state_dir / keyring.FILE), warning="Set CAMEO_MASTER_KEYS, and keep a copy elsewhere.")
    return keyring.local(state_dir)
