import asyncio
import json
import time
from uuid import uuid4

import jwt
import pytest
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError
from kinora_kit.secret import REFRESH_TOKEN, new_secret
from kinora_testkit.figures import figure

PASSWORD = "three wombats under a lamp"
NETWORK = {"network": "192.0.2.0/24", "device": "a phone"}


@pytest.fixture
def sign_in(gateway, person):
    """Signs the person in; by default rightly, from a network of their own."""

    async def attempt(**changes):
        wanted = {"email": person.email, "password": PASSWORD, "origin": {"network": f"net {person.handle}", "device": "a phone"}}
        return (await gateway("SignIn", **wanted | changes)).tokens

    return attempt


@pytest.fixture
async def tokens(sign_in):
    return await sign_in()


async def enters(gateway, tokens):
    try:
        return await gateway("VerifyBearer", bearer=tokens.access_token)
    except RemoteError as error:
        if error.reason != "TokenUnknown":
            raise
        return None


async def test_who_signs_in_is_known_by_the_token(gateway, person, tokens):
    found = await enters(gateway, tokens)
    assert (found.account.handle, found.session_id, found.key_id) == (person.handle, tokens.session_id, "")
    assert list(found.scopes) == ["videos:read", "videos:write", "admin"]


async def test_an_address_is_the_same_in_any_case(sign_in, person):
    assert await sign_in(email=person.email.upper())


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"email": "nobody@example.org"}, {"email": "\0"}, {"email": "x" * 10_000}, {"password": ""}]
)
async def test_what_was_wrong_is_not_told(sign_in, wrong):
    with pytest.raises(RemoteError) as refused:
        await sign_in(**wrong)
    assert (refused.value.reason, refused.value.message) == ("SignInRefused", "The e-mail address, the password or the code is wrong.")


async def test_an_account_without_a_password_cannot_be_entered_by_any(adapters, sign_in, person):
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update accounts set password_hash = null where handle = $1", person.handle)
    await connection.close()
    with pytest.raises(RemoteError, match="wrong"):
        await sign_in()


async def test_people_do_not_sign_others_in(bob, refused):
    with refused("ServicesOnly"):
        await bob("SignIn", email="eve@example.org", password="x")


async def test_guesses_get_slower_and_only_where_they_come_from(adapters, sign_in, person):
    def guesses(email):
        return [sign_in(email=email, password=f"guess {n}", origin=NETWORK | {"network": f"bad {email}"}) for n in range(12)]

    for email in (person.email, f"nobody_{person.handle}@example.org"):
        reasons = [outcome.reason for outcome in await asyncio.gather(*guesses(email), return_exceptions=True)]
        assert set(reasons) == {"SignInRefused", "TooManyTries"}
        assert 6 <= reasons.count("SignInRefused") <= 9  # more than 6 where the first pauses of 1, 2, 4 s pass meanwhile
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update tries set blocked_until = now() + interval '1 minute' where failures > 5")
    await connection.close()
    with pytest.raises(RemoteError) as slowed:
        await sign_in(origin=NETWORK | {"network": f"bad {person.email}"})
    assert (slowed.value.reason, int(slowed.value.metadata["retry_after_s"]) > 50) == ("TooManyTries", True)
    assert await sign_in()  # the owner, elsewhere


async def test_who_signs_in_on_several_devices_at_once_is_not_slowed_down(sign_in):
    """A try that had to wait for another's lock took that one's time for a pause that was still to come."""
    for _ in range(10):
        assert len(await asyncio.gather(*(sign_in() for _ in range(5)))) == 5


async def test_who_remembers_at_last_starts_anew(sign_in):
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(RemoteError, match="wrong"):
                await sign_in(password="what was it")
        await sign_in()


async def test_a_refresh_gives_new_tokens_for_the_same_session(gateway, tokens):
    fresh = (await gateway("Refresh", refresh_token=tokens.refresh_token)).tokens
    assert (fresh.session_id, fresh.refresh_token != tokens.refresh_token) == (tokens.session_id, True)
    assert await enters(gateway, fresh)


async def test_a_refresh_token_that_comes_back_ends_its_session_and_is_told(gateway, mailbox, person, sign_in, tokens, refused):
    other = await sign_in()
    fresh = (await gateway("Refresh", refresh_token=tokens.refresh_token)).tokens
    for token in (tokens.refresh_token, fresh.refresh_token):
        with refused("RefreshRefused"):
            await gateway("Refresh", refresh_token=token)
    assert await enters(gateway, fresh) is None
    assert await enters(gateway, other)
    assert "a phone" in await mailbox.next(person.email, subject="We signed one of your devices out")


async def test_of_many_uses_at_once_one_counts_and_the_session_ends(gateway, tokens):
    uses = await asyncio.gather(*(gateway("Refresh", refresh_token=tokens.refresh_token) for _ in range(20)), return_exceptions=True)
    won = [use.tokens for use in uses if not isinstance(use, RemoteError)]
    assert len(won) == 1
    assert await enters(gateway, won[0]) is None


@pytest.mark.parametrize(
    "wrong", ["", "kr_", "\0", pytest.param(new_secret(REFRESH_TOKEN), id="unknown"), pytest.param(new_secret(), id="a key"), "x" * 100_000]
)
async def test_a_wrong_refresh_token_is_refused(gateway, wrong, refused):
    with refused("RefreshRefused"):
        await gateway("Refresh", refresh_token=wrong)


async def test_an_idle_session_ends(adapters, gateway, tokens, refused):
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update sessions set last_used_at = now() - interval '31 days' where id = $1", tokens.session_id)
    await connection.close()
    assert await enters(gateway, tokens) is None
    with refused("RefreshRefused"):
        await gateway("Refresh", refresh_token=tokens.refresh_token)


async def test_one_signs_out_here_or_everywhere(gateway, person, sign_in, refused):
    first, second, third = [await sign_in() for _ in range(3)]
    assert [session.id for session in (await person("ListSessions")).sessions] == [each.session_id for each in (third, second, first)]
    assert (await person("EndSessions", session_id=first.session_id)).ended == 1
    assert [bool(await enters(gateway, each)) for each in (first, second)] == [False, True]
    assert (await person("EndSessions")).ended == 2
    assert await enters(gateway, second) is None
    with refused("SessionNotFound", "session_id"):
        await person("EndSessions", session_id=first.session_id)


async def test_nobody_ends_anothers_session(bob, gateway, tokens, refused):
    with refused("SessionNotFound", "session_id"):
        await bob("EndSessions", session_id=tokens.session_id)
    await bob("EndSessions")
    assert await enters(gateway, tokens)


def changed(token, **claims):
    header, kept = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(kept | claims, "a secret of our own, long enough", algorithm="HS256", headers={"kid": header["kid"]})


async def test_a_forged_or_foreign_token_is_nobodys(gateway, tokens, refused):
    head, body, signature = tokens.access_token.split(".")
    none = jwt.encode({"sid": tokens.session_id, "exp": time.time() + 60}, None, algorithm="none")
    forged = [
        changed(tokens.access_token),
        none,
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}.",
        "a.b.c",
        "",
        "\0",
        "sk-123",
        "ä.ä.ä",
    ]
    for token in forged:
        with refused("TokenUnknown"):
            await gateway("VerifyBearer", bearer=token)


async def test_anybody_can_verify_a_token_by_the_public_keys(adapters, gateway, person, tokens):
    keys = jwt.PyJWKSet.from_json((await gateway("GetSigningKeys")).jwks_json)
    key = keys[jwt.get_unverified_header(tokens.access_token)["kid"]]
    claims = jwt.decode(tokens.access_token, key, algorithms=["ES256"], audience="kinora", issuer=adapters.public_url)
    assert (claims["sub"], claims["sid"], claims["age_band"]) == (person.identity.account_id, tokens.session_id, "adult")
    assert claims["exp"] - claims["iat"] == tokens.expires_in == 600


async def test_the_public_keys_are_public(gateway):
    keys = json.loads((await gateway("GetSigningKeys")).jwks_json)["keys"]
    assert keys
    assert not any("d" in key for key in keys)


async def test_a_forgotten_password_is_set_by_mail_and_ends_all_sessions(gateway, mailbox, person, sign_in, tokens, refused):
    await gateway("ForgetPassword", email=person.email)
    token = await mailbox.token(person.email, subject="Set a new password")
    with refused("PasswordWeak", "password"):
        await gateway("ResetPassword", token=token, password="password")
    await gateway("ResetPassword", token=token, password="nine otters in a bathtub")
    assert await enters(gateway, tokens) is None
    assert await sign_in(password="nine otters in a bathtub")
    with pytest.raises(RemoteError, match="wrong"):
        await sign_in()
    with refused("LinkInvalid", "token"):
        await gateway("ResetPassword", token=token, password="nine otters in a bathtub")
    assert await mailbox.next(person.email, subject="Your password was changed")


async def test_an_unknown_address_is_not_told_apart_when_forgotten(gateway, mailbox, person):
    nobody = f"nobody_{uuid4().hex}@example.org"
    assert await gateway("ForgetPassword", email=nobody) == await gateway("ForgetPassword", email=person.email)
    assert await mailbox.next(person.email, subject="Set a new password")
    assert not mailbox.waiting(nobody)


async def test_no_table_holds_a_token(adapters, tokens):
    connection = await connect(adapters.database_url, "identity")
    dump = str([await connection.fetch("table " + name) for name in ("sessions", "refresh_tokens", "replies", "signing_keys")])
    await connection.close()
    assert tokens.session_id in dump
    assert tokens.refresh_token not in dump
    assert tokens.access_token not in dump
    assert "PRIVATE KEY" not in dump


async def test_operators_are_told_how_many_signed_in_and_how_many_guessed(sign_in):
    def told():
        return [figure("kinora_identity_sign_ins_total", by="password", outcome=each) for each in ("ok", "SignInRefused", "TooManyTries")]

    before = told()
    await sign_in()
    for _ in range(7):
        with pytest.raises(RemoteError):
            await sign_in(password="wrong")
    assert [after - earlier for after, earlier in zip(told(), before, strict=True)] == [1, 6, 1]
