"""Cameos and consent, over HTTP."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb

BOB = {"authorization": "Bearer kn_bob_admin"}
ID = "cameo_" + "1" * 32
VIDEO = "video_" + "1" * 32


async def test_ones_cameos_are_listed_and_read(http):
    listed = (await http.get("/api/cameos")).json()["data"]
    assert [(cameo["handle"], cameo["kind"], cameo["audience"], cameo["limits"]) for cameo in listed] == [
        ("@bob", "person", "approved", ["no politics"])
    ]
    read = (await http.get(f"/api/cameos/{ID}")).json()
    assert (read, read["withdrawn_at"]) == (listed[0], None)


async def test_anothers_cameo_is_not_found(http):
    refused = await http.get(f"/api/cameos/{ID}", headers={"authorization": "Bearer kn_cleo"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "cameo_not_found")


async def test_a_handle_is_found_by_those_who_may_use_it(http):
    assert (await http.get("/api/cameos/by-handle/@bob")).json()["id"] == ID
    refused = await http.get("/api/cameos/by-handle/@nobody")
    assert (refused.status_code, refused.json()["error"]["param"]) == (404, "handle")


async def test_consent_is_changed_in_part(world, http):
    await http.patch(f"/api/cameos/{ID}", json={"audience": "everyone"}, headers=BOB)
    await http.patch(f"/api/cameos/{ID}", json={"strict": False, "limits": []}, headers=BOB)
    first, second = world.cameos.asked
    assert (first.audience, first.HasField("strict"), first.HasField("limits")) == (pb.AUDIENCE_EVERYONE, False, False)
    assert (second.audience, second.HasField("strict"), second.HasField("limits")) == (pb.AUDIENCE_UNSPECIFIED, True, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", f"/api/cameos/{ID}"),
        ("DELETE", f"/api/cameos/{ID}"),
        ("PUT", f"/api/cameos/{ID}/people/acct_cleo"),
        ("DELETE", f"/api/cameos/{ID}/videos/{VIDEO}"),
        ("POST", f"/api/cameos/{ID}/videos/{VIDEO}/report"),
    ],
)
async def test_a_key_for_videos_decides_over_no_face(http, method, path):
    refused = await http.request(method, path, json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")


async def test_a_person_is_approved_and_refused(http):
    for approved in (True, False):
        person = (await http.put(f"/api/cameos/{ID}/people/acct_cleo", json={"approved": approved}, headers=BOB)).json()
        assert (person["account_id"], person["approved"]) == ("acct_cleo", approved)
    assert [person["account_id"] for person in (await http.get(f"/api/cameos/{ID}/people")).json()["data"]] == ["acct_cleo"]


async def test_a_person_is_approved_by_handle(http):
    person = (await http.put(f"/api/cameos/{ID}/people/@cleo", json={"approved": True}, headers=BOB)).json()
    assert (person["account_id"], person["handle"]) == ("acct_cleo", "@cleo")
    refused = await http.put(f"/api/cameos/{ID}/people/@nobody", json={"approved": True}, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "account_not_found")


async def test_handles_are_not_guessed_in_a_hurry(start, monkeypatch, http):
    monkeypatch.setenv("GATEWAY_LOOKUPS_PER_MINUTE", "2")
    context, *_ = start()
    async with context as served:
        replies = [await http.get(f"{served.url}/api/cameos/by-handle/@nobody{n}") for n in range(2)]
        replies.append(await http.put(f"{served.url}/api/cameos/{ID}/people/@nobody", json={"approved": True}, headers=BOB))
        by_account = await http.put(f"{served.url}/api/cameos/{ID}/people/acct_cleo", json={"approved": True}, headers=BOB)
    assert ([reply.status_code for reply in replies], by_account.status_code) == ([404, 404, 429], 200)
    assert int(replies[2].headers["retry-after"]) > 0


async def test_the_videos_with_the_likeness_are_listed_watched_removed_and_reported(world, http):
    listed = (await http.get(f"/api/cameos/{ID}/videos", params={"limit": 1, "after": VIDEO})).json()
    assert [(use["video_id"], use["handle"], use["state"], use["receipt"]) for use in listed["data"]] == [
        (VIDEO, "@cleo", "completed", None)
    ]
    assert (listed["has_more"], world.cameos.asked[0].limit, world.cameos.asked[0].after) == (True, 1, VIDEO)
    watched = await http.get(f"/api/cameos/{ID}/videos/{VIDEO}/content")
    assert (watched.status_code, "/media/" in watched.headers["location"]) == (302, True)
    assert (await http.delete(f"/api/cameos/{ID}/videos/{VIDEO}", headers=BOB)).json()["removed"] is True
    reported = await http.post(f"/api/cameos/{ID}/videos/{VIDEO}/report", json={"text": "It mocks me"}, headers=BOB)
    assert (reported.json()["id"], world.cameos.asked[-1].text) == ("report_1", "It mocks me")


async def test_an_unfinished_video_cannot_be_watched(http):
    refused = await http.get(f"/api/cameos/{ID}/videos/video_" + "2" * 32 + "/content")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "video_not_ready")


@pytest.mark.parametrize("remove", [False, True])
async def test_a_cameo_is_withdrawn(world, http, remove):
    gone = (await http.delete(f"/api/cameos/{ID}", params={"remove_videos": remove}, headers=BOB)).json()
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
    refused = await http.request(method, f"/api/cameos/{ID}" + path, json=sent, headers=BOB)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"after": "x"}])
async def test_a_wrong_page_is_named(http, query):
    refused = await http.get(f"/api/cameos/{ID}/videos", params=query)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, next(iter(query)))
