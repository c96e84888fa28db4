"""Accounts that operators opened are set up; addresses, passwords and names are changed."""

from uuid import uuid4

import pytest
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError

PASSWORD, OTHER = "three wombats under a lamp", "nine otters in a bathtub"


@pytest.fixture
def address():
    return f"new_{uuid4().hex[:12]}@example.org"


@pytest.fixture
def enters(gateway):
    """Signs in, and gives the session; None when refused."""

    async def attempt(email, password=PASSWORD):
        try:
            return (await gateway("SignIn", email=email, password=password, origin={"network": f"net {email}"})).tokens.session_id
        except RemoteError as error:
            if error.reason != "SignInRefused":
                raise
            return None

    return attempt


@pytest.fixture
async def seated(enters, person):
    """The person, signed in and stepped up."""
    return person.in_session(await enters(person.email), stepped_up=True)


async def test_who_holds_the_key_of_an_opened_account_sets_it_up_and_enters(bob, enters, gateway, mailbox, address):
    await bob("SendSetUp", email=address)
    token = await mailbox.token(address, subject="Set up")
    account = (await gateway("CompleteSetUp", token=token, birth_date="1990-05-17", password=PASSWORD)).account
    assert (account.id, account.age_band) == (bob.identity.account_id, pb.AGE_BAND_ADULT)
    assert (await bob("GetAccount")).email == address
    assert await enters(address)


async def test_an_operator_has_the_link_mailed_and_never_sees_the_password(ada, bob, cleo, mailbox, address, refused):
    await ada("SendSetUp", account_id=bob.identity.account_id, email=address)
    assert await mailbox.token(address, subject="Set up")
    with refused("AccountNotFound", "account_id"):
        await cleo("SendSetUp", account_id=bob.identity.account_id, email=address)


async def test_the_last_link_alone_sets_up_and_once(bob, gateway, mailbox, address, refused):
    for _ in range(2):
        await bob("SendSetUp", email=address)
    first, second = [await mailbox.token(address, subject="Set up") for _ in range(2)]
    birthday = {"birth_date": "1990-05-17", "password": PASSWORD}
    with refused("LinkInvalid", "token"):
        await gateway("CompleteSetUp", token=first, **birthday)
    await gateway("CompleteSetUp", token=second, **birthday)
    with refused("LinkInvalid", "token"):
        await gateway("CompleteSetUp", token=second, **birthday)
    with refused("AlreadySetUp"):
        await bob("SendSetUp", email=address)


@pytest.mark.parametrize(
    ("wrong", "reason", "param"),
    [
        ({"birth_date": "soon"}, "BirthDateInvalid", "birth_date"),
        ({"birth_date": "2020-01-01"}, "TooYoung", "birth_date"),
        ({"password": "password"}, "PasswordWeak", "password"),
        ({"token": "\0"}, "LinkInvalid", "token"),
    ],
)
async def test_what_is_wrong_does_not_use_the_link_up(bob, gateway, mailbox, address, refused, wrong, reason, param):
    await bob("SendSetUp", email=address)
    wanted = {"token": await mailbox.token(address), "birth_date": "1990-05-17", "password": PASSWORD}
    with refused(reason, param):
        await gateway("CompleteSetUp", **wanted | wrong)
    assert (await gateway("CompleteSetUp", **wanted)).account.id == bob.identity.account_id


async def test_a_taken_address_gets_the_same_answer_and_its_owner_a_mail(bob, seated, enter, mailbox, address):
    owner = await enter()
    assert await bob("SendSetUp", email=owner.email) == await bob("SendSetUp", email=address)
    assert await seated("ChangeEmail", email=owner.email.upper()) == await seated("ChangeEmail", email=address)
    for to in (owner.email, owner.email.upper()):
        assert "token=" not in await mailbox.next(to, subject="You have an account")
    assert not mailbox.waiting(owner.email)


async def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(gateway, mailbox, person, seated, enters, address):
    await seated("ChangeEmail", email=address)
    assert await mailbox.next(person.email, subject="Your address is about to change")
    assert [bool(await enters(each)) for each in (person.email, address)] == [True, False]
    await gateway("ConfirmEmail", token=await mailbox.token(address, subject="Confirm your new"))
    assert [bool(await enters(each)) for each in (person.email, address)] == [False, True]
    assert address not in await mailbox.next(person.email, subject="Your address was changed")


async def test_a_thief_of_a_session_cannot_keep_the_account_from_who_reads_its_mail(
    gateway, mailbox, person, seated, address, refused, enters
):
    await seated("ChangeEmail", email=address)
    await gateway("ForgetPassword", email=person.email)
    await gateway("ResetPassword", token=await mailbox.token(person.email, subject="Set a new"), password=OTHER)
    with refused("LinkInvalid", "token"):
        await gateway("ConfirmEmail", token=await mailbox.token(address))
    assert await enters(person.email, OTHER)


async def test_of_two_who_want_one_address_the_second_to_confirm_is_refused(gateway, mailbox, seated, bob, address, refused):
    await seated("ChangeEmail", email=address)
    await bob("SendSetUp", email=address)
    moving, opening = await mailbox.token(address, subject="Confirm"), await mailbox.token(address, subject="Set up")
    await gateway("ConfirmEmail", token=moving)
    with refused("EmailTaken", "token"):
        await gateway("CompleteSetUp", token=opening, birth_date="1990-05-17", password=PASSWORD)


async def test_a_link_for_one_thing_is_none_for_another(bob, gateway, mailbox, seated, address, refused):
    await bob("SendSetUp", email=address)
    with refused("LinkInvalid", "token"):
        await gateway("ConfirmEmail", token=await mailbox.token(address))
    await seated("ChangeEmail", email=address)
    with refused("AlreadySetUp"):
        await gateway("CompleteSetUp", token=await mailbox.token(address, subject="Confirm"), birth_date="1990-05-17", password=PASSWORD)


async def test_another_password_ends_the_other_sessions(mailbox, person, seated, enters):
    await enters(person.email)
    assert (await seated("ChangePassword", password=OTHER)).ended == 1
    assert [session.id for session in (await seated("ListSessions")).sessions] == [seated.identity.session_id]
    assert [bool(await enters(person.email, each)) for each in (PASSWORD, OTHER)] == [False, True]
    assert await mailbox.next(person.email, subject="Your password was changed")


@pytest.mark.parametrize(("password", "reason"), [("short", "PasswordInvalid"), ("password123", "PasswordWeak")])
async def test_a_weak_password_is_refused(seated, refused, password, reason):
    with refused(reason, "password"):
        await seated("ChangePassword", password=password)


@pytest.mark.parametrize(("rpc", "field"), [("ChangeEmail", {"email": "x@example.org"}), ("ChangePassword", {"password": OTHER})])
async def test_neither_a_key_nor_a_session_alone_changes_how_one_enters(person, refused, rpc, field):
    for thief in (person, person.in_session("sess_1")):
        with refused("StepUpNeeded"):
            await thief(rpc, **field)


async def test_a_name_is_changed_and_checked(person, refused):
    assert (await person("ChangeName", display_name=" Pat of Here ")).account.display_name == "Pat of Here"
    with refused("NameInvalid", "display_name"):
        await person("ChangeName", display_name="\u202e")
    with refused("ScopeMissing"):
        await person.with_scopes("videos:read")("ChangeName", display_name="Pat")


async def test_what_was_changed_is_on_record_without_addresses(gateway, mailbox, person, seated, address):
    await seated("ChangeName", display_name="Pat")
    await seated("ChangeEmail", email=address)
    await gateway("ConfirmEmail", token=await mailbox.token(address))
    await seated("ChangePassword", password=OTHER)
    entries = (await seated("ListAudit")).entries
    assert [entry.action for entry in entries][:4] == ["password.changed", "email.changed", "email.change_asked", "account.renamed"]
    assert address not in str(entries)


async def test_strangers_who_ask_again_and_again_do_not_spoil_the_owners_link(gateway, mailbox, person, enters):
    for _ in range(12):
        await gateway("ForgetPassword", email=person.email)
    await gateway("ResetPassword", token=await mailbox.token(person.email, subject="Set a new"), password=OTHER)
    assert await enters(person.email, OTHER)


async def test_strangers_who_sign_up_with_an_address_do_not_use_up_its_mails(ada, gateway, mailbox, person):
    for code in [invite.code for invite in (await ada("GrantInvites", count=8)).invites]:
        name = f"eve_{uuid4().hex[:12]}"
        await gateway("SignUp", handle=name, email=person.email, birth_date="1990-05-17", password=PASSWORD, invite_code=code)
    await gateway("ForgetPassword", email=person.email)
    assert await mailbox.token(person.email, subject="Set a new")


async def test_an_unknown_address_costs_the_same_statements(adapters, gateway, person):
    """All but one row of a link is written for it too."""
    nobody = f"nobody_{uuid4().hex}@example.org"
    for email in (person.email, nobody):
        await gateway("ForgetPassword", email=email)
    connection = await connect(adapters.database_url, "identity")
    rows = await connection.fetch("select address from mails where subject like 'Set a new%' and address in ($1, $2)", person.email, nobody)
    await connection.close()
    assert {row["address"] for row in rows} == {person.email, nobody}
