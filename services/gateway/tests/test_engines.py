"""What engines can do, and the pictures and words that only some of them take."""

import base64
import json
from io import BytesIO

import pytest
from kinora.generation.v1 import generation_service_pb2 as pb
from PIL import Image

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


def _url(data: bytes) -> dict[str, str]:
    return {"image_url": "data:image/png;base64," + base64.b64encode(data).decode()}


async def test_a_model_tells_its_terms_and_costs(http):
    [world] = (await http.get("/v1/models")).json()["data"]
    assert world["conditioning"] == {
        "first_frame": True, "last_frame": False, "keyframes": 0, "remix": True, "extend": True, "finish": True, "characters": 12,
        "negative_prompt": True, "loop": True,
    }  # fmt: skip
    assert (world["unit"], world["costs"]) == ("cpu_second", [{"size": "720x1280", "engine_seconds_per_second": 9.2}])
    assert world["licence"].keys() == {"id", "name", "url", "terms"}
    assert "did not happen" in world["ai_act_label"]


async def test_the_sdk_sees_what_a_model_can_do(sdk):
    model = await sdk.models.retrieve("world-1")
    assert (model.ready, model.conditioning["finish"], model.owned_by) == (True, True, "kinora")


async def test_last_frame_and_keyframes_are_stored_in_the_films_shape(world, http, picture):
    body = {
        "prompt": "a", "size": "64x36", "last_frame": _url(picture(64, 36)), "guidance": "world", "loras": ["film-grain"],
        "keyframes": [{"picture": _url(picture(36, 36)), "at_s": 1.5, "strength": 0.5}],
    }  # fmt: skip
    assert (await http.post("/v1/videos", json=body)).status_code == 200
    [asked] = world.generation.asked
    assert (asked.guidance, asked.loras, asked.keyframes[0].at_s, asked.keyframes[0].strength) == ("world", ["film-grain"], 1.5, 0.5)
    for key in (asked.last_frame_key, asked.keyframes[0].key):
        assert Image.open(BytesIO(await world.served.adapters.media.get(key))).size == (64, 36)


async def test_keyframes_come_as_parts_of_a_form(world, http, picture):
    parts = [("prompt", (None, "a")), ("size", (None, "64x36")), ("loras", (None, "one, two"))]
    for at_s in ("0.5", "2"):
        parts += [("keyframes[][picture]", ("a.png", picture(64, 36))), ("keyframes[][at_s]", (None, at_s))]
    assert (await http.post("/v1/videos", files=parts)).status_code == 200
    [asked] = world.generation.asked
    assert [(frame.at_s, frame.key != "") for frame in asked.keyframes] == [(0.5, True), (2.0, True)]
    assert asked.loras == ["one", "two"]


@pytest.mark.parametrize(
    ("fields", "param", "says"),
    [
        ({"last_frame": {"image_url": "data:image/png;base64,AAAA"}}, "last_frame", "no JPEG, PNG or WebP"),
        ({"keyframes": [{"picture": {"image_url": "data:image/png;base64,AAAA"}, "at_s": 1}]}, "keyframes", "no JPEG, PNG or WebP"),
        ({"keyframes": [{"picture": {"image_url": "https://example.org/a.png"}, "at_s": 1}]}, "keyframes", "not fetched"),
        ({"keyframes": [{"at_s": 1}]}, "keyframes", "picture"),
        ({"keyframes": [{"picture": {"image_url": "data:"}, "at_s": -1}]}, "keyframes", "greater than or equal to 0"),
        ({"keyframes": [{"picture": {"image_url": "data:"}, "at_s": True}]}, "keyframes", "number"),
        ({"keyframes": [{"picture": {"image_url": "data:"}, "at_s": 1, "strength": 0}]}, "keyframes", "greater than 0"),
        ({"keyframes": "[1"}, "keyframes", "no valid JSON"),
    ],
)  # fmt: skip
async def test_a_bad_picture_or_time_is_named_and_nothing_is_kept(world, http, tmp_path, fields, param, says):
    error = (await http.post("/v1/videos", json={"prompt": "a", "size": "64x36"} | fields)).json()["error"]
    assert error["param"].startswith(param)
    assert says in json.dumps(error["message"])
    assert (world.generation.asked, list(tmp_path.rglob("*.png"))) == ([], [])


async def test_a_refused_request_leaves_none_of_its_pictures_behind(http, picture, tmp_path):
    body = {
        "prompt": "a",
        "model": "nothing-9",
        "size": "64x36",
        "input_reference": _url(picture(64, 36)),
        "last_frame": _url(picture(36, 36)),
    }
    assert (await http.post("/v1/videos", json=body)).status_code == 400
    assert list(tmp_path.rglob("*.png")) == []


async def test_usage_is_told_by_engine(http):
    assert (await http.get("/api/usage")).json() == {
        "object": "usage",
        "engines": [{"model": "world-1", "unit": "cpu_second", "spent_today": 10, "spent_30_days": 20, "reserved": 5}],
        "budgets": [{"unit": "cpu_second", "seconds": 60, "left": 45}],
        "renews_at": 1_700_006_400,
    }


async def test_a_spent_budget_is_no_reason_to_try_again(http):
    reply = await http.post("/v1/videos", json={"prompt": "too dear"})
    assert (reply.status_code, reply.json()["error"]["code"], reply.headers["x-should-retry"]) == (429, "budget_exceeded", "false")
    assert "retry-after" not in reply.headers


async def test_a_video_tells_what_it_costs(http, queued):
    video = (await http.get(f"/v1/videos/{queued}")).json()
    assert (video["unit"], video["estimated_engine_seconds"], video["engine_seconds"]) == ("cpu_second", 37.5, None)
    assert video["ai_act_label"] == "Made by a computer."


async def test_a_draft_is_finished(world, http, finished):
    world.generation.set(finished, pb.VIDEO_STATUS_COMPLETED, full_size="1280x720")
    made = (await http.post(f"/v1/videos/{finished}/finish")).json()
    assert (made["size"], made["remixed_from_video_id"], made["status"]) == ("1280x720", finished, "queued")
    assert (await http.post(f"/v1/videos/video_{'0' * 32}/finish")).status_code == 404
