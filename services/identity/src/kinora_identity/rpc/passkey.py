"""kinora.identity.v1.PasskeyService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import passkey_service_pb2 as pb
from kinora.identity.v1.passkey_service_pb2_grpc import PasskeyServiceServicer
from kinora_kit.identity import current

from kinora_identity import sign_in, wire
from kinora_identity.passkeys import Passkeys
from kinora_identity.tokens import Tokens

Context = grpc.aio.ServicerContext[Any, Any]


class PasskeyRpc(PasskeyServiceServicer):
    def __init__(self, passkeys: Passkeys, tokens: Tokens) -> None:
        self._passkeys, self._tokens = passkeys, tokens

    async def StartPasskey(self, request: pb.StartPasskeyRequest, context: Context) -> pb.StartPasskeyResponse:
        return pb.StartPasskeyResponse(options_json=await self._passkeys.start(current()))

    async def AddPasskey(self, request: pb.AddPasskeyRequest, context: Context) -> pb.AddPasskeyResponse:
        return pb.AddPasskeyResponse(passkey=wire.passkey(await self._passkeys.add(current(), request.name, request.credential_json)))

    async def ListPasskeys(self, request: pb.ListPasskeysRequest, context: Context) -> pb.ListPasskeysResponse:
        return pb.ListPasskeysResponse(passkeys=[wire.passkey(each) for each in await self._passkeys.list_passkeys(current())])

    async def RemovePasskey(self, request: pb.RemovePasskeyRequest, context: Context) -> pb.RemovePasskeyResponse:
        await self._passkeys.remove(current(), request.passkey_id)
        return pb.RemovePasskeyResponse()

    async def AskForPasskey(self, request: pb.AskForPasskeyRequest, context: Context) -> pb.AskForPasskeyResponse:
        return pb.AskForPasskeyResponse(options_json=await self._passkeys.ask(current()))

    async def SignInByPasskey(self, request: pb.SignInByPasskeyRequest, context: Context) -> pb.SignInByPasskeyResponse:
        handed = await sign_in.sign_in_by_passkey(self._passkeys, self._tokens, current(), request)
        return pb.SignInByPasskeyResponse(tokens=wire.tokens(handed))
