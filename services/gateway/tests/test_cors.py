"""What a page of another site can do from within a browser."""

import pytest

ELSEWHERE = {"origin": "https://app.example"}
ASKS = ELSEWHERE | {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


@pytest.fixture
async def page(world, http):
    """A page without a key."""
    http.headers.pop("authorization")
    return http


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server"])
async def test_it_learns_where_and_how_to_sign_people_in(page, path):
    assert (await page.get(path, headers=ELSEWHERE)).headers["access-control-allow-origin"] == "*"


async def test_it_exchanges_codes_and_reads_why_not(page):
    reply = await page.post("/oauth/token", data={"grant_type": "password"}, headers=ELSEWHERE)
    assert (reply.headers["access-control-allow-origin"], reply.json()["error"]) == ("*", "unsupported_grant_type")


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/v1/videos"])
async def test_a_browser_may_send_a_token_along_but_no_cookies(page, path):
    answer = await page.options(path, headers=ASKS)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_it_makes_videos_with_its_token(http):
    reply = await http.post("/v1/videos", json={"prompt": "a park"}, headers=ELSEWHERE)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, "*")
    assert "x-request-id" in reply.headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", ["/api/sessions", "/api/sessions/refresh", "/api/me", "/oauth/authorize", "/device"])
async def test_what_cookies_and_passwords_open_stays_with_our_own_pages(page, path):
    for answer in (await page.options(path, headers=ASKS), await page.post(path, json={}, headers=ELSEWHERE)):
        assert "access-control-allow-origin" not in answer.headers
