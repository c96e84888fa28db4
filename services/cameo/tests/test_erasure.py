"""An erased account leaves nothing behind: no row, no key, no package, no name in other people's lists."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoUseRevoked, CameoVideoRemoved
from kinora.identity.v1.events_pb2 import AccountErased

TABLES = (
    "cameos",
    "packages",
    "people",
    "consent_log",
    "ties",
    "uses",
    "past_uses",
    "reports",
    "things",
    "enrolments",
    "replies",
    "discarded",
    "outbox",
)


@pytest.fixture
def erase(tell, operator, eventually):
    async def erased(who):
        await tell(AccountErased(account_id=who.id), who.id)

        async def nothing_left():
            left = await operator("FindRemains", account_id=who.id)
            return not (left.rows or left.keys or left.blobs)

        await eventually(nothing_left)

    return erased


@pytest.fixture
async def lent(bob, cleo, enrol_old):
    """bob's, which cleo may use."""
    cameo = await enrol_old(bob)
    await bob("DecideOnPerson", cameo_id=cameo.id, account_id=cleo.id, approved=True)
    return (await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_APPROVED)).cameo


async def dump(sql):
    return str([await sql("table " + name) for name in TABLES])


async def test_an_erased_owner_leaves_nothing_and_takes_every_video_along(bob, cleo, lent, video, erase, sql, told):
    shown = await video(cleo, lent).rendered()
    await bob("ReportUse", cameo_id=lent.id, video_id=shown.id, text="It mocks me.")
    await erase(bob)
    rest = await dump(sql)
    assert bob.id not in rest
    assert [event.video_id for event in await told(CameoVideoRemoved, shown.id)] == [shown.id]


async def test_an_erased_friend_is_named_nowhere_and_the_cameo_stays(bob, cleo, lent, video, erase, sql, refused):
    await video(cleo, lent).queued()
    await sql("insert into ties values (:cleo, :bob, true, false)", cleo=cleo.id, bob=bob.id)
    await erase(cleo)
    assert cleo.id not in await dump(sql)
    assert (await bob("GetCameo", cameo_id=lent.id)).cameo.id == lent.id


async def test_a_video_queued_while_the_owner_was_erased_is_stopped(cleo, bob, lent, video, erase, told, eventually):
    late = video(cleo, lent)
    await late.asks(pb.STAGE_SUBMIT)
    await erase(bob)
    await late.tells_of_its_queueing()
    assert [event.cameo_id for event in await eventually(lambda: told(CameoUseRevoked, late.id))] == [lent.id]


async def test_pets_and_what_is_in_the_making_go_with_their_owner(bob, enrol, start, box, erase, sql):
    await enrol(bob, pb.CAMEO_KIND_PET, name="rex")
    await bob("CutThing", thing_id=await start(bob), **box)
    await erase(bob)
    assert bob.id not in await dump(sql)


async def test_who_is_erased_while_their_clip_is_looked_at_leaves_nothing(bob, enrol, identities, likeness, erase, sql):
    async def erased():
        identities.erased.add(bob.id)
        await erase(bob)

    likeness.meanwhile["liveness/live_erased.webm"] = erased
    await enrol(bob, session_id="live_erased")
    assert [row for row in await sql("table cameos") if row.account_id == bob.id] == []
    await erase(bob)
    assert bob.id not in await dump(sql)


async def test_what_is_in_the_making_is_counted(bob, start, box, operator):
    await bob("CutThing", thing_id=await start(bob), **box)
    left = await operator("FindRemains", account_id=bob.id)
    assert (left.rows["things"], left.keys, left.blobs) == (1, 1, 2)


async def test_a_stranger_is_erased_without_a_trace_or_an_error(cleo, erase, operator, sql):
    await erase(cleo)
    assert not (await operator("FindRemains", account_id=cleo.id)).keys
    assert cleo.id not in await dump(sql)


async def test_the_sweep_finds_what_is_there(bob, lent, operator):
    left = await operator("FindRemains", account_id=bob.id)
    assert (left.keys, left.blobs, left.rows["cameos"], left.rows["replies"] >= 3) == (1, 1, 1, True)
