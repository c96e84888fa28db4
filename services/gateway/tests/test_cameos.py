"""Cameos and consent, over HTTP."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb

BOB = {"authorization": "Bearer kn_bob_admin"}
VIDEO = "video_" + "1" * 32


async def test_ones_cameos_are_listed_and_read(http):
    listed = (await http.get("/api/cameos")).json()["data"]
    assert [(cameo["handle"], cameo["kind"], cameo["audience"], cameo["limits"]) for cameo in listed] == [
        ("@bob", "person", "approved", ["no politics"])
    ]
    read = (await http.get("/api/cameos/cameo_1")).json()
    assert (read, read["withdrawn_at"]) == (listed[0], None)


async def test_anothers_cameo_is_not_found(http):
    refused = await http.get("/api/cameos/cameo_1", headers={"authorization": "Bearer kn_cleo"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "cameo_not_found")


async def test_a_handle_is_found_by_those_who_may_use_it(http):
    assert (await http.get("/api/cameos/by-handle/@bob")).json()["id"] == "cameo_1"
    refused = await http.get("/api/cameos/by-handle/@nobody")
    assert (refused.status_code, refused.json()["error"]["param"]) == (404, "handle")


async def test_consent_is_changed_in_part(world, http):
    await http.patch("/api/cameos/cameo_1", json={"audience": "everyone"}, headers=BOB)
    await http.patch("/api/cameos/cameo_1", json={"strict": False, "limits": []}, headers=BOB)
    first, second = world.cameos.asked
    assert (first.audience, first.HasField("strict"), first.HasField("limits")) == (pb.AUDIENCE_EVERYONE, False, False)
    assert (second.audience, second.HasField("strict"), second.HasField("limits")) == (pb.AUDIENCE_UNSPECIFIED, True, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/api/cameos/cameo_1"),
        ("DELETE", "/api/cameos/cameo_1"),
        ("PUT", "/api/cameos/cameo_1/people/acct_cleo"),
        ("DELETE", f"/api/cameos/cameo_1/videos/{VIDEO}"),
        ("POST", f"/api/cameos/cameo_1/videos/{VIDEO}/report"),
    ],
)
async def test_a_key_for_videos_decides_over_no_face(http, method, path):
    refused = await http.request(method, path, json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")


async def test_a_person_is_approved_and_refused(http):
    for approved in (True, False):
        person = (await http.put("/api/cameos/cameo_1/people/acct_cleo", json={"approved": approved}, headers=BOB)).json()
        assert (person["account_id"], person["approved"]) == ("acct_cleo", approved)
    assert [person["account_id"] for person in (await http.get("/api/cameos/cameo_1/people")).json()["data"]] == ["acct_cleo"]


async def test_the_videos_with_the_likeness_are_listed_watched_removed_and_reported(world, http):
    listed = (await http.get("/api/cameos/cameo_1/videos", params={"limit": 1, "after": VIDEO})).json()
    assert [(use["video_id"], use["account_id"], use["state"], use["receipt"]) for use in listed["data"]] == [
        (VIDEO, "acct_cleo", "completed", None)
    ]
    assert (listed["has_more"], world.cameos.asked[0].limit, world.cameos.asked[0].after) == (True, 1, VIDEO)
    watched = await http.get(f"/api/cameos/cameo_1/videos/{VIDEO}/content")
    assert (watched.status_code, "/media/" in watched.headers["location"]) == (302, True)
    assert (await http.delete(f"/api/cameos/cameo_1/videos/{VIDEO}", headers=BOB)).json()["removed"] is True
    reported = await http.post(f"/api/cameos/cameo_1/videos/{VIDEO}/report", json={"text": "It mocks me"}, headers=BOB)
    assert (reported.json()["id"], world.cameos.asked[-1].text) == ("report_1", "It mocks me")


async def test_an_unfinished_video_cannot_be_watched(http):
    refused = await http.get("/api/cameos/cameo_1/videos/video_" + "2" * 32 + "/content")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "video_not_ready")


@pytest.mark.parametrize("remove", [False, True])
async def test_a_cameo_is_withdrawn(world, http, remove):
    gone = (await http.delete("/api/cameos/cameo_1", params={"remove_videos": remove}, headers=BOB)).json()
    assert (gone["videos_removed"], world.cameos.asked[0].remove_videos) == (2 * remove, remove)


async def test_the_keys_of_receipts_are_for_everybody(http):
    http.headers.pop("authorization")
    reply = await http.get("/.well-known/consent-receipt-keys.json")
    assert (reply.status_code, reply.headers["content-type"], reply.json()) == (200, "application/jwk-set+json", {"keys": []})


@pytest.mark.parametrize(
    ("method", "path", "sent", "param"),
    [
        ("PATCH", "", {"audience": "friends"}, "audience"),
        ("PATCH", "", {"limits": ["x"] * 11}, "limits"),
        ("PATCH", "", {"limits": "no politics"}, "limits"),
        ("PATCH", "", {"mood": "good"}, "mood"),
        ("PUT", "/people/acct_cleo", {}, "approved"),
        ("PUT", "/people/acct_cleo", {"approved": "maybe"}, "approved"),
        ("POST", f"/videos/{VIDEO}/report", {"text": ""}, "text"),
        ("POST", f"/videos/{VIDEO}/report", {"text": "x" * 2001}, "text"),
    ],
)
async def test_a_wrong_field_is_named(http, method, path, sent, param):
    refused = await http.request(method, "/api/cameos/cameo_1" + path, json=sent, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "x"}])
async def test_a_wrong_page_is_named(http, query):
    refused = await http.get("/api/cameos/cameo_1/videos", params=query)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, next(iter(query)))
