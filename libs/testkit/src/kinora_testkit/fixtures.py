"""The pytest plugin: servers once per session, a fresh database per test, and the cast."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from kinora_cli.embedded.postgres import Postgres
from kinora_kit.events import EventLog
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.identity import Identity

from kinora_testkit import cast
from kinora_testkit.kafka import NativeKafka, docker_answers
from kinora_testkit.postgres import do_not_sync, fresh_database

MODELS = Path(__file__).parents[4] / "models"


@pytest.fixture
def ada() -> Identity:
    """Runs this Kinora."""
    return cast.ADA


@pytest.fixture
def bob() -> Identity:
    return cast.BOB


@pytest.fixture
def cleo() -> Identity:
    return cast.CLEO


@pytest.fixture
def dan() -> Identity:
    return cast.DAN


@pytest.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """An empty database for this session, on $DATABASE_URL's server or an embedded one of this worker's own."""
    if server := os.environ.get("DATABASE_URL"):
        async with fresh_database(server) as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="kinora-pg-") as folder:
        postgres = Postgres(Path(folder) / "data")
        await postgres.start()
        await do_not_sync(postgres.url)
        yield postgres.url
        await postgres.stop()


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    """An empty database for this test alone: it may commit, start loops, and be left in any state."""
    async with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Kafka broker: $KAFKA_BOOTSTRAP, a container where a Docker engine answers, else a native process."""
    if given := os.environ.get("KAFKA_BOOTSTRAP"):
        yield given
    elif docker_answers():
        from testcontainers.kafka import KafkaContainer  # noqa: PLC0415 - it looks for Docker on import

        with KafkaContainer().with_kraft() as container:
            yield container.get_bootstrap_server()
    else:
        kafka = NativeKafka(tmp_path_factory.mktemp("kafka"))
        kafka.start()
        yield kafka.bootstrap
        kafka.kill()  # nothing in it is worth a slow goodbye


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.slow)])
async def event_log(request: pytest.FixtureRequest, postgres_url: str) -> AsyncIterator[EventLog]:
    """Each event log in turn: the contract is the same. A short run needs no broker."""
    if request.param == "kafka":
        log: EventLog = KafkaLog(request.getfixturevalue("kafka_bootstrap"))
    else:
        log = PostgresLog(postgres_url)
    yield log
    await log.aclose()


@pytest.fixture(scope="session")
def media_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine of `triton_url` puts its files; services beside it open the same folder."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
async def triton_url(tmp_path_factory: pytest.TempPathFactory, media_dir: Path) -> AsyncIterator[str]:
    """A real Triton with the CPU engine loaded."""
    from kinora_cli.embedded.triton import Triton  # noqa: PLC0415 - only tests that render need it

    triton = Triton(MODELS, tmp_path_factory.mktemp("triton"), media_dir.as_uri())
    await triton.start()
    yield triton.url
    await triton.stop()
