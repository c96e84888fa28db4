"""People and programs at the platform's door: the real gateway and identity, over HTTP, with mails caught."""

import asyncio
import hashlib
import json
import re
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import asdict
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from kinora_cli import login as logins
from kinora_cli.serve import installed
from kinora_identity.totp import code_at
from kinora_testkit.mail import mail_server
from kinora_testkit.passkey import Authenticator
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving

EVE = {"handle": "eve", "birth_date": "1990-05-17", "email": "eve@example.org", "password": "three wombats under a lamp"}
REDIRECT = "https://editor.example/done?from=kinora"


@pytest.fixture(scope="module")
async def platform(postgres_url, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        async with mail_server() as mailbox, fresh_database(postgres_url) as url:
            mails = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_TLS": "none", "MAIL_POLL_S": "0.02"}
            for name, value in (mails | {"PASSWORD_MEMORY_KIB": "64", "PASSWORD_PASSES": "1", "PASSWORD_LANES": "1"}).items():
                patch.setenv(f"IDENTITY_{name}", value)
            patch.setenv("GATEWAY_ENTRIES_PER_MINUTE", "1000")
            state, services = tmp_path_factory.mktemp("state"), installed()
            async with serving(services["identity"], services["gateway"], database_url=url, state_dir=state) as served:
                yield served, mailbox, state


@pytest.fixture
async def http(platform):
    async with httpx.AsyncClient(base_url=platform[0].url, timeout=20) as client:
        yield client


@pytest.fixture
def ada(platform):
    return {"authorization": f"Bearer {(platform[2] / 'first_admin.key').read_text().strip()}"}


@pytest.fixture(scope="module")
async def eve(platform):
    """Signed up by an invite and the link in a mail, as a person would."""
    served, mailbox, state = platform
    async with httpx.AsyncClient(base_url=served.url, timeout=20) as client:
        key = {"authorization": f"Bearer {(state / 'first_admin.key').read_text().strip()}"}
        invite = (await client.post("/api/invites", json={"count": 1}, headers=key)).json()["data"][0]["code"]
        assert (await client.post("/api/sign-up", json=EVE | {"invite_code": invite})).status_code == 202
        token = await mailbox.token(EVE["email"])
        opened = await client.post("/confirm", data={"token": token}, headers={"origin": served.url})
        assert "@eve is open" in opened.text
    return EVE


async def test_a_person_signs_in_stays_and_leaves(http, eve):
    signed_in = (await http.post("/api/sessions", json={name: eve[name] for name in ("email", "password")})).json()
    me = (await http.get("/api/me", headers={"authorization": f"Bearer {signed_in['access_token']}"})).json()
    assert (me["account"]["handle"], me["account"]["age_band"], me["email"]) == ("eve", "adult", "eve@example.org")
    token = {"authorization": f"Bearer {(await http.post('/api/sessions/refresh')).json()['access_token']}"}
    assert (await http.delete("/api/sessions/current", headers=token)).json()["ended"] == 1
    assert (await http.post("/api/sessions/refresh")).status_code == 401


async def test_a_person_guards_the_account_takes_it_along_and_leaves(platform, http, ada):
    _, mailbox, _ = platform
    fay = EVE | {"handle": "fay", "email": "fay@example.org"}
    invite = (await http.post("/api/invites", json={"count": 1}, headers=ada)).json()["data"][0]["code"]
    await http.post("/api/sign-up", json=fay | {"invite_code": invite})
    await http.post("/api/sign-up/confirm", json={"token": await mailbox.token(fay["email"])})
    known = {name: fay[name] for name in ("email", "password")}
    me = {"authorization": f"Bearer {(await http.post('/api/sessions', json=known)).json()['access_token']}"}
    assert (await http.post("/api/me/totp", headers=me)).json()["error"]["code"] == "step_up_needed"
    assert (await http.post("/api/sessions/current/step-up", json={}, headers=me)).status_code == 400
    assert (await http.post("/api/sessions/current/step-up", json={"password": fay["password"]}, headers=me)).status_code == 200
    secret = (await http.post("/api/me/totp", headers=me)).json()["secret"]
    shown = code_at(secret, int(time.time() // 30))
    assert len((await http.post("/api/me/totp/confirm", json={"code": shown}, headers=me)).json()["recovery_codes"]) == 10
    refused = await http.post("/api/sessions", json=known)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "second_factor_needed")
    assert (await http.get("/api/me/export", headers=me)).json()["account"][0]["handle"] == "fay"
    assert [entry["action"] for entry in (await http.get("/api/audit", headers=me)).json()["data"]][:2] == [
        "account.exported",
        "totp.added",
    ]
    assert (await http.delete("/api/me", headers=me)).json()["erased"] is True
    assert (await http.post("/api/sessions", json=known)).json()["error"]["code"] == "sign_in_refused"


async def test_a_person_signs_in_and_steps_up_by_a_passkey(platform, http, eve):
    served, *_ = platform
    phone = Authenticator(served.url, "127.0.0.1")
    known = {name: eve[name] for name in ("email", "password")}
    me = {"authorization": f"Bearer {(await http.post('/api/sessions', json=known)).json()['access_token']}"}

    async def options(path):
        return json.dumps((await http.post(path, headers=me)).json()["options"])

    await http.post("/api/sessions/current/step-up", json={"password": eve["password"]}, headers=me)
    made = json.loads(phone.make(await options("/api/me/passkeys/options")))
    added = await http.post("/api/me/passkeys", json={"name": "My phone", "credential": made}, headers=me)
    assert added.json()["name"] == "My phone"
    used = json.loads(phone.use(await options("/api/sessions/passkey/options")))
    signed_in = (await http.post("/api/sessions/passkey", json={"credential": used})).json()
    me = {"authorization": f"Bearer {signed_in['access_token']}"}
    assert (await http.get("/api/me/factors", headers=me)).json()["passkeys"] == 1
    proof = json.loads(phone.use(await options("/api/sessions/current/passkey-options")))
    assert (await http.post("/api/sessions/current/step-up", json={"passkey": proof}, headers=me)).status_code == 200
    assert (await http.delete(f"/api/me/passkeys/{added.json()['id']}", headers=me)).json()["data"] == []


async def test_operators_give_roles_and_check_the_record(http, ada):
    opened = (await http.post("/api/accounts", json={"handle": "gus"}, headers=ada)).json()
    changed = await http.put(f"/api/accounts/{opened['id']}/role", json={"role": "moderator"}, headers=ada)
    assert changed.json()["role"] == "moderator"
    assert (await http.get("/api/audit/check", headers=ada)).json()["first_broken"] is None
    assert (await http.delete(f"/api/accounts/{opened['id']}", headers=ada)).json()["erased"] is True


async def test_a_parent_relaxes_what_guards_a_child(platform, http, ada):
    _, mailbox, _ = platform

    async def enter(handle, birth_date):
        wanted = {"handle": handle, "email": f"{handle}@example.org", "birth_date": birth_date, "password": EVE["password"]}
        invite = (await http.post("/api/invites", json={"count": 1}, headers=ada)).json()["data"][0]["code"]
        await http.post("/api/sign-up", json=wanted | {"invite_code": invite})
        await http.post("/api/sign-up/confirm", json={"token": await mailbox.token(wanted["email"])})
        known = {name: wanted[name] for name in ("email", "password")}
        return {"authorization": f"Bearer {(await http.post('/api/sessions', json=known)).json()['access_token']}"}

    kim, mum = await enter("kim", f"{time.gmtime().tm_year - 15}-01-01"), await enter("mum", "1980-01-01")
    assert (await http.get("/api/me/switches", headers=kim)).json()["infinite_scroll"] is False
    await http.post("/api/family/parents", json={"handle": "mum"}, headers=kim)
    (child,) = (await http.get("/api/family", headers=mum)).json()["children"]
    await http.post("/api/sessions/current/step-up", json={"password": EVE["password"]}, headers=mum)
    family = (await http.post(f"/api/family/children/{child['account_id']}", json={"accept": True}, headers=mum)).json()
    assert family["children"] == [child | {"linked": True}]
    relaxed = {"infinite_scroll": True, "stop_after_minutes": 0, "cool_down_minutes": 0, "quiet_from": 0, "quiet_until": 0}
    changed = await http.put(f"/api/family/children/{child['account_id']}/switches", json=relaxed, headers=mum)
    assert changed.json() == (await http.get("/api/me/switches", headers=kim)).json() == relaxed | {"object": "switches"}
    assert (await http.delete(f"/api/family/{child['account_id']}", headers=mum)).json()["children"] == []
    assert (await http.get("/api/me/switches", headers=kim)).json()["infinite_scroll"] is False


class Editor:
    """A program with PKCE."""

    def __init__(self, http, client_id):
        self.http, self.verifier = http, secrets.token_urlsafe(40)
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        self.asked = {
            "response_type": "code", "client_id": client_id, "redirect_uri": REDIRECT, "scope": "videos:read", "state": 's"1',
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip

    async def page(self, **changes):
        return await self.http.get("/oauth/authorize", params=self.asked | changes)

    async def answer(self, **answer):
        page = await self.page()
        assert "An editor" in page.text
        hidden = {
            name: value.replace("&quot;", '"') for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        }
        return await self.http.post("/oauth/authorize", data=hidden | answer, headers={"origin": str(self.http.base_url).rstrip("/")})

    async def token(self, **fields):
        return await self.http.post("/oauth/token", data={"client_id": self.asked["client_id"]} | fields)


@pytest.fixture
async def editor(http, ada):
    wanted = {"name": "An editor", "redirect_uris": [REDIRECT]}
    return Editor(http, (await http.post("/api/oauth/clients", json=wanted, headers=ada)).json()["client_id"])


def query(reply):
    assert reply.status_code == 303
    target = urlsplit(reply.headers["location"])
    assert target.netloc == "editor.example"
    return {name: values[0] for name, values in parse_qs(target.query).items()}


async def test_a_program_is_let_in_on_a_page_and_acts_for_the_person(http, editor, eve):
    answer = query(await editor.answer(email=eve["email"], password=eve["password"]))
    assert (answer["state"], answer["from"], answer["iss"]) == ('s"1', "kinora", str(http.base_url).rstrip("/"))
    exchange = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": REDIRECT, "code_verifier": editor.verifier}
    tokens = (await editor.token(**exchange)).json()
    me = await http.get("/api/me", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert (me.json()["account"]["handle"], me.json()["scopes"]) == ("eve", ["videos:read"])
    fresh = (await editor.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])).json()
    assert (await http.post("/oauth/revoke", data={"token": fresh["refresh_token"], "client_id": editor.asked["client_id"]})).json() == {}
    again = await editor.token(grant_type="refresh_token", refresh_token=fresh["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_person_refuses_a_program(editor):
    assert query(await editor.answer(answer="no"))["error"] == "access_denied"


async def test_a_wrong_password_is_asked_for_again(editor, eve):
    again = await editor.answer(email=eve["email"], password="wrong")
    assert (again.status_code, "is wrong" in again.text, "An editor" in again.text) == (200, True, True)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
async def test_a_program_that_asks_wrongly_is_told(editor, change, error):
    assert query(await editor.page(**change))["error"] == error


@pytest.mark.parametrize("change", [{"client_id": "client_0"}, {"redirect_uri": "https://evil.example"}, {"redirect_uri": ""}])
async def test_nobody_is_sent_to_an_unknown_place(editor, change):
    assert (await editor.page(**change)).status_code == 400


async def test_pages_of_other_sites_let_nobody_in(http, editor, eve):
    answered = editor.asked | {"email": eve["email"], "password": eve["password"]}
    assert (await http.post("/oauth/authorize", data=answered, headers={"origin": "https://evil.example"})).status_code == 403


async def test_the_page_may_lead_to_the_program_alone(editor):
    assert (await editor.page()).headers["content-security-policy"].endswith("form-action 'self' https://editor.example")


@pytest.mark.parametrize("fields", [{}, {"grant_type": "password"}, {"grant_type": "refresh_token", "client_id": ""}])
async def test_a_token_request_that_makes_no_sense_is_refused_in_oauths_words(editor, fields):
    refused = await editor.token(**fields)
    assert (refused.status_code, refused.json().keys()) == (400, {"error", "error_description"})


async def test_programs_find_their_way_by_the_metadata(http):
    found = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == str(http.base_url).rstrip("/")
    for name in ("token_endpoint", "device_authorization_endpoint", "revocation_endpoint"):
        assert (await http.post(urlsplit(found[name]).path)).status_code != 404
    assert (await http.get(urlsplit(found["jwks_uri"]).path)).json()["keys"]


# kinora login


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def answering(platform, **answer):
    """Logs in beside a person who answers on the page while the command waits."""
    url = platform[0].url

    def show(page, code):
        reply = httpx.post(page, data={"user_code": code} | answer)
        assert reply.status_code == 200

    return asyncio.to_thread(logins.log_in, url, show, sleep=lambda _: None)


async def test_the_command_line_logs_in_and_out(platform, http, home, eve):
    await answering(platform, email=eve["email"], password=eve["password"])
    kept = await asyncio.to_thread(logins.current)
    token = {"authorization": f"Bearer {kept.access_token}"}
    assert (await http.get("/api/me", headers=token)).json()["account"]["handle"] == "eve"
    assert logins.login_file().stat().st_mode & 0o777 == 0o600
    assert await asyncio.to_thread(logins.log_out)
    assert not await asyncio.to_thread(logins.log_out)
    again = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token, "client_id": "kinora-cli"}
    assert (await http.post("/oauth/token", data=again)).json()["error"] == "invalid_grant"


async def test_commands_at_once_renew_a_login_once(platform, home, eve):
    first = await answering(platform, email=eve["email"], password=eve["password"])
    logins.login_file().write_text(json.dumps(asdict(first) | {"expires_at": 0}))
    renewed = await asyncio.gather(*(asyncio.to_thread(logins.current) for _ in range(4)))
    assert len(set(renewed)) == 1
    assert renewed[0].refresh_token != first.refresh_token


async def test_a_refused_login_says_so(platform, home, eve):
    with pytest.raises(logins.LoginFailed, match="refused"):
        await answering(platform, email=eve["email"], password=eve["password"], answer="no")
    assert logins.login_file().exists() is False


async def test_a_place_that_is_no_kinora_says_so(home):
    with pytest.raises(logins.LoginFailed, match="does not answer"):
        await asyncio.to_thread(logins.log_in, "http://127.0.0.1:9", lambda *_: None)
