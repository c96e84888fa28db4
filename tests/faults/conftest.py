"""A platform of separate processes whose every part can be killed."""

from collections.abc import Iterator

import pytest
from kinora_testkit.platform import Platform


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("platform"))
    yield platform
    platform.stop()
