"""Keys, scopes and limits."""

import httpx
import pytest


@pytest.mark.parametrize("header", [None, "Bearer kn_wrong", "Bearer sk-other", "Basic a25fYm9i", "Bearer", "kn_bob", "Bearer kn_\xe4"])
async def test_without_a_good_key_nobody_enters(world, header):
    headers = {"authorization": header.encode("latin-1")} if header else {}
    async with httpx.AsyncClient(headers=headers) as client:
        reply = await client.get(f"{world.url}/v1/videos")
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "invalid_api_key")
    assert "kn_wrong" not in reply.text


async def test_a_key_does_only_what_its_scopes_allow(http, queued):
    reader = {"authorization": "Bearer kn_reader"}
    assert (await http.get(f"/v1/videos/{queued}", headers=reader)).status_code == 200
    refused = await http.delete(f"/v1/videos/{queued}", headers=reader)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")


async def test_identity_is_asked_once_in_a_while(world, http):
    for _ in range(5):
        await http.get("/v1/videos")
    assert world.identity.asked == 1


async def test_a_revoked_key_ends_with_the_cache(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_KEY_CACHE_S", "0")
    context, _, people, _ = start()
    async with context as served, httpx.AsyncClient(base_url=served.url, headers={"authorization": "Bearer kn_bob"}) as client:
        assert (await client.get("/v1/videos")).status_code == 200
        people.revoked.add("kn_bob")
        assert (await client.get("/v1/videos")).status_code == 401


async def test_every_answer_tells_what_is_left(http):
    reply = await http.post("/v1/videos", json={"prompt": "a"})
    assert reply.headers["ratelimit-policy"] == '"requests";q=1200;w=60, "creates";q=60;w=60'
    assert reply.headers["ratelimit"] == '"requests";r=1199;t=1, "creates";r=59;t=1'
    assert reply.headers["x-ratelimit-remaining-requests"] == "59"


async def test_beyond_the_limit_a_key_waits(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_CREATES_PER_MINUTE", "2")
    context, *_ = start()
    async with context as served, httpx.AsyncClient(base_url=served.url, headers={"authorization": "Bearer kn_bob"}) as client:
        replies = [await client.post("/v1/videos", json={"prompt": "a"}) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert 1 <= int(replies[2].headers["retry-after"]) <= 30
        assert (await client.get("/v1/videos")).status_code == 200
        cleo = {"authorization": "Bearer kn_cleo"}
        assert (await client.post("/v1/videos", json={"prompt": "a"}, headers=cleo)).status_code == 200


async def test_guessing_keys_is_slowed_down_and_known_keys_are_not(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_REFUSALS_PER_MINUTE", "3")
    context, _, people, _ = start()
    async with context as served, httpx.AsyncClient(base_url=served.url) as client:
        bob = {"authorization": "Bearer kn_bob"}
        assert (await client.get("/v1/videos", headers=bob)).status_code == 200
        guesses = [(await client.get("/v1/videos", headers={"authorization": f"Bearer kn_{n}"})).status_code for n in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
        assert people.asked == 4
        assert (await client.get("/v1/videos", headers=bob)).status_code == 200


async def test_ones_own_account_is_shown(http):
    me = (await http.get("/api/me")).json()
    assert (me["account"]["handle"], me["account"]["role"], me["scopes"]) == ("bob", "user", ["videos:read", "videos:write"])


async def test_an_operator_opens_an_account_and_issues_its_key(http):
    ada = {"authorization": "Bearer kn_ada"}
    opened = (await http.post("/api/accounts", json={"handle": "eve"}, headers=ada)).json()
    assert (opened["handle"], opened["role"]) == ("eve", "user")
    wanted = {"account_id": opened["id"], "name": "phone", "scopes": ["videos:read"]}
    issued = (await http.post("/api/keys", json=wanted, headers=ada)).json()
    assert (issued["account_id"], issued["secret"], issued["scopes"]) == ("acct_new", "kn_new", ["videos:read"])


async def test_keys_are_listed_without_secrets_and_revoked(http):
    ada = {"authorization": "Bearer kn_ada"}
    listed = (await http.get("/api/keys", headers=ada)).json()["data"]
    assert [(key["id"], "secret" in key) for key in listed] == [("key_ada", False)]
    assert (await http.delete("/api/keys/key_old", headers=ada)).json()["revoked_at"] == 1_700_000_000


async def test_keys_are_managed_by_admin_keys_alone(http):
    assert (await http.post("/api/keys", json={"name": "x", "scopes": ["admin"]})).status_code == 403
    assert (await http.post("/api/accounts", json={"handle": "eve"})).status_code == 403


@pytest.mark.parametrize(("body", "param"), [({"handle": "No Good"}, "handle"), ({}, "handle"), ({"handle": "eve", "role": "god"}, "role")])
async def test_a_wrong_account_field_is_named(http, body, param):
    reply = await http.post("/api/accounts", json=body, headers={"authorization": "Bearer kn_ada"})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)
