"""What an orchestrator's probes see."""

import asyncio
from contextlib import suppress
from pathlib import Path

import grpc
import structlog
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub
from kinora_cli.state import free_port
from kinora_kit import health
from kinora_kit.db import Database, migrate, wait_migrated
from kinora_kit.service import Service
from kinora_kit.settings import KitSettings
from kinora_testkit.services import serving

MIGRATIONS = Path(__file__).parent / "migrations"
UP, DOWN = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


async def seen(address):
    async with grpc.aio.insecure_channel(address) as channel:
        stub = HealthStub(channel)
        return [(await stub.Check(HealthCheckRequest(service=name), timeout=5)).status for name in ("", health.LIVE)]


async def test_a_service_is_ready_while_it_serves_and_alive_until_its_last_work_is_done(postgres_url):
    address, told = f"127.0.0.1:{free_port()}", []

    async def finishing():
        try:
            await asyncio.sleep(60)
        finally:
            told.append(await seen(address))

    kit = KitSettings(health_listen=address)
    async with serving(lambda _: Service("demo", loops=[finishing]), database_url=postgres_url, kit=kit):
        await asyncio.sleep(0.05)
        told.append(await seen(address))
    assert told == [[UP, UP], [DOWN, UP]]


async def test_a_service_that_waits_for_its_schema_is_alive_and_not_ready(database_url):
    address = f"127.0.0.1:{free_port()}"
    kit = KitSettings(health_listen=address, migrations="wait")
    demo = lambda _: Service("demo", database=Database(database_url, "demo"), migrations=MIGRATIONS)  # noqa: E731

    async def start():
        async with serving(demo, database_url=database_url, kit=kit):
            return await seen(address)

    waiting = asyncio.create_task(start())
    await asyncio.sleep(0.3)
    assert await seen(address) == [DOWN, UP]
    await migrate(database_url, "demo", MIGRATIONS)
    assert await waiting == [UP, UP]


async def test_a_schema_of_a_later_release_is_no_reason_to_wait(database_url, database):
    async with database.begin() as tx:
        await tx.exec_driver_sql("update alembic_version set version_num = '9999'")
    demo = lambda _: Service("demo", database=Database(database_url, "demo"), migrations=MIGRATIONS)  # noqa: E731
    async with asyncio.timeout(10), serving(demo, database_url=database_url, kit=KitSettings(migrations="wait")):
        pass


async def test_who_waits_tells_for_what(database_url):
    nowhere = database_url.replace("/test_", "/gone_")
    with structlog.testing.capture_logs() as lines:
        for url in (nowhere, database_url):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await wait_migrated(url, "demo", MIGRATIONS)
    away, behind = lines
    assert "does not exist" in away["reason"]
    assert behind["reason"] == "the schema is not migrated yet"
