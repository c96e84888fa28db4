"""kinora.identity.v1.SessionService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import session_service_pb2 as pb
from kinora.identity.v1.session_service_pb2_grpc import SessionServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import password_reset, sessions, sign_in, verify, wire
from kinora_identity.factors import Security
from kinora_identity.mails import Outgoing
from kinora_identity.tokens import Tokens

Context = grpc.aio.ServicerContext[Any, Any]


class SessionRpc(SessionServiceServicer):
    def __init__(self, database: Database, security: Security, tokens: Tokens, outgoing: Outgoing) -> None:
        self._database, self._security, self._tokens, self._outgoing = database, security, tokens, outgoing

    async def VerifyBearer(self, request: pb.VerifyBearerRequest, context: Context) -> pb.VerifyBearerResponse:
        found = await verify.verify_bearer(self._database, self._tokens, current(), request.bearer)
        return pb.VerifyBearerResponse(
            account=wire.account(found.account), scopes=found.scopes, key_id=found.key_id, session_id=found.session_id,
            stepped_up=found.stepped_up,
        )  # fmt: skip

    async def SignIn(self, request: pb.SignInRequest, context: Context) -> pb.SignInResponse:
        handed = await sign_in.sign_in(self._security, self._tokens, current(), request)
        return pb.SignInResponse(tokens=wire.tokens(handed))

    async def Refresh(self, request: pb.RefreshRequest, context: Context) -> pb.RefreshResponse:
        handed = await sessions.refresh(self._database, self._tokens, self._outgoing, current(), request.refresh_token, request.client_id)
        return pb.RefreshResponse(tokens=wire.tokens(handed))

    async def ListSessions(self, request: pb.ListSessionsRequest, context: Context) -> pb.ListSessionsResponse:
        return pb.ListSessionsResponse(sessions=[wire.session(each) for each in await sessions.list_sessions(self._database, current())])

    async def EndSessions(self, request: pb.EndSessionsRequest, context: Context) -> pb.EndSessionsResponse:
        return pb.EndSessionsResponse(ended=await sessions.end_sessions(self._database, current(), request.session_id))

    async def ForgetPassword(self, request: pb.ForgetPasswordRequest, context: Context) -> pb.ForgetPasswordResponse:
        await password_reset.forget_password(self._database, self._outgoing, current(), request.email)
        return pb.ForgetPasswordResponse()

    async def ResetPassword(self, request: pb.ResetPasswordRequest, context: Context) -> pb.ResetPasswordResponse:
        await password_reset.reset_password(
            self._database, self._security.passwords, self._outgoing, current(), request.token, request.password
        )
        return pb.ResetPasswordResponse()

    async def GetSigningKeys(self, request: pb.GetSigningKeysRequest, context: Context) -> pb.GetSigningKeysResponse:
        return pb.GetSigningKeysResponse(jwks_json=await self._tokens.keys.jwks())
