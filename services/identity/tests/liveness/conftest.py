import asyncio
import json
import tempfile
from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

import grpc
import pytest
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora.identity.v1.liveness_service_pb2_grpc import LivenessServiceStub
from kinora_kit.errors import remote_errors
from kinora_testkit.cast import as_user
from sqlalchemy import text


async def eventually(check, within_s=5):
    """What `check` is awaited for, as soon as that is true."""
    async with asyncio.timeout(within_s):
        while not (found := await check()):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    return found


@pytest.fixture(name="eventually", scope="session")
def _eventually():
    return eventually


class Camera:
    """A client in a live capture."""

    _opened: ClassVar = []

    def __init__(self, person):
        self._call = LivenessServiceStub(person.channel).Capture(metadata=as_user(person.identity))
        self._opened.append(self)

    async def says(self, **fields):
        await self._call.write(pb.CaptureRequest(**fields))

    async def hears(self):
        """What comes next; None at the end."""
        with remote_errors():
            heard = await self._call.read()
        return None if heard is grpc.aio.EOF else heard

    async def until_stop(self):
        """All prompts up to there."""
        heard = []
        while (response := await self.hears()).HasField("prompt"):
            heard.append(response.prompt)
        assert response.HasField("stop")
        return heard

    async def verdict(self):
        """The session, as told in the end."""
        while not (response := await self.hears()).HasField("session"):
            pass
        assert await self.hears() is None
        return response.session

    def goes_away(self):
        self._call.cancel()

    @classmethod
    def all_go_away(cls):
        for camera in cls._opened:
            camera.goes_away()
        cls._opened.clear()


class Lender:
    """Somebody who lends their likeness: adult, stepped up."""

    def __init__(self, caller):
        identity = replace(caller.identity, session_id="sess_1", age_band="adult", stepped_up=True)
        self.caller = replace(caller, identity=identity)
        self.id = identity.account_id

    async def __call__(self, rpc, **fields):
        return await self.caller(rpc, **fields)

    async def starts(self, **fields):
        return (await self.caller("StartLiveness", **fields)).session

    async def session(self, session):
        return (await self.caller("GetLiveness", session_id=session.id)).session

    async def opens(self, session):
        camera = Camera(self.caller)
        await camera.says(session_id=session.id)
        return camera

    async def films(self, session, clip, typed=()):
        """The whole capture, as told in the end."""
        camera = await self.opens(session)
        await camera.says(chunk=clip[:7])
        await camera.until_stop()
        for word in typed:
            await camera.says(typed=word)
        await camera.says(chunk=clip[7:])
        await camera.says(done=pb.Stop())
        return await camera.verdict()

    async def comes_to(self, state, session):
        """The session, once it is in that state."""
        wanted = pb.LivenessState.Value(f"LIVENESS_STATE_{state.upper()}")

        async def there():
            found = await self.session(session)
            return found if found.state == wanted else None

        return await eventually(there)

    async def tries(self, state="approved", **told):
        """A session that comes to that state."""
        session = await self.starts()
        await self.films(session, clip_that_is(state, **told))
        return await self.comes_to(state, session)


def clip_that_is(outcome, **told):
    return json.dumps({"id": uuid4().hex, "outcome": outcome, **told}).encode()


@pytest.fixture(name="clip_that_is", scope="session")
def _clip_that_is():
    """The bytes of a clip of which likeness will say so."""
    return clip_that_is


@pytest.fixture
def bob(bob):
    return Lender(bob)


@pytest.fixture
def cleo(cleo):
    return Lender(cleo)


@pytest.fixture
def lend(gateway):
    """Somebody on another channel."""

    def made(channel, account_id, role="user"):
        identity = replace(gateway.identity, account_id=account_id, role=role, scopes=frozenset({"admin"}))
        return Lender(replace(gateway, channel=channel, identity=identity))

    return made


@pytest.fixture
def moderator(cleo):
    return replace(cleo.caller, identity=replace(cleo.caller.identity, role="moderator"))


@pytest.fixture
def cameo(gateway):
    return replace(gateway, identity=replace(gateway.identity, account_id="cameo"))


@pytest.fixture
def sql(served):
    async def run(statement, **bound):
        async with served.services[0].database.begin() as tx:
            result = await tx.execute(text(statement), bound)
            return result.all() if result.returns_rows else []

    return run


@pytest.fixture
def clips(adapters):
    """Media keys of what is kept of a person."""

    async def kept(person):
        return await adapters.media.list(f"liveness/{person.id}")

    return kept


@pytest.fixture(autouse=True)
async def no_temporary_file_stays(monkeypatch, tmp_path):
    """Whatever became of a capture, and when everybody has gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    Camera.all_go_away()

    async def none():
        return not list(tmp_path.iterdir())

    await eventually(none)
