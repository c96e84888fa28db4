from contextlib import aclosing

import pytest
from kinora.identity.v1.events_pb2 import AccountCreated, ApiKeyRevoked


@pytest.fixture
async def heard(adapters):
    """All that identity has told so far and tells within the test, by its type."""
    async with aclosing(adapters.events.subscribe("test", ["kinora.identity.v1"])) as subscription:

        async def until(cls, **fields):
            async for event in subscription:
                if event.type == cls.DESCRIPTOR.full_name and event.parse(cls) == cls(**fields):
                    return event
            raise AssertionError("the log ended")

        yield until


async def test_an_opened_account_and_a_revoked_key_are_told(ada, heard):
    account = (await ada("CreateAccount", handle="told_of")).account
    key = (await ada("CreateApiKey", account_id=account.id, name="x", scopes=["videos:read"])).key
    await ada("RevokeApiKey", key_id=key.id)
    assert (await heard(AccountCreated, account_id=account.id)).key == account.id
    assert (await heard(ApiKeyRevoked, account_id=account.id, key_id=key.id)).key == account.id
