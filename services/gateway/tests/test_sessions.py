"""Signing in and out, over HTTP."""

import httpx
import pytest

DAN = {"email": "dan@example.org", "password": "right"}


@pytest.fixture
async def browser(world, http):
    """Keeps cookies, and has no key."""
    http.headers.pop("authorization")
    return http


async def test_a_person_signs_in_and_enters_with_the_token(browser):
    signed_in = (await browser.post("/api/sessions", json=DAN)).json()
    token = {"authorization": f"Bearer {signed_in['access_token']}"}
    assert (await browser.get("/v1/videos", headers=token)).status_code == 200
    assert (await browser.get("/api/me", headers=token)).json()["account"]["handle"] == "dan"


async def test_the_refresh_token_is_out_of_reach_of_scripts(browser):
    reply = await browser.post("/api/sessions", json=DAN)
    assert "kr_dan" not in reply.text
    cookie = reply.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/api/sessions"))


async def test_the_cookie_is_exchanged_and_replaced(browser):
    await browser.post("/api/sessions", json=DAN)
    assert (await browser.post("/api/sessions/refresh")).status_code == 200
    again = await browser.post("/api/sessions/refresh")  # the cookie is kr_next by now, which the stand-in does not know
    assert (again.status_code, again.json()["error"]["code"]) == (401, "refresh_refused")


async def test_without_a_cookie_nothing_is_refreshed(browser):
    assert (await browser.post("/api/sessions/refresh")).status_code == 401


@pytest.mark.parametrize("path", ["/api/sessions", "/api/sessions/refresh"])
async def test_pages_of_other_sites_do_not_sign_anybody_in(browser, path):
    reply = await browser.post(path, json=DAN, headers={"origin": "https://evil.example"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_origin")
    assert (await browser.post("/api/sessions", json=DAN, headers={"origin": str(browser.base_url)})).status_code == 200


async def test_a_wrong_password_says_no_more_than_that(browser):
    reply = await browser.post("/api/sessions", json=DAN | {"password": "wrong"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "sign_in_refused")


async def test_identity_learns_the_network_not_the_address(world, browser):
    await browser.post("/api/sessions", json=DAN)
    assert world.identity.origins[0].network == "127.0.0.0/24"


async def test_sessions_are_listed_and_ended(browser):
    token = {"authorization": f"Bearer {(await browser.post('/api/sessions', json=DAN)).json()['access_token']}"}
    listed = (await browser.get("/api/sessions", headers=token)).json()["data"]
    assert [(each["id"], each["current"]) for each in listed] == [("sess_dan", True), ("sess_2", False)]
    assert (await browser.delete("/api/sessions/current", headers=token)).json()["ended"] == 1
    assert (await browser.delete("/api/sessions", headers=token)).json()["ended"] == 2
    assert not browser.cookies


async def test_a_forged_token_is_told_from_a_key(browser):
    reply = await browser.get("/v1/videos", headers={"authorization": "Bearer eyJh.eyJz.c2ln"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "invalid_token")
    assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_forgotten_password_is_set_anew(browser):
    assert (await browser.post("/api/password/forgotten", json={"email": "dan@example.org"})).status_code == 202
    assert (await browser.post("/api/password/reset", json={"token": "km_good", "password": "a new one"})).status_code == 200
    assert "new-password" in (await browser.get("/new-password", params={"token": "km_good"})).text
    assert (await browser.post("/new-password", data={"token": "km_good", "password": "a new one"})).status_code == 200
    assert "used before" in (await browser.post("/new-password", data={"token": "km_bad", "password": "a new one"})).text


async def test_the_public_keys_may_be_kept_for_a_while(browser):
    reply = await browser.get("/.well-known/jwks.json")
    assert (reply.json(), reply.headers["cache-control"]) == ({"keys": []}, "public, max-age=3600")


async def test_guessing_is_slowed_down_by_the_address(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_ENTRIES_PER_MINUTE", "3")
    context, *_ = start()
    async with context as served, httpx.AsyncClient(base_url=served.url) as client:
        statuses = [(await client.post("/api/sessions", json=DAN | {"password": "x"})).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
