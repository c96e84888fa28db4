"""Second factors, step-up, roles and the audit log."""

import asyncio
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora.provenance.v1.events_pb2 import ContentTraced
from kinora_identity import totp
from kinora_kit.db import connect
from kinora_kit.errors import RemoteError

PASSWORD = "three wombats under a lamp"


def code(secret, steps=0):
    return totp.code_at(secret, int(time.time() // totp.STEP_S) + steps)


@pytest.fixture
def sign_in(gateway, person):
    async def attempt(**changes):
        wanted = {"email": person.email, "password": PASSWORD, "origin": {"network": f"net {person.handle}", "device": "a phone"}}
        return (await gateway("SignIn", **wanted | changes)).tokens

    return attempt


@pytest.fixture
def seated(gateway, person, sign_in):
    """The person in a fresh session, as the gateway would see them at that moment."""

    async def sit(**changes):
        tokens = await sign_in(**changes)

        async def now():
            found = await gateway("VerifyBearer", bearer=tokens.access_token)
            return person.in_session(tokens.session_id, stepped_up=found.stepped_up)

        return now

    return sit


@pytest.fixture
async def secret(seated):
    """Of the person's authenticator app, confirmed by the code of the step before."""
    now = await seated()
    await (await now())("StepUp", password=PASSWORD)
    me = await now()
    secret = (await me("StartTotp")).secret
    await me("ConfirmTotp", code=code(secret, -1))
    return secret


async def test_a_password_steps_up_where_there_is_nothing_better(seated, refused):
    now = await seated()
    with refused("StepUpNeeded"):
        await (await now())("ExportAccount")
    assert (await (await now())("StepUp", password=PASSWORD)).until > time.time() + 590
    assert (await (await now())("ExportAccount")).export_json


async def test_a_wrong_password_does_not_step_up(seated, refused):
    now = await seated()
    for wrong in ({"password": "a guess"}, {"code": "12345ä"}, {}):
        with refused("ProofRefused"):
            await (await now())("StepUp", **wrong)
    assert not (await now()).identity.stepped_up


async def test_a_step_up_is_that_sessions_alone(seated):
    here, there = await seated(), await seated()
    await (await here())("StepUp", password=PASSWORD)
    assert [(await now()).identity.stepped_up for now in (here, there)] == [True, False]


async def test_a_key_cannot_step_up(person, refused):
    with refused("SessionNeeded"):
        await person("StepUp", password=PASSWORD)


async def test_guessing_at_the_step_up_is_slowed_down(seated):
    me = await (await seated())()
    outcomes = await asyncio.gather(*(me("StepUp", password="a guess") for _ in range(10)), return_exceptions=True)
    assert {outcome.reason for outcome in outcomes} == {"ProofRefused", "TooManyTries"}


async def test_with_an_app_signing_in_needs_its_code(sign_in, secret, refused):
    with refused("SecondFactorNeeded", "code"):
        await sign_in()
    with refused("SignInRefused"):
        await sign_in(code="000000" if code(secret) != "000000" else "000001")
    assert await sign_in(code=code(secret))


async def test_who_does_not_know_the_password_does_not_learn_of_the_app(sign_in, secret, refused):
    with refused("SignInRefused"):
        await sign_in(password="a guess")


async def test_a_code_counts_once(sign_in, secret, refused):
    shown = code(secret)
    await sign_in(code=shown)
    with refused("SignInRefused"):
        await sign_in(code=shown)


async def test_of_many_uses_of_a_code_at_once_one_counts(sign_in, secret):
    shown = code(secret)
    uses = await asyncio.gather(*(sign_in(code=shown) for _ in range(5)), return_exceptions=True)
    assert sum(not isinstance(use, RemoteError) for use in uses) == 1


async def test_with_an_app_a_password_does_not_step_up(seated, secret, refused):
    now = await seated(code=code(secret))
    with refused("ProofTooWeak", "code"):
        await (await now())("StepUp", password=PASSWORD)
    await (await now())("StepUp", code=code(secret, 1))
    assert (await now()).identity.stepped_up


async def test_a_recovery_code_stands_in_for_the_app_once(seated, sign_in, refused):
    now = await seated()
    await (await now())("StepUp", password=PASSWORD)
    me = await now()
    secret = (await me("StartTotp")).secret
    codes = (await me("ConfirmTotp", code=code(secret))).recovery_codes
    assert len(set(codes)) == 10
    assert await sign_in(code=codes[3].upper())
    with refused("SignInRefused"):
        await sign_in(code=codes[3])
    assert (await me("GetFactors")).recovery_codes == 9
    await me("RemoveTotp")
    assert await sign_in()


async def test_an_app_counts_only_once_confirmed(seated, sign_in, refused):
    now = await seated()
    await (await now())("StepUp", password=PASSWORD)
    me = await now()
    await me("StartTotp")
    with refused("CodeInvalid", "code"):
        await me("ConfirmTotp", code="12345")
    assert await sign_in()


async def test_an_admin_key_needs_a_step_up(seated, refused):
    now = await seated()
    wanted = {"name": "x", "scopes": ["admin"]}
    with refused("StepUpNeeded"):
        await (await now())("CreateApiKey", **wanted)
    await (await now())("StepUp", password=PASSWORD)
    assert (await (await now())("CreateApiKey", **wanted)).secret


async def test_an_operator_acts_only_stepped_up(ada, person, seated, refused):
    await ada("SetRole", account_id=person.identity.account_id, role=pb.ROLE_OPERATOR)
    now = await seated()
    with refused("StepUpNeeded"):
        await (await now()).as_role("operator")("GrantInvites", count=1)
    await (await now())("StepUp", password=PASSWORD)
    assert (await (await now()).as_role("operator")("GrantInvites", count=1)).invites
    await ada("SetRole", account_id=person.identity.account_id, role=pb.ROLE_USER)


async def test_roles_are_given_by_operators_and_never_the_last_one_taken(ada, person, gateway, sign_in, refused):
    with refused("OperatorsOnly"):
        await person("SetRole", account_id=person.identity.account_id, role=pb.ROLE_OPERATOR)
    await ada("SetRole", account_id=person.identity.account_id, role=pb.ROLE_MODERATOR)
    tokens = await sign_in()
    assert (await gateway("VerifyBearer", bearer=tokens.access_token)).account.role == pb.ROLE_MODERATOR
    with refused("LastOperator"):
        await ada("SetRole", role=pb.ROLE_USER)


async def test_what_was_done_is_on_record(ada, bob, person):
    await ada("SetRole", account_id=person.identity.account_id, role=pb.ROLE_MODERATOR)
    newest = (await ada("ListAudit")).entries[0]
    assert (newest.actor, newest.action, newest.subject) == (ada.identity.account_id, "role.set", person.identity.account_id)
    assert newest.details_json == '{"role": "moderator"}'
    assert [entry.action for entry in (await person("ListAudit")).entries] == ["role.set"]
    assert [entry.action for entry in (await bob("ListAudit")).entries] == ["account.opened"]


async def test_what_a_moderator_traced_and_why_is_on_record(ada, bob, tell):
    event = {"actor_account_id": ada.identity.account_id, "account_id": bob.identity.account_id, "video_id": "video_1"}
    await tell(ContentTraced(**event, reason="A threat on another platform."), "video_1")
    async with asyncio.timeout(5):
        while (entry := (await ada("ListAudit")).entries[0]).action != "content.traced":  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    assert (entry.actor, entry.subject) == (ada.identity.account_id, "video_1")
    assert json.loads(entry.details_json) == {"account_id": bob.identity.account_id, "reason": "A threat on another platform."}
    assert "content.traced" not in {each.action for each in (await bob("ListAudit")).entries}


async def test_the_record_cannot_be_changed(adapters):
    connection = await connect(adapters.database_url, "identity")
    for statement in ("update audit set actor = 'nobody'", "delete from audit", "truncate audit"):
        with pytest.raises(Exception, match="append-only"):
            await connection.execute(statement)
    await connection.close()


async def test_who_changes_it_all_the_same_is_found_out(ada, bob, adapters, person, refused):
    """By an owner of the database, who can switch the guard off."""
    with refused("OperatorsOnly"):
        await bob("CheckAudit")
    await asyncio.gather(*(ada("SetRole", account_id=person.identity.account_id, role=pb.ROLE_USER) for _ in range(5)))
    sound = await ada("CheckAudit")
    assert (sound.first_broken, sound.entries >= 5) == (0, True)
    connection = await connect(adapters.database_url, "identity")
    await connection.execute("alter table audit disable trigger audit_append_only")
    victim = sound.entries - 2
    kept = await connection.fetchval("update audit set details = '{}' where number = $1 returning details", victim)
    assert kept == "{}"
    assert (await ada("CheckAudit")).first_broken == victim
    await connection.execute("""update audit set details = '{"role": "user"}' where number = $1""", victim)
    assert (await ada("CheckAudit")).first_broken == 0
    await connection.execute("alter table audit enable trigger audit_append_only")
    await connection.close()


@pytest.mark.parametrize(("at", "shown"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(at, shown):
    assert totp.code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at // 30) == shown


@given(st.integers(1000, 2**40), st.integers(-90, 90))
def test_a_clock_may_be_half_a_minute_wrong(now, wrong):
    secret = totp.new_secret()
    step = totp.matching_step(secret, totp.code_at(secret, (now + wrong) // 30), 0, now)
    if abs((now + wrong) // 30 - now // 30) <= 1:
        assert step is not None
