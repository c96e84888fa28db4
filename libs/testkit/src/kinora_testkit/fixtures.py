"""The pytest plugin: servers once per session, a fresh database per test, and the cast."""

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from kinora_cli.embedded.postgres import Postgres
from kinora_kit.events import EventLog
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.identity import Identity
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kinora_testkit import cast
from kinora_testkit.kafka import NativeKafka, docker_answers
from kinora_testkit.objects import NativeObjects
from kinora_testkit.postgres import do_not_sync, fresh_database

if TYPE_CHECKING:
    from kinora_testkit.engines import EngineServer

REPOSITORY = Path(__file__).parents[4]
MODELS = REPOSITORY / "models"


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """What a test sets up of logging does not outlive it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """What is traced during this test. A process keeps its first tracer provider, whoever set it."""
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        trace.set_tracer_provider(provider := TracerProvider())
    processor = SimpleSpanProcessor(exporter := InMemorySpanExporter())
    provider.add_span_processor(processor)
    yield exporter
    processor.shutdown()


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
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NativeObjects]:
    """An S3 server with one bucket."""
    server = NativeObjects(tmp_path_factory.mktemp("objects"))
    server.start()
    yield server
    server.kill()


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


@pytest.fixture(scope="session")
def tiny_models() -> Path:
    """A folder with random weights, `ltx2` and `cosmos3`: built once, for all runs."""
    from kinora_diffusion.tiny import ensure  # noqa: PLC0415 - only tests of GPU engines need it

    ensure(folder := REPOSITORY / ".cache" / "tiny")
    return folder


@pytest.fixture(scope="session")
async def engines(tmp_path_factory: pytest.TempPathFactory, tiny_models: Path) -> AsyncIterator["EngineServer"]:
    """A Triton with the world, a tiny LTX-2 and a tiny Cosmos3: once for all tests, for its engines take long to load."""
    from kinora_testkit.engines import server  # noqa: PLC0415 - only tests of engines need it

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        served = server(MODELS, tmp_path_factory.mktemp("engines"), tiny_models)
        await served.triton.start()
    yield served
    await served.triton.stop()
