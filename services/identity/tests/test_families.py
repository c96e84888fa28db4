"""Young people and their parents."""

from datetime import UTC, datetime

import pytest
from kinora.identity.v1 import family_service_pb2 as pb
from kinora_kit.db import connect

STRICT = pb.Switches(infinite_scroll=False, stop_after_minutes=60, cool_down_minutes=30, quiet_from=1320, quiet_until=420)
RELAXED = pb.Switches(infinite_scroll=True, stop_after_minutes=90, cool_down_minutes=10, quiet_from=1380, quiet_until=360)
NONE = pb.Switches(infinite_scroll=True)


@pytest.fixture
async def mum(person):
    """An adult, signed in and stepped up as far as families see."""
    return person.in_session("sess_mum", stepped_up=True)


@pytest.fixture
async def kim(enter):
    """Fifteen or so."""
    return await enter(birth_date=f"{datetime.now(UTC).year - 15}-01-01")


@pytest.fixture
async def linked(kim, mum):
    await kim("AskParent", handle=mum.handle)
    await mum("AnswerChild", account_id=kim.identity.account_id, accept=True)


async def switches(caller, account_id=""):
    return (await caller("GetSwitches", account_id=account_id)).switches


async def test_young_people_are_guarded_and_adults_are_not(bob, kim, mum):
    assert [await switches(each) for each in (kim, mum)] == [STRICT, NONE]
    assert await switches(bob) == STRICT  # opened by an operator: the age is not known


async def test_a_child_asks_an_adult_accepts_and_relaxes(gateway, mailbox, kim, mum):
    await kim("AskParent", handle=mum.handle)
    assert kim.handle in await mailbox.next(mum.email, subject="Somebody asks you to be their parent")
    assert [relative.linked for relative in (await kim("ListFamily")).parents] == [False]
    await mum("AnswerChild", account_id=kim.identity.account_id, accept=True)
    assert [(each.handle, each.linked) for each in (await mum("ListFamily")).children] == [(kim.handle, True)]
    assert (await mum("SetSwitches", account_id=kim.identity.account_id, switches=RELAXED)).switches == RELAXED
    assert [await switches(kim), await switches(mum, kim.identity.account_id), await switches(gateway, kim.identity.account_id)] == [
        RELAXED
    ] * 3


async def test_nothing_is_relaxed_before_it_is_accepted(kim, mum, refused):
    await kim("AskParent", handle=mum.handle)
    with refused("LinkNotFound", "account_id"):
        await mum("SetSwitches", account_id=kim.identity.account_id, switches=RELAXED)
    with refused("AccountNotFound", "account_id"):
        await switches(mum, kim.identity.account_id)
    await mum("AnswerChild", account_id=kim.identity.account_id, accept=False)
    assert not (await kim("ListFamily")).parents


@pytest.mark.parametrize("side", ["kim", "mum"])
async def test_either_ends_the_link_and_all_is_strict_again(request, mailbox, kim, mum, linked, side):
    await mum("SetSwitches", account_id=kim.identity.account_id, switches=RELAXED)
    here, there = (kim, mum) if side == "kim" else (mum, kim)
    await here("EndLink", account_id=there.identity.account_id)
    assert await switches(kim) == STRICT
    assert here.handle in await mailbox.next(there.email, subject="A link between")
    await kim("AskParent", handle=mum.handle)
    await mum("AnswerChild", account_id=kim.identity.account_id, accept=True)
    assert await switches(kim) == STRICT


async def test_with_the_eighteenth_birthday_nothing_holds_any_more(adapters, kim, mum, linked, refused):
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("update accounts set birth_date = current_date - interval '19 years' where id = $1", kim.identity.account_id)
    await connection.close()
    assert await switches(kim) == NONE
    with refused("NotUnder18"):
        await mum("SetSwitches", account_id=kim.identity.account_id, switches=STRICT)


async def test_who_asks_does_not_learn_who_is_an_adult(mailbox, kim, enter, mum):
    other = await enter(birth_date=f"{datetime.now(UTC).year - 16}-01-01")
    assert await kim("AskParent", handle=other.handle) == await kim("AskParent", handle=mum.handle)
    assert not mailbox.waiting(other.email)


async def test_a_friend_of_the_same_age_cannot_be_a_parent(kim, enter, refused):
    friend = (await enter(birth_date=f"{datetime.now(UTC).year - 16}-01-01")).in_session("sess_1", stepped_up=True)
    await kim("AskParent", handle=friend.handle)
    with refused("AdultsOnly"):
        await friend("AnswerChild", account_id=kim.identity.account_id, accept=True)


async def test_an_adult_has_no_parents_and_takes_no_strangers(kim, mum, refused):
    with refused("NotUnder18"):
        await mum("AskParent", handle=kim.handle)
    with refused("LinkNotFound", "account_id"):
        await mum("AnswerChild", account_id=kim.identity.account_id, accept=True)


async def test_a_stolen_session_of_a_parent_relaxes_nothing(kim, mum, person, linked, refused):
    for rpc, fields in (("SetSwitches", {"switches": RELAXED}), ("AnswerChild", {"accept": True})):
        with refused("StepUpNeeded"):
            await person(rpc, account_id=kim.identity.account_id, **fields)


async def test_others_learn_nothing_of_a_child(bob, kim, refused):
    with refused("AccountNotFound", "account_id"):
        await switches(bob, kim.identity.account_id)
    with refused("LinkNotFound", "account_id"):
        await bob("EndLink", account_id=kim.identity.account_id)


async def test_a_child_asks_few(kim, ada, refused):
    handles = [(await ada("CreateAccount", handle=f"adult_{kim.handle[-8:]}_{n}")).account.handle for n in range(5)]
    for handle in handles[:4]:
        await kim("AskParent", handle=handle)
    with refused("TooManyParents"):
        await kim("AskParent", handle=handles[4])


@pytest.mark.parametrize("handle", ["nobody_at_all", "self"])
async def test_a_parent_is_somebody_else(kim, handle, refused):
    with refused("HandleUnknown", "handle"):
        await kim("AskParent", handle=kim.handle if handle == "self" else handle)


@pytest.mark.parametrize("field", ["stop_after_minutes", "cool_down_minutes", "quiet_from", "quiet_until"])
@pytest.mark.parametrize("minutes", [-1, 1441])
async def test_a_switch_has_bounds(kim, mum, linked, field, minutes, refused):
    with refused("SwitchInvalid", field):
        await mum("SetSwitches", account_id=kim.identity.account_id, switches={field: minutes})
