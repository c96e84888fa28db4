"""Progress as server-sent events."""

import asyncio
import json
import time

import grpc
from kinora.generation.v1 import generation_service_pb2 as pb


async def _events(stream):
    """Name and data of each event; pings are comments."""
    name = ""
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_progress_ends_with_the_finished_video(world, http, queued):
    world.generation.preview = b"RIFF"
    seen = []
    async with http.stream("GET", f"/v1/videos/{queued}/events") as stream:
        async for name, data in _events(stream):
            seen.append((name, data["video"]["status"], data["preview"]))
            world.generation.set(queued, pb.VIDEO_STATUS_COMPLETED)
    assert seen == [("progress", "queued", "data:image/webp;base64,UklGRg=="), ("completed", "completed", None)]
    assert stream.headers["content-type"].startswith("text/event-stream")


async def test_one_who_comes_back_sees_the_present_state(world, http, queued):
    world.generation.set(queued, pb.VIDEO_STATUS_CANCELLED)
    async with http.stream("GET", f"/v1/videos/{queued}/events", headers={"last-event-id": "7"}) as stream:
        name, data = await anext(_events(stream))
    assert (name, data["video"]["error"]["code"]) == ("failed", "cancelled")


async def test_a_quiet_stream_is_kept_alive(start, monkeypatch, http):
    monkeypatch.setenv("GATEWAY_SSE_PING_S", "0.1")
    context, *_ = start()
    async with context as served:
        made = (await http.post(f"{served.url}/v1/videos", json={"prompt": "a"})).json()["id"]
        async with http.stream("GET", f"{served.url}/v1/videos/{made}/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith(": ping"):
                    break


async def test_a_broken_stream_says_so(world, http, queued):
    async with http.stream("GET", f"/v1/videos/{queued}/events") as stream:
        events = _events(stream)
        assert (await anext(events))[0] == "progress"
        world.generation.broken = grpc.StatusCode.INTERNAL
        name, data = await anext(events)
    assert (name, data["error"]["code"]) == ("error", "internal_error")
    assert "hunter2" not in str(data)


async def test_streams_end_when_the_gateway_drains(start, http):
    context, *_ = start()
    served = await context.__aenter__()
    made = (await http.post(f"{served.url}/v1/videos", json={"prompt": "a"})).json()["id"]
    async with http.stream("GET", f"{served.url}/v1/videos/{made}/events") as stream:
        await anext(_events(stream))
        began = time.monotonic()
        await asyncio.wait_for(context.__aexit__(None, None, None), 5)
    assert time.monotonic() - began < 5
