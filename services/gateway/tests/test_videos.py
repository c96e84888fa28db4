"""The video resource, as the OpenAI SDK and plain HTTP see it."""

import openai
import pytest
from kinora.generation.v1 import generation_service_pb2 as pb

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
OPENAI_KEYS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size", "seconds",
    "remixed_from_video_id", "error",
}  # fmt: skip


async def test_a_video_has_the_thirteen_keys_with_nulls(http):
    made = (await http.post("/v1/videos", json={"prompt": "a park", "seconds": "8", "size": "1280x720"})).json()
    assert made.keys() >= OPENAI_KEYS
    assert [made[key] for key in ("completed_at", "expires_at", "error", "remixed_from_video_id")] == [None] * 4
    assert (made["object"], made["status"], made["seconds"], made["size"], made["progress"]) == ("video", "queued", "8", "1280x720", 0)


async def test_the_sdk_keeps_our_additions(sdk):
    made = await sdk.videos.create(prompt="a park", seconds="4", size="1280x720")
    assert (made.id, made.seconds, made.notes) == (f"video_{1:032x}", "4", ["Understood: a park."])
    assert made.eta_seconds == 40


async def test_multipart_and_json_ask_for_the_same(world, http, sdk):
    fields = {"prompt": "a park", "model": "world-1", "seconds": "8", "size": "1280x720"}
    extra = {"seed": 7, "negative_prompt": "rain", "style": "anime", "storyboard": '{"version":"1","shots":[{"place":"park"}]}'}
    await sdk.videos.create(**fields, extra_body=extra)
    await http.post("/v1/videos", json=fields | extra | {"storyboard": {"version": "1", "shots": [{"place": "park"}]}})
    one, two = world.generation.asked
    assert one.request_id != two.request_id
    one.request_id = two.request_id = ""
    assert one == two
    assert (one.seed, one.seconds, one.storyboard_json) == (7, 8, '{"version":"1","shots":[{"place":"park"}]}')


async def test_no_seed_is_another_wish_than_seed_zero(world, http):
    await http.post("/v1/videos", json={"prompt": "a"})
    await http.post("/v1/videos", json={"prompt": "b", "seed": 0})
    assert [request.HasField("seed") for request in world.generation.asked] == [False, True]


async def test_text_may_come_as_a_file_part(world, http):
    await http.post("/v1/videos", files={"prompt": ("idea.txt", "ein Park in Zürich".encode())})
    assert world.generation.asked[0].prompt == "ein Park in Zürich"


async def test_while_it_is_made_the_answer_says_when_to_ask_again(world, http, queued):
    pending = await http.get(f"/v1/videos/{queued}")
    world.generation.set(queued, pb.VIDEO_STATUS_COMPLETED)
    done = await http.get(f"/v1/videos/{queued}")
    assert pending.headers["openai-poll-after-ms"] == "2000"
    assert "openai-poll-after-ms" not in done.headers


async def test_the_sdk_waits_for_the_end(world, sdk, queued):
    world.generation.set(queued, pb.VIDEO_STATUS_COMPLETED, progress=100, completed_at=1_700_000_040)
    done = await sdk.videos.poll(queued)
    assert (done.status, done.progress, done.completed_at) == ("completed", 100, 1_700_000_040)


async def test_the_sdk_pages_through_all(sdk):
    made = [(await sdk.videos.create(prompt=f"take {n}")).id for n in range(5)]
    assert [video.id async for video in sdk.videos.list(limit=2, order="asc")] == made
    assert [video.id async for video in sdk.videos.list(limit=2)] == made[::-1]


async def test_a_list_names_its_ends(http, queued):
    page = (await http.get("/v1/videos", params={"limit": 1})).json()
    assert (page["object"], page["first_id"], page["last_id"], page["has_more"]) == ("list", queued, queued, False)
    none = (await http.get("/v1/videos", params={"limit": 0})).json()
    assert (none["data"], none["first_id"], none["has_more"]) == ([], None, True)


async def test_an_empty_list_has_no_ends(http):
    page = (await http.get("/v1/videos")).json()
    assert page == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


async def test_a_cancelled_video_is_a_failed_one(http, queued):
    cancelled = (await http.post(f"/v1/videos/{queued}/cancel")).json()
    assert (cancelled["status"], cancelled["error"]["code"]) == ("failed", "cancelled")


async def test_a_failure_says_why(world, sdk, queued):
    world.generation.set(queued, pb.VIDEO_STATUS_FAILED, error_code="engine_unavailable", error_message="No engine answered")
    failed = await sdk.videos.retrieve(queued)
    assert (failed.status, failed.error.code, failed.error.message) == ("failed", "engine_unavailable", "No engine answered")


async def test_a_remix_names_its_source(sdk, finished):
    remix = await sdk.videos.remix(finished, prompt="at night")
    assert (remix.remixed_from_video_id, remix.prompt, remix.status) == (finished, "at night", "queued")


async def test_an_edit_is_a_remix_by_the_sdks_other_name(sdk, finished):
    edit = await sdk.videos.edit(prompt="at night", video=openai.omit, extra_body={"video": {"id": finished}})
    assert (edit.remixed_from_video_id, edit.prompt, edit.status) == (finished, "at night", "queued")


async def test_an_extension_has_the_whole_length(sdk, finished):
    longer = await sdk.videos.extend(prompt="and then", seconds="8", video=openai.omit, extra_body={"video": {"id": finished}})
    source = await sdk.videos.retrieve(finished)
    assert (longer.remixed_from_video_id, int(longer.seconds)) == (finished, int(source.seconds) + 8)


async def test_an_uploaded_film_cannot_be_edited(sdk):
    with pytest.raises(openai.BadRequestError, match="send the id of a finished video") as refused:
        await sdk.videos.edit(prompt="at night", video=b"\0\0\0\x20ftypisom")
    assert refused.value.param == "video"


async def test_drafts_loops_and_variants_are_passed_on(world, sdk):
    made = await sdk.videos.create(prompt="a park", extra_body={"draft": True, "loop": True, "variants": 3})
    asked = world.generation.asked[-1]
    assert (asked.draft, asked.loop, asked.variants) == (True, True, 3)
    assert len(made.variants) == 2


@pytest.mark.parametrize(
    "form",
    [
        {"json": {"prompt": "a", "passes": ["depth", "pose"]}},
        {"files": [("prompt", (None, "a")), ("passes", (None, "depth, pose"))]},
        {"files": [("prompt", (None, "a")), ("passes[]", (None, "depth")), ("passes[]", (None, "pose"))]},
    ],
    ids=["json", "one part", "parts"],
)
async def test_passes_are_asked_for_in_every_encoding(world, http, form):
    assert (await http.post("/v1/videos", **form)).status_code == 200
    assert list(world.generation.asked[-1].passes) == ["depth", "pose"]


async def test_the_sdk_asks_for_passes(world, sdk):
    await sdk.videos.create(prompt="a park", extra_body={"passes": ["motion", "segmentation"]})
    assert list(world.generation.asked[-1].passes) == ["motion", "segmentation"]


async def test_a_pass_is_a_variant_of_the_content(http, finished):
    link = (await http.get(f"/v1/videos/{finished}/content?variant=depth")).headers["location"]
    assert "/media/" in link


@pytest.mark.parametrize("parts", [[("passes", "albedo")], [("passes[]", "depth"), ("passes[x]", "pose")]])
async def test_a_pass_that_there_is_not_is_named(http, parts):
    reply = await http.post("/v1/videos", files=[("prompt", (None, "a")), *((name, (None, value)) for name, value in parts)])
    assert (reply.status_code, reply.json()["error"]["param"].partition("[")[0].partition(".")[0]) == (400, "passes")


async def test_a_deleted_video_is_gone(sdk, http, finished):
    deleted = await sdk.videos.delete(finished)
    assert (deleted.id, deleted.deleted, deleted.object) == (finished, True, "video.deleted")
    assert (await http.get(f"/v1/videos/{finished}")).status_code == 404


async def test_a_draft_queues_nothing(world, http):
    draft = (await http.post("/v1/storyboards", json={"prompt": "a park", "seconds": "8"})).json()
    assert draft == {
        "object": "storyboard.draft",
        "storyboard": {"version": "1"},
        "notes": ["Understood: a park."],
        "engine_seconds": 12.5,
        "unit": "cpu_second",
    }
    assert world.generation.videos == {}


async def test_a_video_gives_its_storyboard_back(http, queued):
    assert (await http.get(f"/v1/videos/{queued}/storyboard")).json() == {"version": "1", "shots": []}


async def test_models_are_found_by_alias(sdk, http):
    assert [model.id async for model in await sdk.models.list()] == ["world-1"]
    assert (await sdk.models.retrieve("sora-2")).sizes[:2] == ["720x1280", "1280x720"]
    assert (await http.get("/v1/models/nothing-9")).json()["error"]["param"] == "model"


async def test_the_seal_is_shown(http, finished):
    seal = (await http.get(f"/v1/videos/{finished}/provenance")).json()
    assert (seal["validation_state"], seal["development"], seal["manifest"]) == ("Trusted", True, None)
    assert (await http.get(f"/v1/videos/{finished}/provenance?include=manifest")).json()["manifest"] == "anVtYg=="
