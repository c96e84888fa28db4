"""Services from start to drain."""

import asyncio
import os
import signal
from pathlib import Path
from types import SimpleNamespace

import grpc
import httpx
import pytest
from kinora.identity.v1.identity_service_pb2 import GetAccountRequest, GetAccountResponse
from kinora.identity.v1.identity_service_pb2_grpc import (
    IdentityServiceServicer,
    IdentityServiceStub,
    add_IdentityServiceServicer_to_server,
)
from kinora_cli.state import free_port
from kinora_kit import runner
from kinora_kit.db import Database
from kinora_kit.service import Service
from kinora_kit.settings import KitSettings
from kinora_testkit.cast import as_user
from kinora_testkit.services import serving


class Slow(IdentityServiceServicer):
    def __init__(self):
        self.begun = asyncio.Event()

    async def GetAccount(self, request, context):  # noqa: N802, ARG002 - the generated base says so
        self.begun.set()
        await asyncio.sleep(0.5)
        return GetAccountResponse()


async def hello(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def test_an_app_is_served_beside_the_calls(postgres_url):
    async with serving(lambda _: Service("gateway", app=hello), database_url=postgres_url) as served, httpx.AsyncClient() as client:
        assert (await client.get(served.url)).text == "hello"


async def test_a_loop_that_swallows_a_cancellation_is_ended_all_the_same(postgres_url, monkeypatch):
    monkeypatch.setattr(runner, "_CANCEL_AGAIN_S", 0.1)
    swallowed = []

    async def deaf():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            swallowed.append(1)
        await asyncio.sleep(60)

    async with asyncio.timeout(10), serving(lambda _: Service("demo", loops=[deaf]), database_url=postgres_url):
        await asyncio.sleep(0.05)
    assert swallowed == [1]


async def test_on_start_runs_before_the_loops_and_the_loops_until_drain(postgres_url):
    told = []

    async def start():
        told.append("start")

    async def loop():
        told.append("loop")
        try:
            await asyncio.sleep(60)
        finally:
            told.append("drained")

    async with serving(lambda _: Service("demo", on_start=start, loops=[loop]), database_url=postgres_url):
        await asyncio.sleep(0.05)
    assert told == ["start", "loop", "drained"]


async def test_a_worker_finishes_what_it_has_in_hand_while_loops_go_on(postgres_url):
    told, draining = [], asyncio.Event()

    async def loop():
        try:
            await asyncio.sleep(60)
        finally:
            told.append("loop ended")

    async def worker():
        await draining.wait()
        await asyncio.sleep(0.2)
        told.append("work done")

    service = Service("demo", loops=[loop], workers=[worker], patience_s=30, on_drain=draining.set)
    async with serving(lambda _: service, database_url=postgres_url):
        await asyncio.sleep(0.05)
    assert told == ["work done", "loop ended"]


async def test_a_service_that_cannot_start_waits_for_no_worker(postgres_url):
    async def worker():
        await asyncio.sleep(60)

    async with serving(lambda _: Service("demo"), database_url=postgres_url) as served, asyncio.timeout(10):
        with pytest.raises(RuntimeError, match=served.address):
            async with runner.running([Service("other", workers=[worker], patience_s=60)], served.adapters, grpc_listen=served.address):
                pass


async def test_a_loop_that_fails_starts_again(postgres_url):
    again = asyncio.Event()

    async def loop():
        if not again.is_set():
            again.set()
            raise RuntimeError
        await asyncio.sleep(60)

    async with serving(lambda _: Service("demo", loops=[loop]), database_url=postgres_url):
        await asyncio.wait_for(again.wait(), 5)


async def test_metrics_are_served(postgres_url):
    port = free_port()
    async with (
        serving(lambda _: Service("demo"), database_url=postgres_url, kit=KitSettings(metrics_port=port)),
        httpx.AsyncClient() as client,
    ):
        assert "kinora_rpc_seconds" in (await client.get(f"http://127.0.0.1:{port}/metrics")).text


async def test_a_taken_port_is_an_error(postgres_url):
    async with serving(lambda _: Service("demo"), database_url=postgres_url) as served:
        with pytest.raises(RuntimeError, match=served.address):
            async with runner.running([], served.adapters, grpc_listen=served.address):
                pass


async def test_a_stopped_process_finishes_its_calls(postgres_url, bob):
    slow = Slow()
    service = Service("identity", register=lambda server: add_IdentityServiceServicer_to_server(slow, server))
    async with serving(lambda _: Service("other"), database_url=postgres_url) as served:
        address = f"127.0.0.1:{free_port()}"
        run = asyncio.create_task(runner.run([service], served.adapters, grpc_listen=address, http_listen=None, kit=KitSettings()))
        async with grpc.aio.insecure_channel(address) as channel:
            call = IdentityServiceStub(channel).GetAccount(GetAccountRequest(), metadata=as_user(bob), wait_for_ready=True)
            await slow.begun.wait()
            os.kill(os.getpid(), signal.SIGTERM)
            assert await call == GetAccountResponse()
        await asyncio.wait_for(run, 10)


async def test_who_waits_for_a_schema_that_never_comes_goes_when_asked(database_url):
    waiting = Service("demo", database=Database(database_url, "demo"), migrations=Path(__file__).parent / "migrations")
    adapters = SimpleNamespace(internal_secret=b"x" * 32, events=None)
    kit = KitSettings(migrations="wait")
    run = asyncio.create_task(runner.run([waiting], adapters, grpc_listen="127.0.0.1:0", http_listen=None, kit=kit))
    await asyncio.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(5):
        await run
