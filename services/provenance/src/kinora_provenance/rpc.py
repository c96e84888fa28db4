"""kinora.provenance.v1.ProvenanceService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

import grpc
from kinora.provenance.v1 import provenance_service_pb2 as pb
from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_provenance.credits import get_credit, set_credit
from kinora_provenance.domain import Seal
from kinora_provenance.get_seal import get_seal


class ProvenanceRpc(ProvenanceServiceServicer):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def GetSeal(
        self, request: pb.GetSealRequest, context: grpc.aio.ServicerContext[pb.GetSealRequest, pb.GetSealResponse]
    ) -> pb.GetSealResponse:
        return pb.GetSealResponse(seal=_seal(await get_seal(self._database, current(), request.video_id)))

    async def GetCredit(
        self, request: pb.GetCreditRequest, context: grpc.aio.ServicerContext[pb.GetCreditRequest, pb.GetCreditResponse]
    ) -> pb.GetCreditResponse:
        return pb.GetCreditResponse(named=await get_credit(self._database, current()))

    async def SetCredit(
        self, request: pb.SetCreditRequest, context: grpc.aio.ServicerContext[pb.SetCreditRequest, pb.SetCreditResponse]
    ) -> pb.SetCreditResponse:
        return await set_credit(self._database, current(), request)


def _seal(seal: Seal) -> pb.Seal:
    return pb.Seal(
        video_id=seal.video_id,
        manifest=seal.manifest,
        manifest_label=seal.manifest_label,
        validation_state=seal.validation_state,
        signer=seal.signer,
        development=seal.development,
        sealed_at=int(seal.sealed_at.timestamp()) if seal.sealed_at else 0,
        sha256=seal.sha256,
    )
