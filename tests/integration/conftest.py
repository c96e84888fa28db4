"""The whole platform as separate processes, once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
def platform(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, kafka_bootstrap: str, triton_url: str, media_dir: Path
) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    network = Network(folder, postgres_url, kafka_bootstrap, triton_url, media_dir.as_uri())
    network.start()
    yield network
    network.stop()


@pytest.fixture(scope="session")
def finished(platform: Network) -> Any:
    """One video, made from a prompt alone, that the tests of this folder share."""
    prompt = 'Two friends in a park. Maya waves and says "Hello there!" and Leo jumps.'
    with openai.OpenAI(base_url=f"{platform.url}/v1", api_key=platform.admin_key) as client:
        return client.videos.create_and_poll(prompt=prompt, seconds="4", size="1280x720", poll_interval_ms=500)
