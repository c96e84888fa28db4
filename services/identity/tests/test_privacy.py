"""What is told and what is left of a person."""

import asyncio
import json
from contextlib import aclosing

import pytest
from kinora.identity.v1.events_pb2 import AccountErased, ApiKeyRevoked
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError

PASSWORD = "three wombats under a lamp"


@pytest.fixture
async def seated(gateway, person):
    """The person, signed in and stepped up."""
    origin = {"network": f"net {person.handle}", "device": "a phone"}
    tokens = (await gateway("SignIn", email=person.email, password=PASSWORD, origin=origin)).tokens
    await person.in_session(tokens.session_id)("StepUp", password=PASSWORD)
    return person.in_session(tokens.session_id, stepped_up=True)


async def sweep(adapters, *words):
    """Every table that still holds one of the words, in whatever column."""
    connection = await connect(adapters.database_url, "identity")
    tables = [row[0] for row in await connection.fetch("select tablename from pg_tables where schemaname = 'identity'")]
    holding = set()
    for table in tables:
        for row in await connection.fetch('table "' + table + '"'):
            text = "".join(bytes(value).decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row.values())
            if any(word.lower() in text.lower() for word in words):
                holding.add(table)
    await connection.close()
    return holding


async def within_10_s(check):
    """What `check` is awaited for, as soon as that is true."""
    async with asyncio.timeout(10):
        while not (found := await check()):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    return found


async def test_an_export_holds_what_is_known_and_no_secret(seated, person):
    made = await seated("CreateApiKey", name="laptop", scopes=["videos:read"])
    found = json.loads((await seated("ExportAccount")).export_json)
    assert (found["account"][0]["email"], found["account"][0]["birth_date"]) == (person.email, "1990-05-17")
    assert [key["name"] for key in found["api_keys"]] == ["laptop"]
    assert len(found["invites"]) == 4
    assert "$argon2id" not in str(found)
    assert made.secret not in str(found)


async def test_nothing_is_left_of_who_erases_themselves(adapters, ada, gateway, mailbox, person, seated):
    await seated("CreateApiKey", name="laptop", scopes=["videos:read"])
    await gateway("JoinWaitlist", email=person.email)
    await mailbox.token(person.email, subject="Your place")
    assert len(await sweep(adapters, person.handle, person.email)) >= 4
    await seated("EraseAccount")
    async with aclosing(adapters.events.subscribe("erasure", ["kinora.identity.v1"])) as subscription:
        async for event in subscription:
            if event.type == AccountErased.DESCRIPTOR.full_name and event.key == person.identity.account_id:
                break
    assert await sweep(adapters, person.handle, person.email) == set()
    assert await sweep(adapters, person.identity.account_id) <= {"audit", "outbox"}  # the pseudonym
    assert (await ada("CheckAudit")).first_broken == 0


async def test_who_is_erased_cannot_enter_and_may_come_again(ada, gateway, mailbox, person, seated, refused):
    await seated("EraseAccount")
    with refused("SignInRefused"):
        await gateway("SignIn", email=person.email, password=PASSWORD, origin={"network": "n", "device": "d"})
    invite = (await ada("GrantInvites", count=1)).invites[0].code
    again = {"handle": person.handle, "email": person.email, "birth_date": "1990-05-17", "password": PASSWORD}
    await gateway("SignUp", **again, invite_code=invite)
    opened = await gateway("ConfirmSignUp", token=await mailbox.token(person.email, subject="Confirm"))
    assert opened.account.id != person.identity.account_id


async def test_nobody_is_erased_by_a_stolen_session_or_key_alone(person, refused):
    for thief in (person, person.in_session("sess_1")):
        with refused("StepUpNeeded"):
            await thief("EraseAccount")


async def test_an_operator_erases_an_account_and_others_do_not(ada, bob, seated, refused):
    with refused("AccountNotFound", "account_id"):
        await seated("EraseAccount", account_id=bob.identity.account_id)
    await ada("EraseAccount", account_id=bob.identity.account_id)
    with refused("AccountNotFound", "account_id"):
        await ada("GetAccount", account_id=bob.identity.account_id)


async def test_the_last_operator_stays(ada, refused):
    with refused("LastOperator"):
        await ada("EraseAccount", account_id=ada.identity.account_id)


async def test_an_erased_account_that_a_backup_brought_back_is_erased_again(adapters, ada, tell, person):
    await tell(AccountErased(account_id=person.identity.account_id), person.identity.account_id)

    async def nothing_left():
        return await sweep(adapters, person.handle, person.email) == set()

    await within_10_s(nothing_left)
    assert await sweep(adapters, person.identity.account_id) <= {"audit", "outbox"}
    assert (await ada("CheckAudit")).first_broken == 0


async def test_a_revoked_key_that_a_backup_brought_back_stops_working_again(ada, gateway, tell, person):
    made = await ada("CreateApiKey", account_id=person.identity.account_id, name="x", scopes=["videos:read"])
    await tell(ApiKeyRevoked(key_id=made.key.id, account_id=person.identity.account_id), person.identity.account_id)

    async def refused():
        try:
            return not await gateway("VerifyBearer", bearer=made.secret)
        except RemoteError as error:
            return error.reason

    assert await within_10_s(refused) == "KeyRevoked"
