"""A backup brings back what was taken back since; its facts, told again, take it back once more."""

from uuid import uuid4

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoConsentChanged, CameoUseRevoked, CameoVideoRemoved, CameoWithdrawn


async def audience(owner, cameo):
    return (await owner("GetCameo", cameo_id=cameo.id)).cameo.audience


async def test_a_cameo_is_withdrawn_again(bob, enrol, operator, tell, told, eventually):
    cameo = await enrol(bob)
    await tell(CameoWithdrawn(cameo_id=cameo.id, account_id=bob.id), cameo.id)

    async def withdrawn():
        return (await bob("GetCameo", cameo_id=cameo.id)).cameo.withdrawn_at

    assert await eventually(withdrawn)
    assert (await operator("FindRemains", cameo_id=cameo.id)).keys == 0
    assert await told(CameoWithdrawn, cameo.id) == []


async def test_a_cameo_whose_consent_changed_is_its_owners_alone_until_they_say_anew(bob, enrol_old, tell, eventually):
    cameo = await enrol_old(bob)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    unknown = CameoConsentChanged(cameo_id=cameo.id, account_id=bob.id, grant_id=f"grant_{uuid4().hex}")
    await tell(unknown, cameo.id)

    async def closed():
        return await audience(bob, cameo) == pb.AUDIENCE_ONLY_ME

    await eventually(closed)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    await tell(unknown, cameo.id)
    await tell(CameoWithdrawn(cameo_id=(other := await enrol_old(bob, kind=pb.CAMEO_KIND_PET, name="rex")).id), cameo.id)

    async def heard():
        return (await bob("GetCameo", cameo_id=other.id)).cameo.withdrawn_at

    await eventually(heard)
    assert await audience(bob, cameo) == pb.AUDIENCE_EVERYONE


async def test_a_change_of_consent_that_is_known_here_closes_nothing(bob, enrol_old, sql, told, eventually):
    cameo = await enrol_old(bob)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    (change,) = await told(CameoConsentChanged, cameo.id)

    async def heard():
        statement = (
            "select 1 from inbox i join outbox o using (event_id) where i.consumer = 'cameo' and o.key = :id and o.type like '%Changed'"
        )
        return await sql(statement, id=cameo.id)

    await eventually(heard)
    assert change.grant_id
    assert await audience(bob, cameo) == pb.AUDIENCE_EVERYONE


async def test_a_use_that_was_revoked_or_removed_is_so_again(bob, cleo, enrol_old, video, sql, tell, eventually):
    cameo = await enrol_old(bob)
    await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)
    made = await video(cleo, cameo).rendered()
    await tell(CameoUseRevoked(video_id=made.id, cameo_id=cameo.id), made.id)
    await tell(CameoVideoRemoved(video_id=made.id, cameo_id=cameo.id), made.id)

    async def marked():
        return await sql("select 1 from uses where video_id = :id and revoked_at is not null and removed_at is not null", id=made.id)

    await eventually(marked)
