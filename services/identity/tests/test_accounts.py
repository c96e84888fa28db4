import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora_identity.domain import HandleInvalid, check_handle


async def test_an_operator_opens_an_account(ada):
    reply = await ada("CreateAccount", handle="dora", display_name="Dora  ", role=pb.ROLE_MODERATOR)
    account = (await ada("GetAccount", account_id=reply.account.id)).account
    assert account == reply.account
    assert (account.handle, account.display_name, account.role) == ("dora", "Dora", pb.ROLE_MODERATOR)


async def test_nobody_else_opens_accounts(bob, gateway, refused):
    for caller in (bob, gateway):
        with refused("OperatorsOnly"):
            await caller("CreateAccount", handle="eve")


async def test_an_operators_lesser_key_opens_no_account(ada, refused):
    with refused("OperatorsOnly"):
        await ada.with_scopes("videos:read")("CreateAccount", handle="eve")


async def test_a_handle_is_taken_once(ada, refused):
    await ada("CreateAccount", handle="only_one")
    with refused("HandleTaken", "handle"):
        await ada("CreateAccount", handle="only_one")


async def test_a_repeated_request_opens_one_account(ada):
    first, second = [await ada("CreateAccount", request_id="same", handle="once_only") for _ in range(2)]
    assert first == second


async def test_a_request_id_is_for_one_request(ada, refused):
    await ada("CreateAccount", request_id="taken", handle="first_use")
    with refused("RequestIdReused", "request_id"):
        await ada("CreateAccount", request_id="taken", handle="second_use")


async def test_everybody_reads_their_own_account(bob):
    assert (await bob("GetAccount")).account.id == bob.identity.account_id


@pytest.mark.parametrize("unknown", ["acct_" + "0" * 32, "x", "\0", "' or 1=1", "ä" * 10_000])
async def test_an_unknown_account_is_not_found_even_by_operators(ada, bob, unknown, refused):
    for caller in (ada, bob):
        with refused("AccountNotFound", "account_id"):
            await caller("GetAccount", account_id=unknown)


async def test_another_persons_account_is_as_good_as_unknown(bob, cleo, refused):
    with refused("AccountNotFound", "account_id"):
        await cleo("GetAccount", account_id=bob.identity.account_id)


@pytest.mark.parametrize(
    ("fields", "reason", "param"),
    [
        ({"handle": ""}, "HandleInvalid", "handle"),
        ({"handle": "Ada"}, "HandleInvalid", "handle"),
        ({"handle": "ab"}, "HandleInvalid", "handle"),
        ({"handle": "bob\n"}, "HandleInvalid", "handle"),
        ({"handle": "adb", "display_name": "x" * 81}, "NameInvalid", "display_name"),
        ({"handle": "adb", "display_name": "A\0"}, "NameInvalid", "display_name"),
        ({"handle": "adb", "display_name": "A\u202eb"}, "NameInvalid", "display_name"),
        ({"handle": "adb", "role": 9}, "RoleInvalid", "role"),
    ],
)
async def test_bad_input_is_named(ada, fields, reason, param, refused):
    with refused(reason, param):
        await ada("CreateAccount", **fields)


@given(st.text())
def test_a_handle_is_short_lower_case_ascii_or_refused(text):
    try:
        assert 3 <= len(check_handle(text)) <= 30
    except HandleInvalid:
        return
    assert text.isascii()
    assert text == text.lower()


async def test_a_person_is_found_by_handle(ada, bob):
    opened = await ada("CreateAccount", handle="dave_found", display_name="Dave")
    for written in ("dave_found", "@dave_found", "@Dave_Found"):
        found = await bob("FindAccount", handle=written)
        assert (found.account_id, found.display_name) == (opened.account.id, "Dave")


async def test_accounts_are_named_and_what_is_none_is_left_out(ada, bob):
    opened = (await ada("CreateAccount", handle="dave_named")).account.id
    named = await bob("NameAccounts", account_ids=[opened, "acct_" + "0" * 32, "", "\0", opened])
    assert dict(named.handles) == {opened: "dave_named"}


async def test_services_alone_learn_age_bands_with_the_names(bob, gateway, enter):
    young, adult = [(await enter(birth_date=day)).identity.account_id for day in ("2012-01-01", "1990-05-17")]
    unknown = bob.identity.account_id
    assert not (await bob("NameAccounts", account_ids=[young, adult])).age_bands
    bands = (await gateway("NameAccounts", account_ids=[young, adult, unknown])).age_bands
    assert dict(bands) == {young: pb.AGE_BAND_TEEN, adult: pb.AGE_BAND_ADULT, unknown: pb.AGE_BAND_UNSPECIFIED}


async def test_no_more_than_a_thousand_are_named_at_once(bob, refused):
    with refused("TooManyAccounts", "account_ids"):
        await bob("NameAccounts", account_ids=["acct_x"] * 1001)


@pytest.mark.parametrize("unknown", ["nobody_at_all", "", "@", "\0", "ä" * 10_000])
async def test_a_handle_that_nobody_has_is_not_found(bob, unknown, refused):
    with refused("AccountNotFound", "handle"):
        await bob("FindAccount", handle=unknown)
