"""kinora.identity.v1.EntryService."""
# ruff: noqa: N802, ARG002 - the contract names the methods and their arguments

from typing import Any

import grpc
from kinora.identity.v1 import entry_service_pb2 as pb
from kinora.identity.v1.entry_service_pb2_grpc import EntryServiceServicer
from kinora_kit.db import Database
from kinora_kit.identity import current

from kinora_identity import door, invites, sign_up, waitlist, wire
from kinora_identity.mails import Outgoing
from kinora_identity.passwords import Passwords

Context = grpc.aio.ServicerContext[Any, Any]


class EntryRpc(EntryServiceServicer):
    def __init__(self, database: Database, passwords: Passwords, outgoing: Outgoing) -> None:
        self._database, self._passwords, self._outgoing = database, passwords, outgoing

    async def GetDoor(self, request: pb.GetDoorRequest, context: Context) -> pb.GetDoorResponse:
        return await door.get_door(self._database)

    async def SetDoor(self, request: pb.SetDoorRequest, context: Context) -> pb.SetDoorResponse:
        return await door.set_door(self._database, current(), request)

    async def SignUp(self, request: pb.SignUpRequest, context: Context) -> pb.SignUpResponse:
        await sign_up.sign_up(self._database, self._passwords, self._outgoing, current(), request)
        return pb.SignUpResponse()

    async def ConfirmSignUp(self, request: pb.ConfirmSignUpRequest, context: Context) -> pb.ConfirmSignUpResponse:
        account = await sign_up.confirm(self._database, current(), request.token)
        return pb.ConfirmSignUpResponse(account=wire.account(account))

    async def JoinWaitlist(self, request: pb.JoinWaitlistRequest, context: Context) -> pb.JoinWaitlistResponse:
        await waitlist.join(self._database, self._outgoing, current(), request)
        return pb.JoinWaitlistResponse()

    async def GetWaitlistPlace(self, request: pb.GetWaitlistPlaceRequest, context: Context) -> pb.GetWaitlistPlaceResponse:
        position, waiting = await waitlist.place(self._database, current(), request.ticket)
        return pb.GetWaitlistPlaceResponse(position=position, waiting=waiting)

    async def AdmitFromWaitlist(self, request: pb.AdmitFromWaitlistRequest, context: Context) -> pb.AdmitFromWaitlistResponse:
        return await waitlist.admit(self._database, self._outgoing, current(), request)

    async def GrantInvites(self, request: pb.GrantInvitesRequest, context: Context) -> pb.GrantInvitesResponse:
        return await invites.grant_invites(self._database, current(), request)

    async def ListInvites(self, request: pb.ListInvitesRequest, context: Context) -> pb.ListInvitesResponse:
        listed, invited_by = await invites.list_invites(self._database, current(), request.account_id)
        return pb.ListInvitesResponse(invites=[wire.invite(invite) for invite in listed], invited_by=invited_by)
