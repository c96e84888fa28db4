"""Characters, as the OpenAI SDK has them."""

import openai
import pytest

CLIP = ("rex.mp4", b"\0\0\0\x20ftypisom" + bytes(60), "video/mp4")
CAMEO_ID = "cameo_" + "1" * 32


async def test_the_sdk_makes_a_character_of_a_clip(world, sdk):
    rex = await sdk.videos.create_character(name="Réx, the 2nd", video=CLIP)
    assert (rex.name, rex.handle, rex.kind, rex.created_at > 0) == ("rex_the_2nd", "@bob.rex_the_2nd", "object", True)
    read = await sdk.videos.get_character(rex.id)
    assert (read.id, read.name, read.created_at) == (rex.id, rex.name, rex.created_at)


async def test_a_pet_may_be_said_to_be_one(sdk):
    assert (await sdk.videos.create_character(name="rex", video=CLIP, extra_body={"kind": "pet"})).kind == "pet"


async def test_a_persons_cameo_is_read_by_those_who_may_use_it(world, http, sdk):
    assert (await sdk.videos.get_character(CAMEO_ID)).name == "bob"
    refused = await http.get(f"/v1/videos/characters/{CAMEO_ID}", headers={"authorization": "Bearer kn_cleo"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "cameo_not_found")


async def test_a_video_is_cast(world, http, sdk):
    cast = [{"id": CAMEO_ID}, {"id": "cameo_" + "2" * 32}]
    await sdk.videos.create(prompt="They meet", extra_body={"characters": cast})
    await http.post("/v1/videos", json={"prompt": "They meet", "characters": cast})
    assert [list(asked.characters) for asked in world.generation.asked] == [[each["id"] for each in cast]] * 2


async def test_a_person_is_no_character_and_is_told_the_way(world, sdk):
    with pytest.raises(openai.BadRequestError, match="/cameo") as error:
        await sdk.videos.create_character(name="dan", video=("dan.mp4", CLIP[1] + b"face", "video/mp4"))
    assert (error.value.code, error.value.param) == ("human_face", "video")
    assert await world.served.adapters.media.list("uploads") == []


@pytest.mark.parametrize(
    ("name", "video", "param"),
    [
        ("!!!", CLIP, "name"),
        ("", CLIP, "name"),
        ("rex", ("rex.mp4", b"", "video/mp4"), "video"),
        ("rex", ("rex.png", b"\x89PNG\r\n\x1a\n" + bytes(60), "image/png"), "video"),
    ],
)
async def test_what_cannot_become_a_character_is_named(sdk, name, video, param):
    with pytest.raises(openai.BadRequestError) as error:
        await sdk.videos.create_character(name=name, video=video)
    assert error.value.param == param


@pytest.mark.parametrize(
    ("parts", "param"),
    [
        ([("name", (None, "rex"))], "video"),
        ([("video", CLIP)], "name"),
        ([("video", (None, "not a file")), ("name", (None, "rex"))], "video"),
        ([("video", CLIP), ("video", CLIP), ("name", (None, "rex"))], "video"),
        ([("video", CLIP), ("name", (None, "rex")), ("kind", (None, "person"))], "kind"),
        ([("video", CLIP), ("name", (None, "rex")), ("mood", (None, "good"))], "mood"),
    ],
)
async def test_a_wrong_part_is_named(http, parts, param):
    refused = await http.post("/v1/videos/characters", files=parts)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


async def test_a_character_is_sent_as_a_form(http):
    assert (await http.post("/v1/videos/characters", json={"name": "rex"})).status_code == 415


async def test_a_name_that_is_taken_is_a_conflict(sdk):
    await sdk.videos.create_character(name="rex", video=CLIP)
    with pytest.raises(openai.ConflictError) as error:
        await sdk.videos.create_character(name="rex", video=CLIP)
    assert error.value.code == "cameo_exists"


@pytest.mark.parametrize(
    "cast", [[{"id": "char_1"}], ["x"], "x", [{"id": CAMEO_ID, "role": "hero"}], [{}], [{"id": CAMEO_ID}] * 11, {"id": CAMEO_ID}]
)
async def test_a_wrong_cast_is_named(http, cast):
    refused = await http.post("/v1/videos", json={"prompt": "a", "characters": cast})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "characters")
