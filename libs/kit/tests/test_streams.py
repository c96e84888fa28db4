"""Calls that answer with a stream get the same treatment as the others."""

import grpc
import pytest
from kinora.generation.v1.generation_service_pb2 import WatchVideoRequest, WatchVideoResponse
from kinora.generation.v1.generation_service_pb2_grpc import (
    GenerationServiceServicer,
    GenerationServiceStub,
    add_GenerationServiceServicer_to_server,
)
from kinora_kit import identity
from kinora_kit.errors import NotFound, from_rpc_error
from kinora_kit.service import Service
from kinora_testkit.cast import as_user
from kinora_testkit.services import serving


class VideoNotFound(NotFound):
    pass


class Videos(GenerationServiceServicer):
    async def WatchVideo(self, request, context):  # noqa: N802, ARG002 - the generated base says so
        for _ in range(3):
            reply = WatchVideoResponse()
            reply.video.account_id = identity.current().account_id
            yield reply
        if request.video_id == "gone":
            raise VideoNotFound("no such video", param="video_id")


def videos(_adapters):
    return Service("generation", register=lambda server: add_GenerationServiceServicer_to_server(Videos(), server))


@pytest.fixture
async def stub(postgres_url):
    async with serving(videos, database_url=postgres_url) as served:
        yield GenerationServiceStub(served.channel)


async def watch(stub, video_id, metadata):
    return [reply.video.account_id async for reply in stub.WatchVideo(WatchVideoRequest(video_id=video_id), metadata=metadata)]


async def failure(stub, video_id, metadata=()):
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await watch(stub, video_id, metadata)
    return from_rpc_error(raised.value)


async def test_a_stream_knows_who_watches(stub, bob):
    assert await watch(stub, "here", as_user(bob)) == [bob.account_id] * 3


async def test_a_stream_without_identity_is_refused(stub):
    assert (await failure(stub, "here")).reason == "IdentityMissing"


async def test_an_error_ends_the_stream_with_its_reason(stub, bob):
    error = await failure(stub, "gone", as_user(bob))
    assert (error.code, error.reason, error.param) == (grpc.StatusCode.NOT_FOUND, "VideoNotFound", "video_id")


async def test_a_watcher_may_leave(stub, bob):
    call = stub.WatchVideo(WatchVideoRequest(video_id="here"), metadata=as_user(bob))
    assert await call.read()
    assert call.cancel()
