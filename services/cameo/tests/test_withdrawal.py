import asyncio

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoWithdrawn


async def remains(operator, **of):
    return await operator("FindRemains", **of)


def blobs(number, operator, **of):
    async def left():
        return (await remains(operator, **of)).blobs == number

    return left


async def test_withdrawing_destroys_key_and_package(bob, enrol, operator, told, eventually):
    cameo = await enrol(bob)
    before = await remains(operator, cameo_id=cameo.id)
    assert (before.keys, before.blobs) == (1, 1)
    gone = (await bob("WithdrawCameo", cameo_id=cameo.id)).cameo
    assert (gone.handle, gone.withdrawn_at > 0) == ("", True)
    assert (await remains(operator, cameo_id=cameo.id)).keys == 0
    await eventually(blobs(0, operator, cameo_id=cameo.id))
    assert await told(CameoWithdrawn, cameo.id) == [CameoWithdrawn(cameo_id=cameo.id, account_id=bob.id)]


async def test_what_stays_of_a_withdrawn_cameo_has_no_people_and_no_handle(bob, cleo, enrol, operator, sql):
    cameo = await enrol(bob)
    await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=True)
    await bob("ChangeConsent", cameo_id=cameo.id, limits=pb.Limits(texts=["no politics"]))
    await bob("WithdrawCameo", cameo_id=cameo.id)
    assert (await remains(operator, cameo_id=cameo.id)).rows.keys() == {"cameos", "consent_log", "enrolments"}
    assert (await sql("select limits from cameos where id = :id", id=cameo.id))[0].limits == []


async def test_withdrawing_again_changes_nothing(bob, enrol):
    cameo = await enrol(bob)
    first, second = [await bob("WithdrawCameo", cameo_id=cameo.id) for _ in range(2)]
    assert first == second


async def test_a_withdrawn_cameo_cannot_be_managed_or_found(bob, enrol, refused):
    cameo = await enrol(bob)
    await bob("WithdrawCameo", cameo_id=cameo.id)
    with refused("CameoWithdrawn", "cameo_id"):
        await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    with refused("CameoNotFound", "handle"):
        await bob("FindCameo", handle=cameo.handle)


async def test_a_refused_enrolment_leaves_its_package_to_the_sweep(bob, enrol, operator, sql, eventually):
    await asyncio.gather(*(enrol(bob) for _ in range(5)), return_exceptions=True)
    await sql("update discarded set due = now()")
    await eventually(blobs(1, operator, account_id=bob.id))


async def test_only_operators_look_for_remains(bob, generation, refused):
    for caller in (bob, generation):
        with refused("OperatorsOnly"):
            await caller("FindRemains", account_id=bob.id)
