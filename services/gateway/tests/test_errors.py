"""What is wrong is said in OpenAI's error shape, with the field's name; nothing is queued, nothing leaks."""

import asyncio
import json
import random

import grpc
import httpx
import openai
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
PART = b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n%s\r\n'
DEEP = json.loads("[" * 40 + "]" * 40)


async def refused(reply: httpx.Response) -> tuple[int, str | None, str]:
    error = reply.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    assert reply.headers["x-request-id"].startswith("req_")
    return reply.status_code, error["param"], error["code"]


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({}, "prompt", "missing_required_parameter"),
        ({"prompt": ""}, "prompt", "missing_required_parameter"),
        ({"prompt": " \n"}, "prompt", "missing_required_parameter"),
        ({"prompt": "x" * 32_001}, "prompt", "invalid_value"),
        ({"prompt": ["a"]}, "prompt", "invalid_value"),
        ({"prompt": "a\0b"}, "prompt", "invalid_value"),
        ({"prompt": "a", "seconds": 4}, "seconds", "invalid_value"),
        ({"prompt": "a", "seconds": "0"}, "seconds", "invalid_value"),
        ({"prompt": "a", "seconds": "four"}, "seconds", "invalid_value"),
        ({"prompt": "a", "size": "720p"}, "size", "invalid_value"),
        ({"prompt": "a", "model": "nothing-9"}, "model", "invalid_value"),
        ({"prompt": "a", "model": ""}, "model", "invalid_value"),
        ({"prompt": "a", "seed": -1}, "seed", "invalid_value"),
        ({"prompt": "a", "seed": 2**63}, "seed", "invalid_value"),
        ({"prompt": "a", "seed": True}, "seed", "invalid_value"),
        ({"prompt": "a", "seed": 1.5}, "seed", "invalid_value"),
        ({"prompt": "a", "negative_prompt": "x" * 2001}, "negative_prompt", "invalid_value"),
        ({"prompt": "a", "storyboard": "{"}, "storyboard", "invalid_value"),
        ({"prompt": "a", "storyboard": "[]"}, "storyboard", "invalid_value"),
        ({"prompt": "a", "storyboard": {"a": DEEP}}, "storyboard", "invalid_value"),
        ({"prompt": "a", "storyboard": json.dumps({"a": DEEP})}, "storyboard", "invalid_value"),
        ({"prompt": "a", "storyboard": '{"a": "\\u0000"}'}, "storyboard", "invalid_value"),
        ({"prompt": "a", "storyboard": {"a": "x" * 1_000_001}}, "storyboard", "invalid_value"),
        ({"prompt": "a", "colour": "red"}, "colour", "unknown_parameter"),
        ({"prompt": "a", "characters": [{"id": "char_1"}]}, "characters", "invalid_value"),
        ({"prompt": "a", "metadata": {}}, "metadata", "unsupported_parameter"),
    ],
)
async def test_a_wrong_field_is_named(world, http, body, param, code):
    assert await refused(await http.post("/v1/videos", json=body)) == (400, param, code)
    assert world.generation.videos == {}


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"prompt": "a", "seed": NaN}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"seed": ' + b"9" * 5000 + b"}", "application/json"),
        (b'{"prompt": "\\ud800"}', "application/json"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data"),
        (PART % b"xn--a" + b"--x--\r\n", "multipart/form-data; boundary=x; charset=idna"),
        (b'--x\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nhalf a fi', "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    ],
)
async def test_a_malformed_body_is_refused(world, http, content, content_type):
    status, _, _ = await refused(await http.post("/v1/videos", content=content, headers={"content-type": content_type}))
    assert status == 400
    assert world.generation.videos == {}


async def test_damaged_forms_are_never_our_fault(start, monkeypatch, http):
    monkeypatch.setenv("GATEWAY_CREATES_PER_MINUTE", "1000")
    context, *_ = start()
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    whole = part % (b"prompt", b"a park") + part % (b"seed", b"7") + part % (b"input_reference[image_url]", b"data:,") + b"--x--\r\n"
    chance = random.Random(7)
    async with context as served:
        for _ in range(150):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(damaged))
                damaged[at : at + chance.randint(0, 8)] = chance.randbytes(chance.randint(0, 8))
            headers = {"content-type": "multipart/form-data; boundary=x"}
            reply = await http.post(f"{served.url}/v1/videos", content=bytes(damaged), headers=headers)
            assert reply.status_code in {200, 400}, bytes(damaged)


async def test_a_form_of_many_parts_is_refused(http):
    reply = await http.post("/v1/videos", files=[(f"part{n}", (None, "x")) for n in range(65)])
    assert await refused(reply) == (400, None, "invalid_multipart")


async def test_a_field_given_twice_is_refused(http):
    reply = await http.post("/v1/videos", files=[("prompt", (None, "a")), ("prompt", (None, "b"))])
    assert await refused(reply) == (400, "prompt", "invalid_value")


async def test_a_flattened_storyboard_is_refused(sdk):
    with pytest.raises(openai.BadRequestError, match="one part that holds its JSON") as error:
        await sdk.videos.create(prompt="a", extra_body={"storyboard": {"shots": [{"place": "park"}]}})
    assert error.value.param == "storyboard"


async def test_another_encoding_is_refused(http):
    assert await refused(await http.post("/v1/videos", data={"prompt": "a"})) == (415, None, "unsupported_media_type")
    assert await refused(await http.post("/v1/videos")) == (415, None, "unsupported_media_type")


async def test_a_huge_body_is_refused_and_the_answer_arrives(http):
    whole = await http.post("/v1/videos", content=b"x" * (26 * 1024 * 1024), headers={"content-type": "application/json"})
    assert await refused(whole) == (413, None, "request_too_large")

    async def pieces():
        for _ in range(26):
            yield b"x" * 1024 * 1024

    piecewise = await http.post("/v1/videos", content=pieces(), headers={"content-type": "application/json"})
    assert await refused(piecewise) == (413, None, "request_too_large")


async def test_a_body_that_never_ends_is_given_up(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_BODY_TIMEOUT_S", "0.2")
    context, *_ = start()
    async with context as served:
        host, port = served.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = "POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer kn_bob\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        assert b" 408 " in await asyncio.wait_for(reader.readline(), 8)
        writer.close()


@pytest.mark.parametrize(
    ("query", "param"), [("limit=101", "limit"), ("limit=x", "limit"), ("order=up", "order"), ("after=x", "after"), ("limt=5", "limt")]
)
async def test_a_wrong_query_is_named(http, query, param):
    status, named, _ = await refused(await http.get(f"/v1/videos?{query}"))
    assert (status, named) == (400, param)


async def test_an_unknown_variant_is_named(http, finished):
    assert await refused(await http.get(f"/v1/videos/{finished}/content?variant=gif")) == (400, "variant", "invalid_value")


async def test_unknown_paths_and_methods_are_told_apart(http):
    assert await refused(await http.get("/v1/clips")) == (404, None, "not_found")
    assert await refused(await http.put("/v1/videos")) == (405, None, "method_not_allowed")


@pytest.mark.parametrize("video_id", ["video_" + "0" * 32, "video_%00", "x", "video_" + "0" * 31 + "G"])
async def test_an_unknown_video_is_not_found(http, video_id):
    assert await refused(await http.get(f"/v1/videos/{video_id}")) == (404, "video_id", "video_not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/content"),
        ("GET", "/captions"),
        ("GET", "/events"),
        ("GET", "/storyboard"),
        ("POST", "/cancel"),
    ],
)
async def test_someone_elses_video_is_not_found(http, finished, method, path):
    reply = await http.request(method, f"/v1/videos/{finished}{path}", headers={"authorization": "Bearer kn_cleo"})
    assert await refused(reply) == (404, "video_id", "video_not_found")


async def test_an_unfinished_video_has_no_content_and_no_remix(http, queued):
    content = await http.get(f"/v1/videos/{queued}/content")
    assert await refused(content) == (409, "video_id", "video_not_ready")
    assert content.headers["x-should-retry"] == "false"
    remix = await http.post(f"/v1/videos/{queued}/remix", json={"prompt": "at night"})
    assert await refused(remix) == (409, "video_id", "video_not_ready")


async def test_a_full_queue_says_when_to_come_again(http):
    reply = await http.post("/v1/videos", json={"prompt": "one too many"})
    assert await refused(reply) == (429, None, "queue_full")
    assert int(reply.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (grpc.StatusCode.INTERNAL, 500),
        (grpc.StatusCode.UNAVAILABLE, 503),
        (grpc.StatusCode.DEADLINE_EXCEEDED, 504),
        (grpc.StatusCode.INVALID_ARGUMENT, 500),
        (grpc.StatusCode.UNAUTHENTICATED, 500),
    ],
)
async def test_our_own_faults_leak_nothing(world, http, queued, code, status):
    world.generation.broken = code
    reply = await http.get(f"/v1/videos/{queued}")
    assert (reply.status_code, reply.json()["error"]["type"]) == (status, "server_error")
    assert "hunter2" not in reply.text


async def test_the_sdk_reads_our_errors(sdk):
    with pytest.raises(openai.BadRequestError) as error:
        await sdk.videos.create(prompt="a", model="nothing-9")
    assert (error.value.param, error.value.code, error.value.type) == ("model", "invalid_value", "invalid_request_error")
    assert error.value.request_id.startswith("req_")
