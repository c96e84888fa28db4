"""kinora.identity.v1.OAuthService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import oauth_service_pb2 as pb
from kinora.identity.v1.oauth_service_pb2_grpc import OAuthServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import authorize, devices, oauth_clients, wire
from kinora_identity.factors import Security
from kinora_identity.tokens import Tokens

Context = grpc.aio.ServicerContext[Any, Any]


class OAuthRpc(OAuthServiceServicer):
    def __init__(self, database: Database, security: Security, tokens: Tokens) -> None:
        self._database, self._security, self._tokens = database, security, tokens

    async def RegisterClient(self, request: pb.RegisterClientRequest, context: Context) -> pb.RegisterClientResponse:
        return await oauth_clients.register(self._database, current(), request)

    async def CheckAuthorization(self, request: pb.CheckAuthorizationRequest, context: Context) -> pb.CheckAuthorizationResponse:
        client, scopes = await oauth_clients.check_authorization(self._database, current(), request.authorization)
        return pb.CheckAuthorizationResponse(client=wire.client(client), scopes=scopes)

    async def Authorize(self, request: pb.AuthorizeRequest, context: Context) -> pb.AuthorizeResponse:
        code = await authorize.authorize(self._security, current(), request.authorization, request.consent)
        return pb.AuthorizeResponse(code=code)

    async def ExchangeCode(self, request: pb.ExchangeCodeRequest, context: Context) -> pb.ExchangeCodeResponse:
        handed = await authorize.exchange_code(self._database, self._tokens, current(), request)
        return pb.ExchangeCodeResponse(tokens=wire.tokens(handed))

    async def StartDevice(self, request: pb.StartDeviceRequest, context: Context) -> pb.StartDeviceResponse:
        return await devices.start(self._database, current(), request)

    async def AnswerDevice(self, request: pb.AnswerDeviceRequest, context: Context) -> pb.AnswerDeviceResponse:
        return pb.AnswerDeviceResponse(client=wire.client(await devices.answer(self._security, current(), request)))

    async def PollDevice(self, request: pb.PollDeviceRequest, context: Context) -> pb.PollDeviceResponse:
        return pb.PollDeviceResponse(tokens=wire.tokens(await devices.poll(self._database, self._tokens, current(), request)))

    async def RevokeToken(self, request: pb.RevokeTokenRequest, context: Context) -> pb.RevokeTokenResponse:
        await authorize.revoke_token(self._database, self._tokens, current(), request)
        return pb.RevokeTokenResponse()
