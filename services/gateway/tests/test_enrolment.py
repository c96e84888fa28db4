"""Enrolling oneself, pets and objects, over HTTP."""

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BOB = {"authorization": "Bearer kn_bob_admin"}
SESSION = "live_" + "1" * 32
NOTHING = "thing_" + "0" * 32
JPEG = b"\xff\xd8\xff\xe0" + bytes(60)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)
BOX = [0.1, 0.1, 0.9, 0.9]


@pytest.fixture
async def thing(http) -> str:
    """The id of what bob has begun."""
    return (await http.post("/api/cameos/things", params={"kind": "pet"}, content=JPEG)).json()["id"]


async def test_a_person_enrols_from_an_approved_session(world, http):
    reply = await http.post("/api/cameos", json={"session_id": SESSION, "voice": True}, headers=BOB)
    assert (reply.status_code, reply.json()["handle"]) == (201, "@bob")
    assert (world.cameos.asked[0].session_id, world.cameos.asked[0].voice) == (SESSION, True)


async def test_a_key_for_videos_enrols_nobody(http):
    refused = await http.post("/api/cameos", json={"session_id": SESSION})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("content", [JPEG, WEBM])
async def test_a_pet_is_drawn_around_cut_out_and_named(world, http, content):
    begun = (await http.post("/api/cameos/things", params={"kind": "pet"}, content=content)).json()
    assert base64.b64decode(begun["picture"].removeprefix("data:image/jpeg;base64,")) == b"jpeg"
    wanted = {"box": BOX, "keep": [[[0.5, 0.5], [0.6, 0.5]]], "breadth": 0.05, "at_s": 1.5}
    cut = (await http.put(f"/api/cameos/things/{begun['id']}/cut", json=wanted)).json()
    assert (cut["picture"][:22], cut["colours"]) == ("data:image/png;base64,", ["#aa7733"])
    enrolled = await http.post(f"/api/cameos/things/{begun['id']}", json={"name": "rex"})
    assert (enrolled.status_code, enrolled.json()["handle"], enrolled.json()["kind"]) == (201, "@bob.rex", "pet")


async def test_what_was_drawn_arrives_as_drawn(world, http, thing):
    await http.put(f"/api/cameos/things/{thing}/cut", json={"box": BOX, "remove": [[[0.2, 0.3]]]})
    asked = world.cameos.asked[-1]
    start = getattr(asked, "from")
    assert [start.x, start.y, asked.to.x, asked.to.y] == BOX
    assert (asked.HasField("at_s"), asked.breadth, len(asked.keep)) == (False, 0, 0)
    assert [(point.x, point.y) for point in asked.remove[0].points] == [(0.2, 0.3)]


async def test_an_outline_that_keeps_nothing_is_named_as_it_was_drawn(http, thing):
    refused = (await http.put(f"/api/cameos/things/{thing}/cut", json={"box": [0.1, 0.1, 0.11, 0.2]})).json()["error"]
    assert (refused["code"], refused["param"]) == ("nothing_kept", "box")


async def test_where_a_person_is_seen_nothing_is_begun_or_kept(world, http):
    refused = (await http.post("/api/cameos/things", content=JPEG + b"face")).json()["error"]
    assert (refused["code"], refused["param"]) == ("human_face", "picture")
    assert await world.served.adapters.media.list("uploads") == []


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(20), b"<html>"])
async def test_what_is_no_picture_or_clip_is_refused(http, content):
    refused = await http.post("/api/cameos/things", content=content)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_file")


async def test_a_huge_file_is_refused(world, http):
    refused = await http.post("/api/cameos/things", content=JPEG + bytes(40 * 2**20))
    assert refused.status_code == 413
    assert await world.served.adapters.media.list("uploads") == []


async def test_the_same_file_is_kept_for_each_thing_apart(world, http, thing):
    again = (await http.post("/api/cameos/things", content=JPEG)).json()["id"]
    assert again != thing
    assert len(await world.served.adapters.media.list("uploads")) == 2


async def test_anothers_thing_is_not_found(http, thing):
    for headers, thing_id in [({"authorization": "Bearer kn_cleo"}, thing), ({}, NOTHING), ({}, "thing_x")]:
        refused = await http.put(f"/api/cameos/things/{thing_id}/cut", json={"box": BOX}, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "thing_not_found")


@pytest.mark.parametrize(
    ("sent", "param"),
    [
        ({}, "box"),
        ({"box": [0.9, 0.1, 0.1, 0.9]}, None),
        ({"box": [0.1, 0.1, 0.9, 1.1]}, "box"),
        ({"box": [0.1, 0.1, 0.9]}, "box"),
        ({"box": BOX, "keep": [[]]}, "keep"),
        ({"box": BOX, "keep": [[[0.5, 0.5]] * 2001]}, "keep"),
        ({"box": BOX, "keep": [[[0.5, 0.5]] * 1001], "remove": [[[0.5, 0.5]] * 1000]}, None),
        ({"box": BOX, "breadth": 0}, "breadth"),
        ({"box": BOX, "at_s": -1}, "at_s"),
        ({"box": BOX, "zoom": 2}, "zoom"),
    ],
)
async def test_a_wrong_drawing_is_named(http, thing, sent, param):
    refused = await http.put(f"/api/cameos/things/{thing}/cut", json=sent)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["box", "keep", "remove", "breadth", "at_s", "x"]), VALUES))
async def test_no_drawing_is_our_fault(http, thing, sent):
    headers = {"content-type": "application/json"}
    reply = await http.put(f"/api/cameos/things/{thing}/cut", content=json.dumps(sent).encode(), headers=headers)
    assert reply.status_code in {200, 400, 429}


@pytest.mark.parametrize("name", ["", "Rex", "rex!", "x" * 21, "a.b", 7])
async def test_a_wrong_name_is_named(http, thing, name):
    refused = await http.post(f"/api/cameos/things/{thing}", json={"name": name})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "name")


async def test_uploads_are_slowed_down(start, monkeypatch, http):
    monkeypatch.setenv("GATEWAY_UPLOADS_PER_MINUTE", "2")
    context, *_ = start()
    async with context as served:
        replies = [await http.post(f"{served.url}/api/cameos/things", content=JPEG) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 429]
