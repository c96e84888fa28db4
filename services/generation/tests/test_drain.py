"""A worker process that is asked to go, by real signals, while it has a film in hand."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_generation.main import build
from kinora_kit import runner
from kinora_kit.settings import KitSettings


@pytest.fixture
def pool(platform, monkeypatch):
    """`async with pool(engine, drain_s=30)`: a process of its own with one worker; leaving waits until a signal has ended it."""

    @asynccontextmanager
    async def running(engine, **settings):
        for name, value in (settings | {"workers": 1}).items():
            monkeypatch.setenv(f"GENERATION_{name.upper()}", str(value))
        adapters = replace(platform.adapters, triton_url=engine.url)
        service = build(adapters)
        process = runner.run([service], adapters, grpc_listen="127.0.0.1:0", http_listen=None, kit=KitSettings())
        task = asyncio.create_task(process)
        yield service
        await asyncio.wait_for(task, 20)

    return running


def ask_to_go():
    os.kill(os.getpid(), signal.SIGTERM)


async def test_the_film_in_hand_is_finished_and_no_other_begun(ada, platform, make_engine, pool, eventually):
    on = asyncio.Event()

    async def renders(engine, request):
        await on.wait()
        yield await engine.store(request)

    first, second = await ada.create(), await ada.create()
    async with make_engine(renders) as engine:
        async with pool(engine, drain_s=60, lease_s=1.1):
            await eventually(lambda: engine.requests)
            ask_to_go()
            await asyncio.sleep(2)  # longer than a lease that nobody renews
            on.set()
        [event] = await platform.rendered()
    assert (event.video_id, (await ada.get(first.id)).attempts, len(engine.requests)) == (first.id, 1, 1)
    assert (await ada.get(second.id)).attempts == 0


async def test_when_the_time_is_over_it_is_given_back(ada, make_engine, pool, eventually):
    video = await ada.create()
    async with make_engine("hangs") as engine, pool(engine, drain_s=0.3):
        await eventually(lambda: engine.requests)
        ask_to_go()
    assert (await ada.get(video.id)).status == pb.VIDEO_STATUS_QUEUED


async def test_who_asks_twice_is_in_a_hurry(ada, make_engine, pool, eventually):
    video = await ada.create()
    async with make_engine("hangs") as engine, pool(engine, drain_s=60):
        await eventually(lambda: engine.requests)
        ask_to_go()
        await asyncio.sleep(0.3)
        assert (await ada.get(video.id)).status == pb.VIDEO_STATUS_IN_PROGRESS
        ask_to_go()
    assert (await ada.get(video.id)).status == pb.VIDEO_STATUS_QUEUED


async def test_a_process_of_workers_alone_leaves_telling_to_others(ada, platform, make_engine, pool):
    video = await ada.create()
    async with make_engine() as engine, pool(engine, only_workers=True, drain_s=30) as service:
        await platform.rendered()
        await platform.seal(video.id)
        await ada.becomes(video.id, pb.VIDEO_STATUS_COMPLETED)
        ask_to_go()
    assert (service.register, service.consumers, service.relays) == (None, {}, False)
    assert len(service.loops) == 1  # hears of new jobs; what sweeps and counts runs elsewhere
