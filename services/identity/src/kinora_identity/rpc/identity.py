"""kinora.identity.v1.IdentityService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

import grpc
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora.identity.v1.identity_service_pb2_grpc import IdentityServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import accounts, api_keys, wire
from kinora_identity.envelope import Envelope


class IdentityRpc(IdentityServiceServicer):
    def __init__(self, database: Database, envelope: Envelope) -> None:
        self._database, self._envelope = database, envelope

    async def CreateAccount(
        self, request: pb.CreateAccountRequest, context: grpc.aio.ServicerContext[pb.CreateAccountRequest, pb.CreateAccountResponse]
    ) -> pb.CreateAccountResponse:
        return await accounts.create_account(self._database, current(), request)

    async def GetAccount(
        self, request: pb.GetAccountRequest, context: grpc.aio.ServicerContext[pb.GetAccountRequest, pb.GetAccountResponse]
    ) -> pb.GetAccountResponse:
        account, email = await accounts.get_account(self._database, current(), request.account_id)
        return pb.GetAccountResponse(account=wire.account(account), email=email)

    async def FindAccount(
        self, request: pb.FindAccountRequest, context: grpc.aio.ServicerContext[pb.FindAccountRequest, pb.FindAccountResponse]
    ) -> pb.FindAccountResponse:
        account = await accounts.find_account(self._database, request.handle)
        return pb.FindAccountResponse(account_id=account.id, handle=account.handle, display_name=account.display_name)

    async def NameAccounts(
        self, request: pb.NameAccountsRequest, context: grpc.aio.ServicerContext[pb.NameAccountsRequest, pb.NameAccountsResponse]
    ) -> pb.NameAccountsResponse:
        named = await accounts.name_accounts(self._database, request.account_ids)
        return wire.named(named, with_ages=current().role == "service")

    async def CreateApiKey(
        self, request: pb.CreateApiKeyRequest, context: grpc.aio.ServicerContext[pb.CreateApiKeyRequest, pb.CreateApiKeyResponse]
    ) -> pb.CreateApiKeyResponse:
        return await api_keys.create_api_key(self._database, self._envelope, current(), request)

    async def ListApiKeys(
        self, request: pb.ListApiKeysRequest, context: grpc.aio.ServicerContext[pb.ListApiKeysRequest, pb.ListApiKeysResponse]
    ) -> pb.ListApiKeysResponse:
        keys = await api_keys.list_api_keys(self._database, current(), request.account_id)
        return pb.ListApiKeysResponse(keys=[wire.api_key(key) for key in keys])

    async def RevokeApiKey(
        self, request: pb.RevokeApiKeyRequest, context: grpc.aio.ServicerContext[pb.RevokeApiKeyRequest, pb.RevokeApiKeyResponse]
    ) -> pb.RevokeApiKeyResponse:
        return await api_keys.revoke_api_key(self._database, current(), request)
