"""Wires the service. No database, no state."""

import grpc
from kinora.likeness.v1.likeness_service_pb2 import DESCRIPTOR
from kinora.likeness.v1.likeness_service_pb2_grpc import add_LikenessServiceServicer_to_server
from kinora_kit.service import Adapters, Service
from kinora_kit.slots import Slots

from kinora_likeness.domain import AllSlotsTaken
from kinora_likeness.files import Files
from kinora_likeness.metrics import SLOTS
from kinora_likeness.rpc import LikenessRpc
from kinora_likeness.settings import Settings


def build(adapters: Adapters) -> Service:
    """The likeness service over the given adapters."""
    settings = Settings()
    servicer = LikenessRpc(Files(adapters.media), Slots(settings.slots, settings.wait_s, taken=AllSlotsTaken, metrics=SLOTS))

    def register(server: grpc.aio.Server) -> None:
        add_LikenessServiceServicer_to_server(servicer, server)

    return Service(name="likeness", register=register, service_names=[DESCRIPTOR.services_by_name["LikenessService"].full_name])
