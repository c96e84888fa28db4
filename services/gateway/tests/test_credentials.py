"""Set-up, and changes of address, password and name, over HTTP."""

import pytest

ADA, DAN = {"authorization": "Bearer kn_ada"}, {"authorization": "Bearer kn_bob_admin"}
NEW = {"token": "km_good", "birth_date": "1990-05-17", "password": "three wombats under a lamp"}


async def test_an_account_is_set_up_by_a_mail(http):
    for path in ("/api/me/set-up", "/api/accounts/acct_bob/set-up"):
        assert (await http.post(path, json={"email": "eve@example.org"}, headers=ADA)).status_code == 202
    http.headers.pop("authorization")
    assert (await http.post("/api/set-up", json=NEW)).json()["age_band"] == "adult"
    assert (await http.post("/api/set-up", json=NEW | {"token": "km_bad"})).json()["error"]["code"] == "link_invalid"


async def test_the_owner_changes_address_password_and_name(http):
    assert (await http.post("/api/me/email", json={"email": "new@example.org"}, headers=DAN)).status_code == 202
    assert (await http.put("/api/me/password", json={"password": "nine otters in a bathtub"}, headers=DAN)).json()["ended"] == 2
    assert (await http.patch("/api/me", json={"display_name": "Dan"}, headers=DAN)).json()["display_name"] == "Dan"
    assert (await http.post("/api/email/confirm", json={"token": "km_good"}, headers=DAN)).status_code == 200


@pytest.mark.parametrize("call", [("POST", "/api/me/email"), ("PUT", "/api/me/password"), ("PATCH", "/api/me"), ("POST", "/api/me/set-up")])
async def test_a_key_for_videos_changes_nothing_of_it(http, call):
    assert (await http.request(*call, json={})).status_code == 403


async def test_the_links_lead_to_pages(http):
    http.headers.pop("authorization")
    asked = await http.get("/set-up", params={"token": 'km_good"><script>'})
    assert "<script>" not in asked.text
    assert 'type="date"' in asked.text
    assert "@eve" in (await http.post("/set-up", data=NEW)).text
    assert "Use this address" in (await http.get("/new-email", params={"token": "km_good"})).text
    assert "old address was told" in (await http.post("/new-email", data={"token": "km_good"})).text
    refused = await http.post("/new-email", data={"token": "km_used"})
    assert (refused.status_code, "used before" in refused.text) == (404, True)
