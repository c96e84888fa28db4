"""The way in, over HTTP: no key is needed."""

import httpx
import pytest

EVE = {"handle": "eve", "birth_date": "1990-05-17", "email": "eve@example.org", "password": "three wombats under a lamp"}
ADA = {"authorization": "Bearer kn_ada"}


@pytest.fixture
async def stranger(world, http):
    """Without a key; answers are held against the document as everybody's."""
    http.headers.pop("authorization")
    return http


async def test_a_stranger_signs_up_and_confirms(stranger):
    assert (await stranger.get("/api/door")).json()["mode"] == "invite"
    assert (await stranger.post("/api/sign-up", json=EVE)).status_code == 202
    account = (await stranger.post("/api/sign-up/confirm", json={"token": "km_good"})).json()
    assert (account["handle"], account["age_band"]) == ("eve", "teen")


async def test_a_stranger_waits_in_line(stranger):
    assert (await stranger.post("/api/waitlist", json={"email": "eve@example.org"})).status_code == 202
    assert (await stranger.post("/api/waitlist/place", json={"ticket": "km_x"})).json()["position"] == 3


@pytest.mark.parametrize(
    ("change", "param"), [({"handle": "E"}, "handle"), ({"birth_date": "1.1.90"}, "birth_date"), ({"extra": 1}, "extra")]
)
async def test_a_wrong_field_is_named(stranger, change, param):
    reply = await stranger.post("/api/sign-up", json=EVE | change)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


async def test_operators_keep_the_door(http):
    assert (await http.put("/api/door", json={"mode": "open"}, headers=ADA)).json()["mode"] == "open"
    assert (await http.post("/api/waitlist/admissions", json={"count": 5}, headers=ADA)).json()["admitted"] == 5
    assert len((await http.post("/api/invites", json={"count": 2}, headers=ADA)).json()["data"]) == 2
    assert (await http.put("/api/door", json={"mode": "open"})).status_code == 403


async def test_members_see_whom_they_invited(http):
    assert (await http.get("/api/invites")).status_code == 403  # a key for videos alone
    listed = (await http.get("/api/invites", headers=ADA)).json()
    assert (listed["data"][0]["used_by"], listed["invited_by"]) == ("dan", "ada")


async def test_the_links_of_mails_lead_to_pages(stranger):
    asked = await stranger.get("/confirm", params={"token": 'km_good"><script>'})
    assert "<script>" not in asked.text
    assert "script-src" not in asked.headers["content-security-policy"]
    assert "@eve is open" in (await stranger.post("/confirm", data={"token": "km_good"})).text
    assert "number 3 of 9" in (await stranger.get("/waitlist", params={"token": "km_x"})).text


async def test_a_used_link_says_so(stranger):
    refused = await stranger.post("/confirm", data={"token": "km_used"})
    assert (refused.status_code, "used before" in refused.text) == (404, True)


async def test_strangers_are_slowed_down_by_their_address(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_ENTRIES_PER_MINUTE", "2")
    context, *_ = start()
    async with context as served, httpx.AsyncClient(base_url=served.url) as client:
        statuses = [(await client.post("/api/sign-up", json=EVE)).status_code for _ in range(3)]
        assert statuses == [202, 202, 429]
