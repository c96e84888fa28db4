"""A request that is sent twice."""

import openai
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


async def test_a_retry_of_the_sdk_is_marked(world, http):
    for count in ("0", "1"):
        await http.post("/v1/videos", json={"prompt": "a"}, headers={"x-stainless-retry-count": count})
    assert [request.is_retry for request in world.generation.asked] == [False, True]


async def test_a_retried_picture_makes_an_equal_request(world, http, picture):
    for count in ("0", "1"):
        form = {"data": {"prompt": "a", "size": "64x36"}, "files": {"input_reference": ("upload", picture(64, 36))}}
        await http.post("/v1/videos", **form, headers={"x-stainless-retry-count": count})
    first, second = world.generation.asked
    assert first.first_frame_key == second.first_frame_key != ""


async def test_the_idempotency_key_names_the_request(world, http):
    for _ in range(2):
        await http.post("/v1/videos", json={"prompt": "a"}, headers={"idempotency-key": "order 66"})
    first, second = world.generation.asked
    assert first.request_id == second.request_id
    assert not first.is_retry


async def test_a_key_reused_for_another_request_is_a_conflict(sdk):
    header = {"idempotency-key": "order 66"}
    await sdk.videos.create(prompt="a", extra_headers=header)
    with pytest.raises(openai.ConflictError) as error:
        await sdk.videos.create(prompt="b", extra_headers=header)
    assert (error.value.code, error.value.param) == ("idempotency_key_reused", "Idempotency-Key")
    assert error.value.response.headers["x-should-retry"] == "false"


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_an_idempotency_key_has_a_length(http, key):
    reply = await http.post("/v1/videos", json={"prompt": "a"}, headers={"idempotency-key": key})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "Idempotency-Key")


async def test_deleting_twice_is_one_request(world, http, queued):
    await http.delete(f"/v1/videos/{queued}")
    assert world.generation.asked[-1].request_id == f"delete-{queued}"
