import asyncio
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora.identity.v1 import entry_service_pb2 as pb
from kinora.identity.v1 import identity_service_pb2
from kinora_identity.addresses import EmailInvalid, check_email
from kinora_identity.ages import age, band
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError

PASSWORD = "three wombats under a lamp"


@pytest.fixture
async def invite(ada):
    return (await ada("GrantInvites", count=1)).invites[0].code


@pytest.fixture
def new():
    """Somebody whom nobody knows yet."""
    name = f"eve_{uuid4().hex[:12]}"
    return {"handle": name, "email": f"{name}@example.org", "birth_date": "1990-02-28", "password": PASSWORD}


async def test_an_invited_person_opens_an_account_by_a_mail(gateway, mailbox, invite, new):
    await gateway("SignUp", **new, display_name="Eve", invite_code=invite)
    token = await mailbox.token(new["email"], subject="Confirm")
    account = (await gateway("ConfirmSignUp", token=token)).account
    assert (account.handle, account.display_name, account.role) == (new["handle"], "Eve", identity_service_pb2.ROLE_USER)
    assert account.age_band == identity_service_pb2.AGE_BAND_ADULT


async def test_a_link_opens_one_account(gateway, mailbox, invite, new, refused):
    await gateway("SignUp", **new, invite_code=invite)
    token = await mailbox.token(new["email"])
    await gateway("ConfirmSignUp", token=token)
    with refused("LinkInvalid", "token"):
        await gateway("ConfirmSignUp", token=token)


async def test_fifty_who_share_one_invite_open_one_account(gateway, mailbox, invite, new):
    async def enter(number):
        mine = {"handle": f"{new['handle']}_{number}", "email": f"{number}.{new['email']}"}
        await gateway("SignUp", **new | mine, invite_code=invite)
        return await gateway("ConfirmSignUp", token=await mailbox.token(mine["email"]))

    outcomes = await asyncio.gather(*map(enter, range(50)), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, RemoteError)]
    assert refusals == ["InviteInvalid"] * 49


async def test_fifty_clicks_on_one_link_open_one_account(gateway, mailbox, invite, new):
    await gateway("SignUp", **new, invite_code=invite)
    token = await mailbox.token(new["email"])
    clicks = await asyncio.gather(*(gateway("ConfirmSignUp", token=token) for _ in range(50)), return_exceptions=True)
    assert sorted(getattr(click, "reason", "opened") for click in clicks) == ["LinkInvalid"] * 49 + ["opened"]


async def test_who_signs_up_again_gets_another_link(gateway, mailbox, invite, new, refused):
    for _ in range(2):
        await gateway("SignUp", **new, invite_code=invite)
    first, second = await mailbox.token(new["email"]), await mailbox.token(new["email"])
    with refused("LinkInvalid", "token"):
        await gateway("ConfirmSignUp", token=first)
    assert (await gateway("ConfirmSignUp", token=second)).account.handle == new["handle"]


async def test_a_handle_that_waits_for_its_mail_is_taken(ada, gateway, invite, new, refused):
    await gateway("SignUp", **new, invite_code=invite)
    another = (await ada("GrantInvites", count=1)).invites[0].code
    for change in ({"email": "other@example.org"}, {"password": "five herons on a barge"}):
        with refused("HandleTaken", "handle"):
            await gateway("SignUp", **new | change, invite_code=another)


async def test_an_address_with_an_account_gets_the_same_answer_and_its_owner_a_mail(ada, gateway, mailbox, person, new):
    codes = [invite.code for invite in (await ada("GrantInvites", count=2)).invites]
    taken = await gateway("SignUp", **new | {"email": person.email.upper()}, invite_code=codes[0])
    fresh = await gateway("SignUp", **new | {"handle": new["handle"] + "_2"}, invite_code=codes[1])
    assert taken == fresh
    assert "token=" not in await mailbox.next(person.email.upper(), subject="You have an account")


async def test_who_is_admitted_has_four_invites_and_an_inviter(ada, gateway, person, mailbox, new):
    invites = (await person("ListInvites")).invites
    await gateway("SignUp", **new, invite_code=invites[0].code)
    await gateway("ConfirmSignUp", token=await mailbox.token(new["email"]))
    listed = await person("ListInvites")
    assert (len(listed.invites), [i.used_by for i in listed.invites if i.used_at]) == (4, [new["handle"]])
    assert listed.invited_by == "admin"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{plain}"])
async def test_an_invite_is_read_as_people_type_it(gateway, mailbox, invite, new, typed):
    code = typed.format(invite, lower=invite.lower().replace("0", "o").replace("1", "l"), plain=invite.replace("-", " "))
    await gateway("SignUp", **new, invite_code=code)
    assert await mailbox.token(new["email"])


async def test_operators_open_and_close_the_door(ada, bob, gateway, new, invite, refused):
    with refused("OperatorsOnly"):
        await bob("SetDoor", mode=pb.DOOR_MODE_OPEN)
    try:
        await ada("SetDoor", mode=pb.DOOR_MODE_CLOSED)
        with refused("DoorClosed"):
            await gateway("SignUp", **new, invite_code=invite)
        await ada("SetDoor", mode=pb.DOOR_MODE_OPEN)
        assert (await gateway("GetDoor")).mode == pb.DOOR_MODE_OPEN
        await gateway("SignUp", **new)
    finally:
        await ada("SetDoor", mode=pb.DOOR_MODE_INVITE)


@pytest.mark.parametrize(("code", "reason"), [("", "InviteMissing"), ("AAAAA-AAAAA", "InviteInvalid"), ("\0", "InviteInvalid")])
async def test_without_a_good_invite_nobody_signs_up(gateway, new, code, reason, refused):
    with refused(reason, "invite_code"):
        await gateway("SignUp", **new, invite_code=code)


async def test_children_are_refused_and_teenagers_are_known(ada, gateway, mailbox, invite, new, refused):
    today = datetime.now(UTC).date()
    with refused("TooYoung", "birth_date"):
        await gateway("SignUp", **new | {"birth_date": f"{today.year - 12}-01-01"}, invite_code=invite)
    await gateway("SignUp", **new | {"birth_date": f"{today.year - 14}-01-01"}, invite_code=invite)
    account = (await gateway("ConfirmSignUp", token=await mailbox.token(new["email"]))).account
    assert account.age_band == identity_service_pb2.AGE_BAND_TEEN


@pytest.mark.parametrize(
    ("fields", "reason", "param"),
    [
        ({"handle": "Eve"}, "HandleInvalid", "handle"),
        ({"handle": "admin"}, "HandleTaken", "handle"),
        ({"handle": "support"}, "HandleTaken", "handle"),
        ({"birth_date": "yesterday"}, "BirthDateInvalid", "birth_date"),
        ({"birth_date": "1990-02-30"}, "BirthDateInvalid", "birth_date"),
        ({"birth_date": "1800-01-01"}, "BirthDateInvalid", "birth_date"),
        ({"birth_date": "2999-01-01"}, "BirthDateInvalid", "birth_date"),
        ({"email": "nobody"}, "EmailInvalid", "email"),
        ({"email": "eve@example.org\nBcc: all@example.org"}, "EmailInvalid", "email"),
        ({"email": "a" * 10_000 + "@example.org"}, "EmailInvalid", "email"),
        ({"password": "short"}, "PasswordInvalid", "password"),
        ({"password": "x" * 100_000}, "PasswordInvalid", "password"),
        ({"password": "password123"}, "PasswordWeak", "password"),
        ({"password": "eve@example.org"}, "PasswordWeak", "password"),
    ],
)
async def test_bad_input_is_named(gateway, invite, new, fields, reason, param, refused):
    with refused(reason, param):
        await gateway("SignUp", **new | {"email": "eve@example.org"} | fields, invite_code=invite)


async def test_people_do_not_sign_others_up(bob, invite, new, refused):
    with refused("ServicesOnly"):
        await bob("SignUp", **new, invite_code=invite)


async def test_no_table_holds_a_password_or_a_token(adapters, gateway, mailbox, invite, new):
    await gateway("SignUp", **new, invite_code=invite)
    token = await mailbox.token(new["email"])
    connection = await connect(adapters.database_url, "identity")
    dump = str([await connection.fetch("table " + name) for name in ("accounts", "sign_ups", "mails", "replies", "outbox")])
    await connection.close()
    assert new["handle"] in dump
    assert PASSWORD not in dump
    assert token not in dump


@given(st.dates(date(1904, 1, 1), date(2030, 1, 1)), st.dates(date(1904, 1, 1), date(2030, 1, 1)))
def test_an_age_is_the_number_of_birthdays(birth, today):
    birthdays = [
        year for year in range(birth.year + 1, today.year + 1) if (birth.month, birth.day) <= (today.month, today.day) or year < today.year
    ]
    assert age(birth, today) == len(birthdays) or today < birth


def test_one_is_an_adult_from_the_eighteenth_birthday():
    bands = [band(date(2008, 11, 26), date(2026, 11, day)) for day in (25, 26)]
    assert [*bands, band(None)] == ["teen", "adult", "unknown"]


@given(st.text(max_size=300))
def test_an_address_has_one_line_and_one_at(text):
    try:
        found = check_email(text)
    except EmailInvalid:
        return
    assert found.isascii()
    assert found.count("@") == 1
    assert not any(letter.isspace() for letter in found)
