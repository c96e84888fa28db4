# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""Stands in for identity's CredentialsService: knows one token, km_good."""

from kinora.identity.v1 import credentials_service_pb2 as pb
from kinora.identity.v1 import credentials_service_pb2_grpc as grpc
from kinora.identity.v1 import identity_service_pb2 as identity_pb
from kinora_kit import identity
from kinora_kit.errors import NotFound


class LinkInvalid(NotFound): ...


class StandInCredentials(grpc.CredentialsServiceServicer):
    async def SendSetUp(self, request, context):
        return pb.SendSetUpResponse()

    async def CompleteSetUp(self, request, context):
        _check_link(request.token)
        account = identity_pb.Account(id="acct_new", handle="eve", role=identity_pb.ROLE_USER, age_band=identity_pb.AGE_BAND_ADULT)
        return pb.CompleteSetUpResponse(account=account)

    async def ChangeEmail(self, request, context):
        return pb.ChangeEmailResponse()

    async def ConfirmEmail(self, request, context):
        _check_link(request.token)
        return pb.ConfirmEmailResponse()

    async def ChangePassword(self, request, context):
        return pb.ChangePasswordResponse(ended=2)

    async def ChangeName(self, request, context):
        account = identity_pb.Account(id="acct_bob", handle="bob", display_name=request.display_name, role=identity_pb.ROLE_USER)
        return pb.ChangeNameResponse(account=account)


def _check_link(token):
    assert identity.current().role == "service"
    if token != "km_good":
        raise LinkInvalid("This link was used before.", param="token")
