"""What a caller meets: identity, errors, deadlines, health."""

import asyncio

import grpc
import pytest
import structlog
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from kinora.identity.v1.identity_service_pb2 import Account, GetAccountRequest, GetAccountResponse, ListApiKeysRequest
from kinora.identity.v1.identity_service_pb2_grpc import (
    IdentityServiceServicer,
    IdentityServiceStub,
    add_IdentityServiceServicer_to_server,
)
from kinora_cli.state import free_port
from kinora_kit import identity, server
from kinora_kit.client import channel
from kinora_kit.errors import FailedPrecondition, RemoteError, Unavailable, from_rpc_error, remote_errors
from kinora_kit.identity import Identity
from kinora_kit.interceptor import CallInterceptor
from kinora_kit.service import Service
from kinora_testkit.cast import SECRET, as_user
from kinora_testkit.services import serving


class CameoRevoked(FailedPrecondition):
    pass


class Busy(Unavailable):
    pass


class Accounts(IdentityServiceServicer):
    """Answers with the caller; account ids ask for trouble."""

    asked = 0

    async def GetAccount(self, request, context):  # noqa: N802, ARG002 - the generated base says so
        Accounts.asked += 1
        match request.account_id:
            case "busy":
                raise Busy("no slot is free")
            case "revoked":
                raise CameoRevoked("this cameo was revoked", param="cameo_id", cameo_id="cameo_1")
            case "bug":
                raise KeyError("a secret detail")
            case "slow":
                await asyncio.sleep(60)
        caller = identity.current()
        return GetAccountResponse(account=Account(id=caller.account_id, display_name=" ".join(sorted(caller.scopes))))


def accounts(_adapters):
    return Service(
        "identity",
        register=lambda server: add_IdentityServiceServicer_to_server(Accounts(), server),
        service_names=["kinora.identity.v1.IdentityService"],
    )


@pytest.fixture
async def served(postgres_url):
    async with serving(accounts, database_url=postgres_url) as served:
        yield served


@pytest.fixture
def stub(served):
    return IdentityServiceStub(served.channel)


async def failure(call):
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return from_rpc_error(raised.value)


async def test_the_service_knows_who_calls(stub, bob):
    reply = await stub.GetAccount(GetAccountRequest(), metadata=as_user(bob))
    assert (reply.account.id, reply.account.display_name) == (bob.account_id, "videos:read videos:write")


async def test_a_call_without_identity_is_refused(stub):
    error = await failure(stub.GetAccount(GetAccountRequest()))
    assert (error.code, error.reason) == (grpc.StatusCode.UNAUTHENTICATED, "IdentityMissing")


@pytest.mark.parametrize("secret", [b"somebody else's secret of thirty-two bytes", b"x" * 32])
async def test_an_identity_signed_by_somebody_else_is_refused(stub, bob, secret):
    error = await failure(stub.GetAccount(GetAccountRequest(), metadata=identity.metadata(bob, secret)))
    assert (error.code, error.reason) == (grpc.StatusCode.UNAUTHENTICATED, "IdentityInvalid")


async def test_an_old_identity_is_refused(stub, bob, monkeypatch):
    monkeypatch.setattr(identity, "_LIFETIME_S", -120)
    error = await failure(stub.GetAccount(GetAccountRequest(), metadata=as_user(bob)))
    assert error.reason == "IdentityInvalid"


async def test_an_expected_error_arrives_whole(stub, bob):
    error = await failure(stub.GetAccount(GetAccountRequest(account_id="revoked"), metadata=as_user(bob)))
    assert (error.code, error.reason, error.message) == (grpc.StatusCode.FAILED_PRECONDITION, "CameoRevoked", "this cameo was revoked")
    assert (error.param, error.metadata) == ("cameo_id", {"cameo_id": "cameo_1"})


async def test_an_unexpected_error_tells_a_number_and_no_detail(stub, bob):
    with structlog.testing.capture_logs() as lines:
        error = await failure(stub.GetAccount(GetAccountRequest(account_id="bug"), metadata=as_user(bob)))
    assert (error.code, error.reason) == (grpc.StatusCode.INTERNAL, "InternalError")
    assert "secret" not in error.message
    told = [line["error_id"] for line in lines if line["event"] == "rpc.crashed" and line["exc_info"]]  # with the traceback
    assert told == [error.metadata["error_id"]]
    assert told[0] in error.message


async def test_remote_errors_translates(stub, bob):
    with pytest.raises(RemoteError, match="revoked") as raised, remote_errors():
        await stub.GetAccount(GetAccountRequest(account_id="revoked"), metadata=as_user(bob))
    assert raised.value.reason == "CameoRevoked"


async def test_a_call_without_a_deadline_gets_one(bob, postgres_url, monkeypatch):
    monkeypatch.setattr(CallInterceptor.__init__, "__kwdefaults__", {"deadline_s": 0.05, "stream_deadline_s": 1})
    async with serving(accounts, database_url=postgres_url) as served, grpc.aio.insecure_channel(served.address) as bare:
        call = IdentityServiceStub(bare).GetAccount(GetAccountRequest(account_id="slow"), metadata=as_user(bob))
        assert (await failure(call)).reason == "DeadlineExceeded"


async def test_health_needs_no_identity(served):
    for name in ("", "kinora.identity.v1.IdentityService"):
        reply = await HealthStub(served.channel).Check(HealthCheckRequest(service=name))
        assert reply.status == HealthCheckResponse.SERVING


async def test_an_unknown_method_is_unimplemented(stub, bob):
    error = await failure(stub.ListApiKeys(ListApiKeysRequest(), metadata=as_user(bob)))
    assert (error.code, error.reason) == (grpc.StatusCode.UNIMPLEMENTED, "Unimplemented")


@pytest.mark.parametrize("wrong", [("", "user"), ("acct_1", "emperor")])
def test_an_identity_needs_an_account_and_a_known_role(wrong):
    with pytest.raises(ValueError, match="identity needs"):
        Identity(*wrong)


async def test_a_call_that_meets_nobody_is_tried_again(bob, postgres_url):
    address = f"127.0.0.1:{free_port()}"

    async def late():
        await asyncio.sleep(0.5)
        return server.serving(address, [lambda to: add_IdentityServiceServicer_to_server(Accounts(), to)], [], SECRET)

    async with channel(address) as to:
        call = asyncio.ensure_future(IdentityServiceStub(to).GetAccount(GetAccountRequest(), metadata=as_user(bob)))
        async with await late():
            assert (await call).account.id == bob.account_id


async def test_what_a_service_refuses_is_not_tried_again(served, stub, bob):
    before = Accounts.asked
    assert (await failure(stub.GetAccount(GetAccountRequest(account_id="busy"), metadata=as_user(bob)))).reason == "Busy"
    assert Accounts.asked == before + 1
