"""Programs that act for people."""

import asyncio
import hashlib
import secrets
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_identity.oauth_clients import is_same_redirect
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError

PASSWORD = "three wombats under a lamp"
REDIRECT = "https://app.example/done"


@pytest.fixture
async def client(ada):
    """A program with an address of its own, and one on the person's machine."""
    return (await ada("RegisterClient", name="An editor", redirect_uris=[REDIRECT, "http://127.0.0.1/done"])).client


@pytest.fixture
def consent(person):
    return {"email": person.email, "password": PASSWORD, "origin": {"network": f"net {person.handle}", "device": "a laptop"}}


class Flow:
    """One authorization from end to end; `asked` may be changed in between."""

    def __init__(self, gateway, client, consent):
        self.gateway, self.consent, self.verifier = gateway, consent, secrets.token_urlsafe(40)
        challenge = urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        self.asked = {"client_id": client.id, "redirect_uri": REDIRECT, "scopes": ["videos:read"], "code_challenge": challenge}

    async def code(self):
        return (await self.gateway("Authorize", authorization=self.asked, consent=self.consent)).code

    async def tokens(self, code, /, **changes):
        wanted = {"code": code, "code_verifier": self.verifier} | {name: self.asked[name] for name in ("client_id", "redirect_uri")}
        return (await self.gateway("ExchangeCode", **wanted | changes)).tokens


@pytest.fixture
def flow(gateway, client, consent):
    return Flow(gateway, client, consent)


async def test_a_program_acts_for_who_let_it_in(gateway, person, flow):
    tokens = await flow.tokens(await flow.code())
    found = await gateway("VerifyBearer", bearer=tokens.access_token)
    assert (found.account.id, list(found.scopes)) == (person.identity.account_id, ["videos:read"])
    (session,) = (await person("ListSessions")).sessions
    assert (session.client_id, session.device) == (flow.asked["client_id"], "a laptop")


async def test_a_program_does_not_manage_the_account(gateway, person, flow, refused):
    tokens = await flow.tokens(await flow.code())
    program = person.in_session(tokens.session_id).with_scopes(*tokens.scopes)
    for rpc in ("ListSessions", "EndSessions", "ListInvites", "ListApiKeys"):
        with refused("ScopeMissing"):
            await program(rpc)


async def test_people_are_shown_who_asks_for_what(gateway, flow):
    flow.asked["scopes"] = []
    checked = await gateway("CheckAuthorization", authorization=flow.asked)
    assert (checked.client.name, list(checked.scopes)) == ("An editor", ["videos:read", "videos:write"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"client_id": "client_0"}, "ClientUnknown"),
        ({"client_id": "\0"}, "ClientUnknown"),
        ({"redirect_uri": "https://evil.example/done"}, "RedirectInvalid"),
        ({"redirect_uri": REDIRECT + "/more"}, "RedirectInvalid"),
        ({"redirect_uri": ""}, "RedirectInvalid"),
        ({"scopes": ["admin"]}, "InvalidScope"),
        ({"code_challenge": "plain"}, "ChallengeInvalid"),
        ({"code_challenge": ""}, "ChallengeInvalid"),
    ],
)
async def test_what_is_asked_wrongly_is_refused(flow, change, reason):
    flow.asked |= change
    with pytest.raises(RemoteError) as refused:
        await flow.code()
    assert refused.value.reason == reason


async def test_without_the_password_nobody_is_let_in(flow, refused):
    flow.consent |= {"password": "a guess"}
    with refused("SignInRefused"):
        await flow.code()


async def test_an_app_on_the_machine_may_use_any_port(flow):
    flow.asked["redirect_uri"] = "http://127.0.0.1:49152/done"
    assert await flow.tokens(await flow.code())


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": ""},
        {"client_id": "kinora-cli"},
        {"redirect_uri": "http://127.0.0.1/done"},
        {"code": "kc_0"},
    ],
)
async def test_a_stolen_code_is_worth_nothing(flow, change, refused):
    code = await flow.code()
    with refused("InvalidGrant"):
        await flow.tokens(code, **change)
    assert await flow.tokens(code)


async def test_a_code_that_comes_twice_ends_the_session(gateway, flow, refused):
    code = await flow.code()
    tokens = await flow.tokens(code)
    with refused("InvalidGrant"):
        await flow.tokens(code)
    with refused("TokenUnknown"):
        await gateway("VerifyBearer", bearer=tokens.access_token)


async def test_of_many_exchanges_at_once_one_succeeds(flow):
    code = await flow.code()
    outcomes = await asyncio.gather(*(flow.tokens(code) for _ in range(20)), return_exceptions=True)
    assert sum(not isinstance(outcome, RemoteError) for outcome in outcomes) == 1


async def test_a_code_lasts_a_minute(adapters, flow, refused):
    code = await flow.code()
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update oauth_codes set expires_at = now() where client_id = $1", flow.asked["client_id"])
    await connection.close()
    with refused("InvalidGrant"):
        await flow.tokens(code)


async def test_a_refresh_token_is_its_clients_alone(gateway, flow, refused):
    tokens = await flow.tokens(await flow.code())
    for other in ("", "kinora-cli"):
        with refused("RefreshRefused"):
            await gateway("Refresh", refresh_token=tokens.refresh_token, client_id=other)
    fresh = await gateway("Refresh", refresh_token=tokens.refresh_token, client_id=flow.asked["client_id"])
    assert list(fresh.tokens.scopes) == ["videos:read"]


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_a_program_signs_itself_out(gateway, flow, kind, refused):
    tokens = await flow.tokens(await flow.code())
    token = getattr(tokens, kind)
    await gateway("RevokeToken", token=token, client_id="kinora-cli")  # not its own: nothing happens
    assert await gateway("VerifyBearer", bearer=tokens.access_token)
    await gateway("RevokeToken", token=token, client_id=flow.asked["client_id"])
    with refused("TokenUnknown"):
        await gateway("VerifyBearer", bearer=tokens.access_token)


@pytest.mark.parametrize("nothing", ["", "kr_", "\0", "a.b.c"])
async def test_revoking_what_is_no_token_tells_nothing(gateway, nothing):
    await gateway("RevokeToken", token=nothing, client_id="kinora-cli")


@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/done",
        "javascript:alert(1)",
        "https://app.example/#x",
        "app:/done",
        "https://me@app.example",
        "",
        "https://",
        "//x",
    ],
)
async def test_codes_go_to_safe_places_only(ada, uri, refused):
    with refused("RedirectInvalid", "redirect_uris"):
        await ada("RegisterClient", name="An app", redirect_uris=[uri])


async def test_only_operators_register_programs(bob, refused):
    with refused("OperatorsOnly"):
        await bob("RegisterClient", name="An app", redirect_uris=[REDIRECT])


@given(st.text(max_size=40))
def test_no_other_address_is_the_same(text):
    known = "https://app.example/done"
    assert is_same_redirect(text, known) == (text == known)
    assert not is_same_redirect("http://127.0.0.1" + text + ".example/done", "http://127.0.0.1/done")


# The device grant.


@pytest.fixture
async def device(gateway):
    return await gateway("StartDevice", client_id="kinora-cli", origin={"network": "192.0.2.0/24", "device": "a terminal"})


@pytest.fixture
def poll(gateway, device, adapters):
    """Asks for the device's tokens, as if its interval had passed."""

    async def ask(**changes):
        connection = await connect(adapters.database_url, "identity")
        await connection.execute("update oauth_devices set polled_at = null where user_code = $1", device.user_code)
        await connection.close()
        return (await gateway("PollDevice", **{"device_code": device.device_code, "client_id": "kinora-cli"} | changes)).tokens

    return ask


async def test_a_terminal_is_let_in_by_a_typed_code(gateway, person, device, poll, consent, refused):
    with refused("AuthorizationPending"):
        await poll()
    answered = await gateway("AnswerDevice", user_code=device.user_code.lower().replace("-", " "), allow=True, consent=consent)
    assert answered.client.name == "The kinora command"
    tokens = await poll()
    assert (await gateway("VerifyBearer", bearer=tokens.access_token)).account.id == person.identity.account_id
    with refused("ExpiredToken"):
        await poll()


async def test_a_person_refuses(gateway, device, poll, consent, refused):
    await gateway("AnswerDevice", user_code=device.user_code, allow=False, consent=consent)
    with refused("AccessDenied"):
        await poll()


async def test_a_code_is_answered_once_by_who_knows_their_password(gateway, device, consent, refused):
    with refused("SignInRefused"):
        await gateway("AnswerDevice", user_code=device.user_code, allow=True, consent=consent | {"password": "a guess"})
    await gateway("AnswerDevice", user_code=device.user_code, allow=False, consent=consent)
    for code in (device.user_code, "", "\0", "BBBB-BBBB"):
        with refused("UserCodeUnknown", "user_code"):
            await gateway("AnswerDevice", user_code=code, allow=True, consent=consent)


async def test_who_asks_too_often_is_told_to_slow_down(gateway, device, refused):
    asked = {"device_code": device.device_code, "client_id": "kinora-cli"}
    with refused("AuthorizationPending"):
        await gateway("PollDevice", **asked)
    with refused("SlowDown"):
        await gateway("PollDevice", **asked)


async def test_another_program_cannot_take_the_tokens(ada, gateway, client, device, poll, consent, refused):
    await gateway("AnswerDevice", user_code=device.user_code, allow=True, consent=consent)
    with refused("ExpiredToken"):
        await poll(client_id=client.id)
    assert await poll()
