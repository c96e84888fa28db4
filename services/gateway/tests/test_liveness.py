"""Liveness sessions over HTTP and WebSocket."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

BOB = {"authorization": "Bearer kn_bob_admin"}
ADA = {"authorization": "Bearer kn_ada"}
NOBODYS = "live_" + "0" * 32
WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)


@pytest.fixture
async def started(http) -> str:
    """The id of bob's new session."""
    return (await http.post("/api/liveness", json={}, headers=BOB)).json()["id"]


@pytest.fixture
def open_socket(world):
    """Opens bob's capture."""

    def open_one(session_id: str, **options):
        url = world.url.replace("http", "ws", 1) + f"/api/liveness/{session_id}/capture"
        return connect(url, **({"additional_headers": BOB} | options))

    return open_one


async def _until_closed(socket) -> tuple[list[dict], int]:
    frames = []
    try:
        while True:
            frames.append(json.loads(await asyncio.wait_for(socket.recv(), 10)))
    except ConnectionClosed:
        return frames, socket.close_code


async def test_a_session_is_started_as_asked_for_and_read(world, http):
    reply = await http.post("/api/liveness", json={"language": "en-GB", "needs": {"slow": True}}, headers=BOB)
    started = reply.json()
    assert (reply.status_code, started["state"], started["needs"]["slow"], started["tries_left"]) == (201, "created", True, 3)
    assert (world.liveness.asked[0].language, world.liveness.asked[0].needs.slow) == ("en-GB", True)
    assert (await http.get(f"/api/liveness/{started['id']}", headers=BOB)).json() == started


async def test_a_key_for_videos_starts_none(http):
    refused = await http.post("/api/liveness", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")


async def test_anothers_session_is_not_found(http, started):
    for headers, session_id in [({"authorization": "Bearer kn_cleo_admin"}, started), (BOB, NOBODYS), (BOB, "live_x"), (BOB, "..")]:
        refused = await http.get(f"/api/liveness/{session_id}", headers=headers)
        assert refused.status_code == 404


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({"language": "tlh"}, "language"),
        ({"language": 7}, "language"),
        ({"language": "x" * 36}, "language"),
        ({"needs": {"fast": True}}, "needs"),
        ({"needs": True}, "needs"),
        ({"mood": "good"}, "mood"),
    ],
)
async def test_a_wrong_field_is_named(http, sent, param):
    refused = await http.post("/api/liveness", json=sent, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


async def test_a_capture_goes_up_while_prompts_come_down(world, started, open_socket):
    async with open_socket(started) as socket:
        await socket.send(WEBM)
        prompts = [json.loads(await socket.recv()) for _ in range(3)]
        await socket.send(b"more")
        await socket.send(json.dumps({"typed": "harbour"}))
        await socket.send(json.dumps({"done": True}))
        frames, code = await _until_closed(socket)
    assert [list(frame) for frame in prompts] == [["prompt"], ["prompt"], ["stop"]]
    assert prompts[1]["prompt"] == {"number": 1, "of": 2, "text": "Say: harbour", "word": "harbour", "move": None}
    assert (frames[0]["session"]["state"], code) == ("analysing", 1000)
    assert (world.liveness.clip, world.liveness.typed) == (WEBM + b"more", ["harbour"])


async def test_a_script_in_a_browser_brings_its_token_as_a_subprotocol(started, open_socket):
    async with open_socket(started, additional_headers={}, subprotocols=["kinora.capture", "bearer.kn_bob_admin"]) as socket:
        await socket.send(WEBM)
        assert "prompt" in json.loads(await socket.recv())
        assert socket.subprotocol == "kinora.capture"


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        ({"additional_headers": {}}, 4401, "invalid_api_key"),
        ({"additional_headers": {"authorization": "Bearer kn_wrong"}}, 4401, "invalid_api_key"),
        ({"additional_headers": {"authorization": "Basic a25fYm9i"}}, 4401, "invalid_api_key"),
        ({"additional_headers": {"authorization": "Bearer kn_bob"}}, 4403, "insufficient_scope"),
        ({"additional_headers": {"authorization": "Bearer kn_cleo_admin"}}, 4404, "liveness_not_found"),
        ({"origin": "https://evil.example"}, 4403, "foreign_origin"),
    ],
)
async def test_who_may_not_capture_is_told_why(started, open_socket, options, code, reason):
    async with open_socket(started, **options) as socket:
        frames, closed = await _until_closed(socket)
    assert (closed, frames[0]["error"]["code"]) == (code, reason)


async def test_pages_of_this_platform_may_capture(world, started, open_socket):
    async with open_socket(started, origin=world.url) as socket:
        await socket.send(WEBM)
        assert "prompt" in json.loads(await socket.recv())


@pytest.mark.parametrize("session_id", [NOBODYS, "x", "live_%00"])
async def test_no_session_is_captured_that_does_not_exist(open_socket, session_id):
    async with open_socket(session_id) as socket:
        frames, closed = await _until_closed(socket)
    assert (closed, frames[0]["error"]["code"]) == (4404, "liveness_not_found")


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"done": false}', '{"typed": 7}', '{"typed": "a", "done": true}', "[" * 100_000])
async def test_a_wrong_frame_is_refused_and_ends_the_capture(world, started, open_socket, text):
    async with open_socket(started) as socket:
        await socket.send(text)
        frames, closed = await _until_closed(socket)
    assert (closed, frames[-1]["error"]["type"]) == (4400, "invalid_request_error")
    await asyncio.wait_for(world.liveness.gone.wait(), 5)


async def test_a_frame_of_more_than_a_mebibyte_is_too_large(started, open_socket):
    async with open_socket(started) as socket:
        await socket.send(bytes(2**20 + 1))
        assert (await _until_closed(socket))[1] == 1009


async def test_who_goes_away_ends_the_capture(world, started, open_socket):
    async with open_socket(started) as socket:
        await socket.send(WEBM)
        await socket.recv()
    await asyncio.wait_for(world.liveness.gone.wait(), 5)
    assert world.liveness.sessions[started].state != "analysing"


async def test_an_open_capture_is_told_that_the_gateway_restarts(start, http):
    context, *_ = start()
    served = await context.__aenter__()
    session_id = (await http.post(f"{served.url}/api/liveness", json={}, headers=BOB)).json()["id"]
    async with connect(f"ws://{served.url.removeprefix('http://')}/api/liveness/{session_id}/capture", additional_headers=BOB) as socket:
        await socket.send(WEBM)
        await socket.recv()
        drained = asyncio.create_task(context.__aexit__(None, None, None))
        assert (await _until_closed(socket))[1] == 1012
        await asyncio.wait_for(drained, 5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(st.one_of(st.binary(max_size=200), st.text(max_size=60), st.just('{"done": true}')), max_size=6))
async def test_no_frames_are_our_fault(open_socket, started, frames):
    """Whatever comes, the capture ends with an answer, a refusal or the client's own leave."""
    async with open_socket(started) as socket:
        for frame in [*frames, '{"done": true}']:
            try:
                await socket.send(frame)
            except ConnectionClosed:
                break
        told, closed = await _until_closed(socket)
    assert closed in {1000, 4400, 4404, 4409}, (told, closed)


async def test_a_plain_request_is_told_to_upgrade(http, started):
    refused = await http.get(f"/api/liveness/{started}/capture", headers=BOB)
    assert (refused.status_code, refused.headers["upgrade"]) == (426, "websocket")


async def test_who_uploads_is_told_what_to_do_as_events(http, started):
    async with http.stream("GET", f"/api/liveness/{started}/prompts", headers=BOB) as stream:
        lines = [line async for line in stream.aiter_lines()]
    assert [line for line in lines if line.startswith("event")] == ["event: prompt", "event: stop"]
    assert '"move":"left"' in next(line for line in lines if line.startswith("data"))


async def test_where_uploads_are_off_nothing_is_prompted(world, http, started):
    world.liveness.uploads = False
    refused = await http.get(f"/api/liveness/{started}/prompts", headers=BOB)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "uploads_off")


async def test_a_clip_is_handed_in(world, http, started):
    reply = await http.put(f"/api/liveness/{started}/clip", content=WEBM, params={"typed": ["harbour", "basket"]}, headers=BOB)
    assert (reply.status_code, reply.json()["state"]) == (200, "analysing")
    submitted = world.liveness.asked[-1]
    assert (submitted.typed, submitted.clip_key.startswith("uploads/acct_bob/")) == (["harbour", "basket"], True)
    assert await world.served.adapters.media.get(submitted.clip_key) == WEBM


async def test_a_clip_larger_than_other_bodies_is_taken_and_a_huge_one_is_not(world, http, started):
    large = await http.put(f"/api/liveness/{started}/clip", content=WEBM + bytes(30 * 2**20), headers=BOB)
    assert large.status_code == 200
    huge = await http.put(f"/api/liveness/{started}/clip", content=WEBM + bytes(40 * 2**20), headers=BOB)
    assert (huge.status_code, huge.json()["error"]["code"]) == (413, "request_too_large")
    assert len(await world.served.adapters.media.list("uploads")) == 1


@pytest.mark.parametrize("content", [b"", b"not a film", b"\x89PNG\r\n\x1a\n" + bytes(20), b"\xff\xd8\xff\xe0"])
async def test_what_is_no_clip_is_refused(http, started, content):
    refused = await http.put(f"/api/liveness/{started}/clip", content=content, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_file")


async def test_a_refused_clip_is_not_kept(world, http, started):
    assert (await http.put(f"/api/liveness/{NOBODYS}/clip", content=WEBM, headers=BOB)).status_code == 404
    assert await world.served.adapters.media.list("uploads") == []


async def test_a_moderator_looks_and_decides(world, http, started):
    reviews = (await http.get("/api/liveness/reviews", params={"limit": 5}, headers=ADA)).json()["data"]
    assert [(each["account_id"], each["remarks"], each["typed"]) for each in reviews] == [("acct_bob", ["NO_BLINK"], ["harbour"])]
    decided = await http.post(f"/api/liveness/reviews/{started}", json={"approved": True}, headers=ADA)
    assert (decided.json()["state"], world.liveness.asked[-1].approved) == ("approved", True)


async def test_a_moderator_watches_the_clip_while_it_is_kept(world, http, started):
    assert (await http.get(f"/api/liveness/reviews/{started}/clip", headers=ADA)).status_code == 404
    await world.served.adapters.media.put(f"liveness/acct_bob/{started}/clip", WEBM, content_type="video/webm")
    watched = await http.get(f"/api/liveness/reviews/{started}/clip", headers=ADA, follow_redirects=True)
    assert (watched.headers["content-type"], watched.content) == ("video/webm", WEBM)


async def test_to_decline_takes_a_reason(http, started):
    refused = await http.post(f"/api/liveness/reviews/{started}", json={"approved": False, "note": " "}, headers=ADA)
    assert (refused.status_code, "note" in refused.json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", f"/{NOBODYS}/clip"), ("POST", f"/{NOBODYS}")])
async def test_others_do_not_review(http, method, path):
    refused = await http.request(method, f"/api/liveness/reviews{path}", json={"approved": True}, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "moderators_only")


async def test_starting_over_and_over_is_slowed_down(start, monkeypatch, http):
    monkeypatch.setenv("GATEWAY_CAPTURES_PER_MINUTE", "2")
    context, *_ = start()
    async with context as served:
        replies = [await http.post(f"{served.url}/api/liveness", json={}, headers=BOB) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 429]
    assert int(replies[2].headers["retry-after"]) > 0
