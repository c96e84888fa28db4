"""The whole platform as separate processes, once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from kinora_testkit.network import Network


@pytest.fixture(scope="session")
def network(platform: Network) -> Network:
    return platform


@pytest.fixture
def client(network: Network) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{network.url}/v1", api_key=network.admin_key) as sdk:
        yield sdk


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, postgres_url: str, kafka_bootstrap: str, triton_url: str, media_dir: Path) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    network = Network(folder, postgres_url, kafka_bootstrap, triton_url, media_dir.as_uri())
    network.start()
    yield network
    network.stop()
