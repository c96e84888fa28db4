from uuid import uuid4

import pytest


@pytest.fixture
async def queue(gateway, mailbox):
    """Three who wait, and the tickets that they were mailed."""
    addresses = [f"{name}_{uuid4().hex}@example.org" for name in ("first", "second", "third")]
    for address in addresses:
        await gateway("JoinWaitlist", email=address)
    return {address: await mailbox.token(address, subject="Your place") for address in addresses}


async def place(gateway, ticket):
    found = await gateway("GetWaitlistPlace", ticket=ticket)
    return found.position


async def test_those_who_waited_longest_come_first(ada, gateway, mailbox, queue):
    (first, *_), tickets = queue, list(queue.values())
    ahead = await place(gateway, tickets[0])
    assert [await place(gateway, ticket) for ticket in tickets] == [ahead, ahead + 1, ahead + 2]
    assert (await ada("AdmitFromWaitlist", count=ahead)).admitted == ahead
    assert "code" in await mailbox.next(first, subject="Your invite")
    assert [await place(gateway, ticket) for ticket in tickets] == [0, 1, 2]


async def test_who_joins_again_keeps_the_place_and_gets_a_new_ticket(gateway, mailbox, queue, refused):
    (first, ticket), *_ = queue.items()
    before = await place(gateway, ticket)
    await gateway("JoinWaitlist", email=first.upper())
    again = await mailbox.token(first.upper())
    assert await place(gateway, again) == before
    with refused("TicketUnknown", "ticket"):
        await place(gateway, ticket)


async def test_only_operators_admit(bob, refused):
    with refused("OperatorsOnly"):
        await bob("AdmitFromWaitlist", count=1)


@pytest.mark.parametrize("count", [0, -1, 1001])
async def test_a_count_has_bounds(ada, count, refused):
    for rpc in ("AdmitFromWaitlist", "GrantInvites"):
        with refused("CountInvalid", "count"):
            await ada(rpc, count=count)


async def test_a_repeated_admission_admits_nobody_else(ada, gateway, queue):
    ticket = list(queue.values())[2]
    before = await place(gateway, ticket)
    for _ in range(2):
        await ada("AdmitFromWaitlist", request_id=f"again-{ticket}", count=1)
    assert await place(gateway, ticket) == before - 1


async def test_nobodys_mailbox_is_flooded(gateway, mailbox):
    address = f"victim_{uuid4().hex}@example.org"
    for _ in range(8):
        await gateway("JoinWaitlist", email=address)
    for _ in range(5):
        await mailbox.next(address)
    with pytest.raises(TimeoutError):
        await mailbox.next(address, timeout_s=0.3)
