import asyncio
import io
from contextlib import contextmanager
from functools import cache
from uuid import uuid4

import cv2
import numpy as np
import pytest
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora.likeness.v1.likeness_service_pb2_grpc import LikenessServiceStub
from kinora_faces.challenge import Challenge, Item, Move
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_likeness.main import build
from kinora_testkit.cast import as_user
from kinora_testkit.enrolment import Take, attack, genuine
from kinora_testkit.services import serving
from PIL import Image

cv2.setNumThreads(1)
IDENTITY = Identity("identity", "service")
NO_DATABASE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture(scope="session")
async def served():
    with pytest.MonkeyPatch.context() as env:
        env.setenv("LIKENESS_WAIT_S", "0.2")
        async with serving(build, database_url=NO_DATABASE) as running:
            yield running


@pytest.fixture(scope="session")
def start(served):
    """`start("LookAt", source_key=…)` is a call in progress."""
    stub = LikenessServiceStub(served.channel)

    def begin(rpc, *, by=IDENTITY, **fields):
        return getattr(stub, rpc)(getattr(pb, rpc + "Request")(**fields), metadata=as_user(by), timeout=100)

    return begin


@pytest.fixture(scope="session")
def ask(start):
    """`await ask("LookAt", source_key=…)` is the answer."""

    async def answer(rpc, **fields):
        with remote_errors():
            return await start(rpc, **fields)

    return answer


@pytest.fixture(scope="session")
def stored(served):
    """The media key of some bytes."""

    async def put(data):
        key = f"clips/{uuid4().hex}"
        await served.adapters.media.put(key, data, content_type="application/octet-stream")
        return key

    return put


@contextmanager
def _refused(reason, param=None, code=None):
    with pytest.raises(RemoteError) as caught:
        yield caught
    assert (caught.value.reason, caught.value.param, caught.value.metadata.get("code")) == (reason, param, code)
    assert caught.value.message.endswith(".")


@pytest.fixture
def refused():
    return _refused


@pytest.fixture(scope="session")
def enrolment():
    """`enrolment()` is a genuine clip of eileen and what the server noted, `enrolment("static photo")` an attack. Takes seconds."""
    items = (Item(1.1, "banana"), Item(2.4, move=Move.LEFT), Item(4.3, "window"), Item(5.5, move=Move.UP))
    challenge, take = Challenge("en", items, 7.2, 3.0), Take(seed=3, voice="en-us+m3")
    return cache(lambda species="genuine": genuine(challenge, take) if species == "genuine" else attack(species, challenge, take))


@pytest.fixture(scope="session")
def capture(enrolment, stored):
    """The fields of AnalyseClip for such a clip."""

    async def fields(species="genuine"):
        made = await asyncio.to_thread(enrolment, species)
        noted = made.attempt
        return {
            "clip_key": await stored(made.clip),
            "challenge_json": noted.challenge.to_json(),
            "reveals": noted.reveals,
            "received_s": noted.received_s,
        }

    return fields


@pytest.fixture(scope="session")
def rex():
    """A drawn brown dog on a lawn, 640 by 480, within 0.25 to 0.8 of the width and 0.3 to 0.9 of the height."""
    lawn = np.random.default_rng(4).normal((90, 160, 70), 6, (480, 640, 3)).clip(0, 255).astype(np.uint8)
    brown = (130, 80, 40)
    cv2.ellipse(lawn, (340, 290), (120, 55), 0, 0, 360, brown, -1)
    cv2.circle(lawn, (220, 230), 45, brown, -1)
    for x in (260, 300, 390, 430):
        cv2.rectangle(lawn, (x - 10, 310), (x + 10, 410), brown, -1)
    return lawn


@pytest.fixture(scope="session")
def encoded():
    def encode(rgb, kind="PNG"):
        out = io.BytesIO()
        Image.fromarray(rgb).save(out, kind)
        return out.getvalue()

    return encode
