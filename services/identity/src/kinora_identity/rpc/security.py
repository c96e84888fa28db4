"""kinora.identity.v1.SecurityService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import security_service_pb2 as pb
from kinora.identity.v1.security_service_pb2_grpc import SecurityServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current
from kinora_media.store import MediaStore

from kinora_identity import audit, privacy, roles, wire
from kinora_identity.clients import Postman
from kinora_identity.factors import Security

Context = grpc.aio.ServicerContext[Any, Any]


class SecurityRpc(SecurityServiceServicer):
    def __init__(self, database: Database, security: Security, postman: Postman, media: MediaStore) -> None:
        self._database, self._security, self._postman, self._media = database, security, postman, media

    async def StepUp(self, request: pb.StepUpRequest, context: Context) -> pb.StepUpResponse:
        return pb.StepUpResponse(until=await self._security.step_up(current(), request))

    async def GetFactors(self, request: pb.GetFactorsRequest, context: Context) -> pb.GetFactorsResponse:
        found = await self._security.get_factors(current())
        return pb.GetFactorsResponse(password=found.password, totp=found.totp, recovery_codes=found.recovery_codes, passkeys=found.passkeys)

    async def StartTotp(self, request: pb.StartTotpRequest, context: Context) -> pb.StartTotpResponse:
        secret, uri = await self._security.start_totp(current())
        return pb.StartTotpResponse(secret=secret, uri=uri)

    async def ConfirmTotp(self, request: pb.ConfirmTotpRequest, context: Context) -> pb.ConfirmTotpResponse:
        return pb.ConfirmTotpResponse(recovery_codes=await self._security.confirm_totp(current(), request.code))

    async def RemoveTotp(self, request: pb.RemoveTotpRequest, context: Context) -> pb.RemoveTotpResponse:
        await self._security.remove_totp(current())
        return pb.RemoveTotpResponse()

    async def SetRole(self, request: pb.SetRoleRequest, context: Context) -> pb.SetRoleResponse:
        return await roles.set_role(self._database, current(), request)

    async def ListAudit(self, request: pb.ListAuditRequest, context: Context) -> pb.ListAuditResponse:
        entries = await audit.list_entries(self._database, current(), request.before)
        return pb.ListAuditResponse(entries=[wire.audit_entry(entry) for entry in entries])

    async def CheckAudit(self, request: pb.CheckAuditRequest, context: Context) -> pb.CheckAuditResponse:
        found = await audit.check(self._database, current())
        return pb.CheckAuditResponse(entries=found.entries, first_broken=found.first_broken, head_sha256=found.head.hex())

    async def ExportAccount(self, request: pb.ExportAccountRequest, context: Context) -> pb.ExportAccountResponse:
        return pb.ExportAccountResponse(export_json=await privacy.export_account(self._database, self._media, current()))

    async def EraseAccount(self, request: pb.EraseAccountRequest, context: Context) -> pb.EraseAccountResponse:
        await privacy.erase_account(self._database, self._postman, current(), request.account_id)
        return pb.EraseAccountResponse()
