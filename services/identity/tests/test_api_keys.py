import asyncio

import pytest
from kinora_identity.domain import MAX_WORKING_KEYS
from kinora_kit.db import connect
from kinora_kit.secret import new_secret


async def make_key(caller, **fields):
    return await caller("CreateApiKey", **{"name": "laptop", "scopes": ["videos:read"]} | fields)


async def test_a_new_key_tells_its_owner_and_scopes(bob, gateway):
    made = await make_key(bob, scopes=["videos:write", "videos:read", "videos:read"])
    found = await gateway("VerifyBearer", bearer=made.secret)
    assert (found.account.id, found.key_id) == (bob.identity.account_id, made.key.id)
    assert list(found.scopes) == ["videos:read", "videos:write"]
    assert made.secret.startswith(made.key.prefix)


async def test_a_revoked_key_stops_at_once(bob, gateway, refused):
    made = await make_key(bob)
    revoked = await bob("RevokeApiKey", key_id=made.key.id)
    with refused("KeyRevoked"):
        await gateway("VerifyBearer", bearer=made.secret)
    assert revoked.key.revoked_at > 0
    assert await bob("RevokeApiKey", key_id=made.key.id) == revoked


@pytest.mark.parametrize(
    "wrong",
    ["kn_", "kn_" + "a" * 38, pytest.param(new_secret(), id="well formed"), "kn_\0", pytest.param("kn_" + "ä" * 1000, id="long")],
)
async def test_a_wrong_key_is_nobodys(gateway, wrong, refused):
    with refused("KeyUnknown"):
        await gateway("VerifyBearer", bearer=wrong)


async def test_people_cannot_look_keys_up(bob, refused):
    made = await make_key(bob)
    with refused("ServicesOnly"):
        await bob("VerifyBearer", bearer=made.secret)


async def test_a_key_never_gives_on_more_than_it_has(bob, refused):
    made = bob.with_scopes("admin", "videos:read")
    await make_key(made, scopes=["admin", "videos:read"])
    with refused("ScopesExceeded", "scopes"):
        await make_key(made, scopes=["videos:read", "videos:write"])


@pytest.mark.parametrize(
    ("rpc", "fields"),
    [("CreateApiKey", {"name": "x", "scopes": ["videos:read"]}), ("ListApiKeys", {}), ("RevokeApiKey", {"key_id": "key_1"})],
)
async def test_a_key_for_reading_manages_no_keys(bob, rpc, fields, refused):
    with refused("ScopeMissing"):
        await bob.with_scopes("videos:read")(rpc, **fields)


async def test_another_persons_keys_are_out_of_reach(bob, cleo, refused):
    made = await make_key(bob)
    with refused("KeyNotFound", "key_id"):
        await cleo("RevokeApiKey", key_id=made.key.id)
    for rpc, fields in (("ListApiKeys", {}), ("CreateApiKey", {"name": "x", "scopes": ["videos:read"]})):
        with refused("AccountNotFound", "account_id"):
            await cleo(rpc, account_id=bob.identity.account_id, **fields)


@pytest.mark.parametrize("unknown", ["", "key_" + "0" * 32, "\0", "' or 1=1"])
async def test_an_unknown_key_cannot_be_revoked(ada, unknown, refused):
    with refused("KeyNotFound", "key_id"):
        await ada("RevokeApiKey", key_id=unknown)


async def test_an_operator_manages_anybodys_keys(ada, bob, gateway, refused):
    made = await make_key(ada, account_id=bob.identity.account_id)
    assert (await ada("ListApiKeys", account_id=bob.identity.account_id)).keys[0] == made.key
    await ada("RevokeApiKey", key_id=made.key.id)
    with refused("KeyRevoked"):
        await gateway("VerifyBearer", bearer=made.secret)


async def test_keys_are_listed_newest_first_without_their_secrets(bob):
    made = [await make_key(bob, name=str(number)) for number in range(3)]
    listed = await bob("ListApiKeys")
    assert list(listed.keys) == [reply.key for reply in reversed(made)]
    assert not any(reply.secret in str(listed) for reply in made)


async def test_a_repeated_request_makes_one_key_and_shows_the_same_secret(bob):
    replies = await asyncio.gather(*(make_key(bob, request_id="same") for _ in range(4)))
    assert len({reply.secret for reply in replies}) == len((await bob("ListApiKeys")).keys) == 1


async def test_no_table_holds_a_secret(bob, adapters):
    made = await make_key(bob)
    connection = await connect(adapters.database_url, "identity")
    dump = str([await connection.fetch("table " + name) for name in ("accounts", "api_keys", "replies", "outbox")])
    await connection.close()
    assert made.key.id in dump
    assert made.secret not in dump


async def test_keys_are_numbered(bob, refused):
    for number in range(MAX_WORKING_KEYS):
        await make_key(bob, name=str(number))
    with refused("TooManyKeys"):
        await make_key(bob)


@pytest.mark.parametrize(
    ("fields", "reason", "param"),
    [
        ({"name": ""}, "NameInvalid", "name"),
        ({"name": "x" * 81}, "NameInvalid", "name"),
        ({"scopes": []}, "ScopesInvalid", "scopes"),
        ({"scopes": ["videos:delete"]}, "ScopesInvalid", "scopes"),
        ({"scopes": ["*"]}, "ScopesInvalid", "scopes"),
        ({"account_id": "\0"}, "AccountNotFound", "account_id"),
        ({"request_id": "x" * 129}, "RequestIdMissing", "request_id"),
        ({"request_id": "\0"}, "RequestIdMissing", "request_id"),
    ],
)
async def test_bad_input_is_named(ada, fields, reason, param, refused):
    with refused(reason, param):
        await make_key(ada, **fields)
