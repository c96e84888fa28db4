"""Characters, as the OpenAI SDK has them."""

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


async def test_a_name_that_is_taken_is_a_conflict_and_begins_nothing(world, sdk):
    await sdk.videos.create_character(name="rex", video=CLIP)
    with pytest.raises(openai.ConflictError) as error:
        await sdk.videos.create_character(name="rex", video=CLIP)
    assert (error.value.code, error.value.param) == ("cameo_exists", "name")
    assert len(world.cameos.things) == 1


@pytest.mark.parametrize(
    "cast", [[{"id": "char_1"}], ["x"], "x", [{"id": CAMEO_ID, "role": "hero"}], [{}], [{"id": CAMEO_ID}] * 11, {"id": CAMEO_ID}]
)
async def test_a_wrong_cast_is_named(http, cast):
    refused = await http.post("/v1/videos", json={"prompt": "a", "characters": cast})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "characters")


@pytest.fixture
async def patient(start, monkeypatch, http):
    """A gateway that takes many uploads."""
    monkeypatch.setenv("GATEWAY_UPLOADS_PER_MINUTE", "10000")
    context, *_ = start()
    async with context as served:
        http.base_url = served.url
        yield http


_WHOLE = b"".join(
    b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % part
    for part in [(b"name", b"", b"rex"), (b"kind", b"", b"pet"), (b"video", b'; filename="rex.mp4"', CLIP[1])]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(_WHOLE)), st.binary(max_size=6), st.integers(0, 8)), max_size=4))
async def test_damaged_forms_are_never_our_fault(patient, damages):
    form = bytearray(_WHOLE + b"--x--\r\n")
    for at, put, gone in damages:
        form[at : at + gone] = put
    headers = {"content-type": "multipart/form-data; boundary=x"}
    reply = await patient.post("/v1/videos/characters", content=bytes(form), headers=headers)
    assert reply.status_code in {200, 400, 409}, bytes(form)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=40), st.sampled_from([b"", b"\xff\xd8\xff", b"RIFF....WEBP", b"....ftyp", b"\x1a\x45\xdf\xa3"]), st.text(max_size=6)
)
async def test_no_file_is_our_fault(patient, rest, begins, kind):
    reply = await patient.post("/api/cameos/things", content=begins + rest, params={"kind": kind})
    assert reply.status_code in {201, 400}
