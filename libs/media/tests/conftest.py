from secrets import token_hex

import numpy as np
import pytest
from kinora_media.encode import Mp4Writer
from kinora_media.store import MediaStore
from kinora_testkit.objects import BUCKET


@pytest.fixture(scope="session")
def picture():
    def make(index=0, width=320, height=180):
        y, x = np.mgrid[:height, :width]
        return np.stack([(x + 4 * index) % 256, (y + index) % 256, 0 * x + 128], axis=2).astype(np.uint8)

    return make


@pytest.fixture(scope="session")
def tone():
    def make(samples):
        wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(samples) / 48_000)
        return np.stack([wave, wave], axis=1).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def clip(picture, tone):
    def write(path, frames=24, samples=48_000):
        with Mp4Writer(path, 320, 180, 24) as out:
            for index in range(frames):
                out.frame(picture(index))
            out.audio(tone(samples))
        return path

    return write


@pytest.fixture
def bucket(objects, monkeypatch):
    """An empty one, to all appearances."""
    for name, value in objects.environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{token_hex(6)}"


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.slow)])
def media(request, tmp_path):
    url = f"file://{tmp_path}/media" if request.param == "folder" else request.getfixturevalue("bucket")
    return MediaStore.open(url, signing_secret=b"s" * 32, public_url="http://localhost:8000/")
