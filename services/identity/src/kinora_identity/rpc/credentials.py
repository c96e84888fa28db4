"""kinora.identity.v1.CredentialsService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import credentials_service_pb2 as pb
from kinora.identity.v1.credentials_service_pb2_grpc import CredentialsServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import credentials, set_up, wire
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords

Context = grpc.aio.ServicerContext[Any, Any]


class CredentialsRpc(CredentialsServiceServicer):
    def __init__(self, database: Database, passwords: Passwords, outgoing: Outgoing) -> None:
        self._database, self._passwords, self._outgoing = database, passwords, outgoing

    async def SendSetUp(self, request: pb.SendSetUpRequest, context: Context) -> pb.SendSetUpResponse:
        await set_up.send_set_up(self._database, self._outgoing, current(), request)
        return pb.SendSetUpResponse()

    async def CompleteSetUp(self, request: pb.CompleteSetUpRequest, context: Context) -> pb.CompleteSetUpResponse:
        account = await set_up.complete_set_up(self._database, self._passwords, current(), request)
        return pb.CompleteSetUpResponse(account=wire.account(account))

    async def ChangeEmail(self, request: pb.ChangeEmailRequest, context: Context) -> pb.ChangeEmailResponse:
        await credentials.change_email(self._database, self._outgoing, current(), request.email)
        return pb.ChangeEmailResponse()

    async def ConfirmEmail(self, request: pb.ConfirmEmailRequest, context: Context) -> pb.ConfirmEmailResponse:
        await credentials.confirm_email(self._database, self._outgoing, current(), request.token)
        return pb.ConfirmEmailResponse()

    async def ChangePassword(self, request: pb.ChangePasswordRequest, context: Context) -> pb.ChangePasswordResponse:
        ended = await credentials.change_password(self._database, self._passwords, self._outgoing, current(), request.password)
        return pb.ChangePasswordResponse(ended=ended)

    async def ChangeName(self, request: pb.ChangeNameRequest, context: Context) -> pb.ChangeNameResponse:
        account = await credentials.change_name(self._database, current(), request.display_name)
        return pb.ChangeNameResponse(account=wire.account(account))
