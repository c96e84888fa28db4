"""Passkeys, with an authenticator in software."""

import asyncio
import json
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError
from kinora_testkit.passkey import Authenticator, changed

PASSWORD = "three wombats under a lamp"
ORIGIN = {"network": "192.0.2.0/24", "device": "a phone"}


@pytest.fixture
async def seated(gateway, person):
    """The person, signed in and stepped up."""
    tokens = (await gateway("SignIn", email=person.email, password=PASSWORD, origin=ORIGIN | {"network": person.handle})).tokens
    await person.in_session(tokens.session_id)("StepUp", password=PASSWORD)
    return person.in_session(tokens.session_id, stepped_up=True)


@pytest.fixture
def phone(adapters):
    return Authenticator(adapters.public_url, urlsplit(adapters.public_url).hostname)


async def add(seated, phone):
    return (await seated("AddPasskey", name="My phone", credential_json=phone.make((await seated("StartPasskey")).options_json))).passkey


@pytest.fixture
async def added(seated, phone):
    return await add(seated, phone)


@pytest.fixture
def sign_in(gateway):
    async def attempt(phone, change=lambda credential: credential):
        credential = change(phone.use((await gateway("AskForPasskey")).options_json))
        return (await gateway("SignInByPasskey", credential_json=credential, origin=ORIGIN)).tokens

    return attempt


async def test_a_person_signs_in_by_a_passkey_alone(gateway, person, phone, added, sign_in):
    tokens = await sign_in(phone)
    assert (await gateway("VerifyBearer", bearer=tokens.access_token)).account.id == person.identity.account_id
    (listed,) = (await person("ListPasskeys")).passkeys
    assert (listed.name, listed.last_used_at > 0) == ("My phone", True)


async def test_a_passkey_steps_up_and_a_password_then_does_not(person, seated, phone, added, refused):
    with refused("ProofTooWeak", "passkey"):
        await seated("StepUp", password=PASSWORD)
    asked = (await seated("AskForPasskey")).options_json
    assert [each["id"] for each in json.loads(asked)["allowCredentials"]] == [added.id]
    assert (await seated("StepUp", passkey_json=phone.use(asked))).until


async def test_an_answer_counts_once(gateway, phone, added, refused):
    credential = phone.use((await gateway("AskForPasskey")).options_json)
    uses = [gateway("SignInByPasskey", credential_json=credential, origin=ORIGIN) for _ in range(8)]
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(not isinstance(outcome, RemoteError) for outcome in outcomes) == 1


async def test_an_answer_for_one_thing_does_for_no_other(gateway, seated, phone, added, refused):
    with refused("PasskeyRefused"):
        await seated("StepUp", passkey_json=phone.use((await gateway("AskForPasskey")).options_json))
    with refused("PasskeyRefused"):
        await gateway("SignInByPasskey", credential_json=phone.use((await seated("AskForPasskey")).options_json), origin=ORIGIN)


async def test_a_challenge_lasts_five_minutes(adapters, gateway, phone, added, refused):
    credential = phone.use((await gateway("AskForPasskey")).options_json)
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update passkey_challenges set expires_at = now()")
    await connection.close()
    with refused("PasskeyRefused"):
        await gateway("SignInByPasskey", credential_json=credential, origin=ORIGIN)


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"verifies": False}])
async def test_another_sites_or_an_unlocked_phones_answer_is_refused(phone, added, sign_in, wrong, refused):
    with refused("PasskeyRefused"):
        await sign_in(replace(phone, **wrong))


async def test_another_key_is_refused(adapters, phone, added, sign_in, refused):
    forger = Authenticator(phone.origin, phone.rp_id, id=phone.id)
    with refused("PasskeyRefused"):
        await sign_in(forger)
    with refused("PasskeyRefused"):
        await sign_in(Authenticator(phone.origin, phone.rp_id))


async def test_a_copy_that_counts_behind_is_refused(phone, added, sign_in, refused):
    copy = replace(phone)
    for _ in range(3):
        await sign_in(phone)
    with refused("PasskeyRefused"):
        await sign_in(copy)


async def test_what_the_phone_did_not_sign_is_refused(phone, added, sign_in, refused):
    with refused("PasskeyRefused"):
        await sign_in(phone, lambda credential: changed(credential, crossOrigin=True))


@pytest.mark.parametrize(
    "nonsense", ["", "null", "{}", "[]", '{"id": 7, "response": {}}', "\0", "x" * 100_000, '{"response": {"clientDataJSON": "e30"}}']
)
async def test_nonsense_is_named(gateway, seated, nonsense, refused):
    with refused("PasskeyInvalid", "credential"):
        await gateway("SignInByPasskey", credential_json=nonsense, origin=ORIGIN)
    with refused("PasskeyInvalid", "credential"):
        await seated("AddPasskey", name="x", credential_json=nonsense)


async def test_a_challenge_is_not_made_up_by_the_phone(seated, phone, refused):
    with refused("PasskeyInvalid"):
        await seated("AddPasskey", name="x", credential_json=phone.make('{"challenge": "bWFkZSB1cA"}'))


async def test_passkeys_are_added_and_removed_by_who_stepped_up(bob, person, seated, phone, added, sign_in, refused):
    for rpc, fields in (("StartPasskey", {}), ("AddPasskey", {"name": "x"}), ("RemovePasskey", {"passkey_id": added.id})):
        with refused("StepUpNeeded"):
            await person(rpc, **fields)
    with refused("PasskeyNotFound", "passkey_id"):
        await seated("RemovePasskey", passkey_id="\0")
    await seated("RemovePasskey", passkey_id=added.id)
    with refused("PasskeyRefused"):
        await sign_in(phone)


async def test_a_phone_is_added_once(seated, phone, added, refused):
    with refused("PasskeyInvalid"):
        await add(seated, phone)
