"""The owner's settings, as another person meets them."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoConsentChanged
from kinora_kit.errors import RemoteError


@pytest.fixture
def change(bob):
    async def changed(cameo, **fields):
        return (await bob("ChangeConsent", cameo_id=cameo.id, **fields)).cameo

    return changed


async def may_find(who, cameo):
    try:
        return (await who("FindCameo", handle=cameo.handle)).cameo_id == cameo.id
    except RemoteError as error:
        if error.reason != "CameoNotFound":
            raise
        return False


async def may_use(who, cameo, video):
    try:
        await video(who, cameo).asks(pb.STAGE_SUBMIT)
    except RemoteError as error:
        if error.reason != "CameoNotForYou":
            raise
        return False
    return True


async def test_the_owner_opens_and_closes_it_at_any_time(bob, cleo, enrol_old, change, told):
    cameo = await enrol_old(bob)
    for audience, open_to_all in ((pb.AUDIENCE_EVERYONE, True), (pb.AUDIENCE_APPROVED, False), (pb.AUDIENCE_ONLY_ME, False)):
        await change(cameo, audience=audience)
        assert await may_find(cleo, cameo) == open_to_all
    assert len(await told(CameoConsentChanged, cameo.id)) == 3


async def test_an_approved_person_may_and_a_refused_one_may_not_again(bob, cleo, enrol_old, change):
    cameo = await enrol_old(bob)
    await change(cameo, audience=pb.AUDIENCE_APPROVED)
    for approved in (True, False, True):
        person = (await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=approved)).person
        assert (person.account_id, person.approved) == (cleo.id, approved)
        assert await may_find(cleo, cameo) == approved
    assert [person.account_id for person in (await bob("ListPeople", cameo_id=cameo.id)).people] == [cleo.id]


async def test_a_refused_person_stays_refused_when_everyone_may(bob, cleo, enrol_old, change):
    cameo = await enrol_old(bob)
    await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=False)
    await change(cameo, audience=pb.AUDIENCE_EVERYONE)
    assert not await may_find(cleo, cameo)


async def test_mutuals_are_nobody_yet_and_it_says_so(bob, cleo, enrol_old, change):
    cameo = await enrol_old(bob)
    changed = await change(cameo, audience=pb.AUDIENCE_MUTUALS)
    assert "mutuals are nobody for now" in changed.notes[0]
    assert not await may_find(cleo, cameo)


async def test_what_is_not_named_stays(bob, enrol_old, change):
    cameo = await enrol_old(bob)
    await change(cameo, audience=pb.AUDIENCE_EVERYONE, strict=True, limits=pb.Limits(texts=[" no politics "]))
    same = await change(cameo)
    assert (same.audience, same.strict, list(same.limits)) == (pb.AUDIENCE_EVERYONE, True, ["no politics"])
    assert "cannot be checked" in same.notes[0]
    cleared = await change(cameo, strict=False, limits=pb.Limits())
    assert (cleared.strict, list(cleared.limits)) == (False, [])


@pytest.mark.parametrize("kind", [pb.CAMEO_KIND_PERSON, pb.CAMEO_KIND_PET, pb.CAMEO_KIND_OBJECT])
@pytest.mark.parametrize(
    ("audience", "approved", "allowed"),
    [
        (pb.AUDIENCE_ONLY_ME, None, False),
        (pb.AUDIENCE_ONLY_ME, True, False),
        (pb.AUDIENCE_APPROVED, None, False),
        (pb.AUDIENCE_APPROVED, True, True),
        (pb.AUDIENCE_APPROVED, False, False),
        (pb.AUDIENCE_MUTUALS, None, False),
        (pb.AUDIENCE_MUTUALS, True, True),
        (pb.AUDIENCE_EVERYONE, None, True),
        (pb.AUDIENCE_EVERYONE, False, False),
    ],
)
async def test_anothers_pet_or_object_is_used_by_consent_as_a_face_is(
    bob, cleo, enrol_old, change, video, kind, audience, approved, allowed
):
    cameo = await enrol_old(bob, kind=kind, name="" if kind == pb.CAMEO_KIND_PERSON else "rex")
    await change(cameo, audience=audience)
    if approved is not None:
        await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=approved)
    assert await may_find(cleo, cameo) == await may_use(cleo, cameo, video) == allowed


@pytest.mark.parametrize(
    ("rpc", "fields", "param"),
    [
        ("ChangeConsent", {"audience": 9}, "audience"),
        ("ChangeConsent", {"limits": pb.Limits(texts=["x"] * 11)}, "limits"),
        ("ChangeConsent", {"limits": pb.Limits(texts=["x" * 201])}, "limits"),
        ("ChangeConsent", {"limits": pb.Limits(texts=[" "])}, "limits"),
        ("ChangeConsent", {"limits": pb.Limits(texts=["a\0b"])}, "limits"),
        ("DecideOnPerson", {"account_id": ""}, "account_id"),
        ("DecideOnPerson", {"account_id": "\0"}, "account_id"),
    ],
)
async def test_bad_input_is_named(bob, enrol, rpc, fields, param, refused):
    cameo = await enrol(bob)
    with refused("BadField", param):
        await bob(rpc, cameo_id=cameo.id, **fields)


async def test_nobody_approves_themselves(bob, enrol, refused):
    cameo = await enrol(bob)
    with refused("BadField", "account_id"):
        await bob("DecideOnPerson", cameo_id=cameo.id, account_id=bob.id, approved=True)
