"""What strangers ask tells them nothing about others, and stands in nobody's way."""

import json
from uuid import uuid4

import pytest
from kinora_kit.errors import RemoteError

PASSWORD = "three wombats under a lamp"


async def said(call):
    """What a refusal says: its reason, its words and the field at fault."""
    with pytest.raises(RemoteError) as refused:
        await call
    return refused.value.reason, refused.value.message, refused.value.param


def somebody(**changes):
    name = f"eve_{uuid4().hex[:12]}"
    return {"handle": name, "email": f"{name}@example.org", "birth_date": "1990-05-17", "password": PASSWORD} | changes


def answered(gateway, user_code, consent):
    return gateway("AnswerDevice", user_code=user_code, allow=True, consent=consent)


async def test_a_used_invite_a_held_one_and_one_that_never_was_sound_alike(ada, gateway, mailbox):
    used, held = [invite.code for invite in (await ada("GrantInvites", count=2)).invites]
    first = somebody()
    await gateway("SignUp", **first, invite_code=used)
    await gateway("ConfirmSignUp", token=await mailbox.token(first["email"]))
    await gateway("SignUp", **somebody(), invite_code=held)
    answers = {await said(gateway("SignUp", **somebody(), invite_code=code)) for code in (used, held, "AAAAA-AAAAA")}
    assert len(answers) == 1


async def test_a_guess_at_an_invite_says_nothing_of_the_address(gateway, person):
    taken, fresh = [await said(gateway("SignUp", **somebody(**with_address))) for with_address in ({"email": person.email}, {})]
    assert taken == fresh


async def test_a_taken_handle_does_not_tell_whose_address_it_has(ada, gateway, person):
    code = (await ada("GrantInvites", count=1)).invites[0].code
    wanted = [somebody(handle=person.handle, email=email) for email in (person.email, "nobody@example.org")]
    assert len({await said(gateway("SignUp", **each, invite_code=code)) for each in wanted}) == 1


async def test_a_device_code_that_was_answered_and_one_that_never_was_sound_alike(gateway, person):
    started = await gateway("StartDevice", client_id="kinora-cli")
    consent = {"email": person.email, "password": PASSWORD, "origin": {"network": f"net {person.handle}"}}
    await answered(gateway, started.user_code, consent)
    answers = {
        await said(gateway("AnswerDevice", user_code=code, allow=True, consent=consent)) for code in (started.user_code, "BBBB-BBBB")
    }
    assert len(answers) == 1


async def test_a_wrong_password_says_nothing_of_the_device_code(gateway, person):
    started = await gateway("StartDevice", client_id="kinora-cli")
    consent = {"email": person.email, "password": "wrong", "origin": {"network": f"net {uuid4().hex}"}}
    answers = {
        await said(gateway("AnswerDevice", user_code=code, allow=True, consent=consent)) for code in (started.user_code, "BBBB-BBBB")
    }
    assert {reason for reason, *_ in answers} == {"SignInRefused"}
    assert len(answers) == 1


async def test_options_to_sign_in_by_passkey_name_nobodys_passkeys(gateway):
    first, second = [json.loads((await gateway("AskForPasskey")).options_json) for _ in range(2)]
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second
    assert not first.get("allowCredentials")


async def test_links_that_never_were_and_used_ones_sound_alike(gateway, mailbox, person):
    await gateway("ForgetPassword", email=person.email)
    token = await mailbox.token(person.email, subject="Set a new")
    await gateway("ResetPassword", token=token, password=PASSWORD)
    assert len({await said(gateway("ResetPassword", token=each, password=PASSWORD)) for each in (token, "km_nothing")}) == 1


async def test_a_thief_who_guesses_at_step_up_does_not_slow_the_owner_down(gateway, person):
    async def session(network):
        return (await gateway("SignIn", email=person.email, password=PASSWORD, origin={"network": network})).tokens.session_id

    thief, owner = person.in_session(await session("theirs")), person.in_session(await session("ours"))
    reasons = [(await said(thief("StepUp", password="wrong", origin={"network": "theirs"})))[0] for _ in range(7)]
    assert reasons[-1] == "TooManyTries"
    assert (await owner("StepUp", password=PASSWORD, origin={"network": "ours"})).until
