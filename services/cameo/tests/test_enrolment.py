import asyncio
import time

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora_cameo.domain import MAX_PACKAGE_BYTES


async def test_a_fresh_cameo_is_its_owners_alone(bob, cleo, enrol, told, refused):
    cameo = await enrol(bob)
    assert (cameo.handle, cameo.audience, cameo.account_id) == (f"@{bob.id[5:]}", pb.AUDIENCE_ONLY_ME, bob.id)
    assert cameo.only_me_until - time.time() == pytest.approx(24 * 3600, abs=60)
    assert (await bob("FindCameo", handle=cameo.handle)).mine
    with refused("CameoNotFound", "handle"):
        await cleo("FindCameo", handle=cameo.handle)
    assert await told(CameoEnrolled, cameo.id) == [CameoEnrolled(cameo_id=cameo.id, account_id=bob.id, handle=cameo.handle)]


async def test_a_fresh_cameo_stays_its_owners_alone_for_a_day_whatever_is_set(bob, cleo, enrol, refused):
    cameo = await enrol(bob)
    opened = (await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)).cameo
    assert "counts from only_me_until on" in opened.notes[0]
    with refused("CameoNotFound", "handle"):
        await cleo("FindCameo", handle=cameo.handle)


async def test_only_services_enrol(bob, operator, refused):
    for caller in (bob, operator):
        with refused("ServicesOnly"):
            await caller("EnrolCameo", account_id=caller.id, account_handle="bob", kind=1, session_id="s", package=b"x")


async def test_a_person_has_one_live_cameo(bob, enrol, refused):
    first = await enrol(bob)
    with refused("CameoExists", "name"):
        await enrol(bob)
    with refused("CameoExists", "account_id"):
        await enrol(bob, account_handle="renamed_" + bob.id[-8:])
    await bob("WithdrawCameo", cameo_id=first.id)
    assert (await enrol(bob)).handle == first.handle


async def test_ten_at_once_give_one_cameo(bob, enrol):
    made = await asyncio.gather(*(enrol(bob) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, pb.Cameo) for one in made) == 1


async def test_a_session_gives_one_cameo(bob, cleo, enrol, refused):
    await enrol(bob, session_id="live_once_" + bob.id[-8:])
    with refused("CameoExists", "session_id"):
        await enrol(cleo, session_id="live_once_" + bob.id[-8:])


async def test_a_repeated_request_enrols_once(bob, enrol):
    fields = {"request_id": "same", "session_id": "live_" + bob.id[-8:]}
    first, second = await enrol(bob, **fields), await enrol(bob, **fields)
    assert first == second
    assert len((await bob("ListCameos")).cameos) == 1


async def test_pets_and_things_go_by_their_owners_handle(bob, enrol):
    rex = await enrol(bob, kind=pb.CAMEO_KIND_PET, name="rex")
    mug = await enrol(bob, kind=pb.CAMEO_KIND_OBJECT, name="mug")
    assert [rex.handle, mug.handle] == [f"@{bob.id[5:]}.rex", f"@{bob.id[5:]}.mug"]
    assert [cameo.id for cameo in (await bob("ListCameos")).cameos] == [mug.id, rex.id]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"kind": 0}, "kind"),
        ({"kind": 9}, "kind"),
        ({"name": "rex"}, "name"),
        ({"kind": 2, "name": ""}, "name"),
        ({"kind": 2, "name": "Rex"}, "name"),
        ({"kind": 2, "name": "a.b"}, "name"),
        ({"kind": 2, "name": "x" * 20, "account_handle": "a" * 20}, "name"),
        ({"account_handle": "bob.rex"}, "account_handle"),
        ({"account_handle": ""}, "account_handle"),
        ({"account_id": ""}, "account_id"),
        ({"account_id": "../elsewhere"}, "account_id"),
        ({"session_id": "\0"}, "session_id"),
        ({"package": b""}, "package"),
        ({"package": bytes(MAX_PACKAGE_BYTES + 1)}, "package"),
    ],
)
async def test_bad_input_is_named(generation, fields, param, refused):
    defaults = {"account_id": "acct_x", "account_handle": "dora", "kind": 1, "session_id": "s", "package": b"x"}
    with refused("BadField", param):
        await generation("EnrolCameo", **defaults | fields)


@pytest.mark.parametrize("unknown", ["", "cameo_" + "0" * 32, "\0", "' or 1=1", "ä" * 10_000])
async def test_an_unknown_or_anothers_cameo_is_not_found(bob, cleo, enrol, unknown, refused):
    cameo = await enrol(bob)
    for rpc, fields in (
        ("GetCameo", {}),
        ("ChangeConsent", {}),
        ("ListPeople", {}),
        ("WithdrawCameo", {}),
        ("DecideOnPerson", {"account_id": "a"}),
    ):
        for cameo_id in (unknown, cameo.id):
            with refused("CameoNotFound", "cameo_id"):
                await cleo(rpc, cameo_id=cameo_id, **fields)


@pytest.mark.parametrize("unknown", ["", "@", "@nobody", "\0", "@' or 1=1", "@" + "x" * 10_000])
async def test_an_unknown_handle_is_not_found(bob, unknown, refused):
    with refused("CameoNotFound", "handle"):
        await bob("FindCameo", handle=unknown)
