"""The whole platform as separate processes, once for all tests of this folder."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from kinora_testkit.collector import Collector
from kinora_testkit.network import Network
from kinora_testkit.person import Person
from kinora_testkit.platform import every_engine, named


@pytest.fixture(scope="session")
def network(platform: Network) -> Network:
    return platform


@pytest.fixture
def bob(network: Network) -> Person:
    return Person(network, "bob")


@pytest.fixture
def cleo(network: Network) -> Person:
    return Person(network, "cleo")


@pytest.fixture
def client(network: Network) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{network.url}/v1", api_key=network.admin_key) as sdk:
        yield sdk


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where every process of the platform, Triton's among them, sends its spans."""
    collector = Collector()
    collector.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KINORA_OTLP_ENDPOINT", collector.address)
        yield collector
    collector.stop()


@pytest.fixture(scope="session")
async def engine_url(
    collector: Collector, tmp_path_factory: pytest.TempPathFactory, media_dir: Path, tiny_models: Path
) -> AsyncIterator[str]:
    """Triton with every engine, started after the collector, so that it knows it."""
    triton = every_engine(tmp_path_factory.mktemp("triton"), media_dir.as_uri(), tiny_models)
    await triton.start()
    yield triton.url
    await triton.stop()


@pytest.fixture(scope="session")
def short_storyboard() -> dict[str, Any]:
    """Half a second of Maya, who waves and says hi."""
    return dict(json.loads((Path(__file__).parent / "short.json").read_text()))


@pytest.fixture(scope="session")
def platform(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, kafka_bootstrap: str, engine_url: str, media_dir: Path
) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    # No test can wait until a cameo's first day is over; and all people of these tests share one address.
    environment = {"CAMEO_ONLY_ME_HOURS": "0", "GATEWAY_ENTRIES_PER_MINUTE": "200", **named()}
    network = Network(folder, postgres_url, kafka_bootstrap, engine_url, media_dir.as_uri(), environment)
    try:
        network.start()
        yield network
    finally:
        network.stop()


@pytest.fixture(scope="session")
def finished(platform: Network) -> Any:
    """One video, made from a prompt alone, that the tests of this folder share: a draft, since its size is nothing to them."""
    prompt = 'Two friends in a park. Maya waves and says "Hello there!" and Leo jumps.'
    with openai.OpenAI(base_url=f"{platform.url}/v1", api_key=platform.admin_key) as client:
        return client.videos.create_and_poll(prompt=prompt, seconds="4", size="1280x720", poll_interval_ms=500, extra_body={"draft": True})
