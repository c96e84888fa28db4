"""What owners see of their likeness, and may do about it."""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoUseRevoked, CameoVideoRemoved, CameoVideoReported
from kinora.generation.v1.events_pb2 import VideoCompleted
from kinora_kit.errors import RemoteError


@pytest.fixture
async def mine(bob, enrol_old):
    """bob's, which everyone may use."""
    cameo = await enrol_old(bob)
    return (await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)).cameo


@pytest.fixture
def finished(video, eventually):
    async def make(maker, cameo):
        shown = await video(maker, cameo).rendered()
        await shown.says(VideoCompleted(video_id=shown.id, account_id=maker.id, video_key=f"videos/{shown.id}/a/video.mp4"))

        async def completed():
            return [use for use in await shown.uses() if use.stage == "completed"]

        await eventually(completed)
        return shown

    return make


async def states(owner, cameo, **page):
    return {use.video_id: use.state for use in (await owner("ListUses", cameo_id=cameo.id, **page)).uses}


async def test_the_owner_sees_every_video_others_drafts_included(bob, cleo, mine, video, finished):
    draft, done, own = video(cleo, mine), await finished(cleo, mine), video(bob, mine)
    await draft.queued()
    await own.queued()
    seen = await states(bob, mine)
    assert seen == {draft.id: pb.USE_STATE_QUEUED, done.id: pb.USE_STATE_COMPLETED, own.id: pb.USE_STATE_QUEUED}
    uses = {use.video_id: use for use in (await bob("ListUses", cameo_id=mine.id)).uses}
    assert (uses[draft.id].user_account_id, uses[draft.id].receipt, uses[done.id].receipt.count(".")) == (cleo.id, "", 2)


async def test_the_list_has_pages(bob, mine, video):
    made = sorted([await asked_for(video(bob, mine)) for _ in range(5)], reverse=True)
    first = await bob("ListUses", cameo_id=mine.id, limit=3)
    rest = await bob("ListUses", cameo_id=mine.id, limit=3, after=first.uses[-1].video_id)
    assert ([use.video_id for page in (first, rest) for use in page.uses], first.has_more, rest.has_more) == (made, True, False)


async def asked_for(video):
    await video.queued()
    return video.id


async def test_the_owner_watches_what_is_finished_and_nothing_before(bob, cleo, mine, video, finished, refused):
    done, draft = await finished(cleo, mine), video(cleo, mine)
    await draft.queued()
    assert (await bob("GetUseContent", cameo_id=mine.id, video_id=done.id)).key == f"videos/{done.id}/a/video.mp4"
    with refused("UseNotFinished", "video_id"):
        await bob("GetUseContent", cameo_id=mine.id, video_id=draft.id)


async def test_the_owner_has_any_of_them_deleted(bob, cleo, mine, video, finished, told, refused):
    done, draft = await finished(cleo, mine), video(cleo, mine)
    await draft.queued()
    for one in (done, draft):
        await bob("RemoveUse", cameo_id=mine.id, video_id=one.id)
        await bob("RemoveUse", cameo_id=mine.id, video_id=one.id)
        assert await told(CameoVideoRemoved, one.id) == [CameoVideoRemoved(video_id=one.id, cameo_id=mine.id)]
    assert set((await states(bob, mine)).values()) == {pb.USE_STATE_ENDING}
    with refused("ConsentRevoked"):
        await draft.asks(pb.STAGE_DISPATCH)


async def test_a_report_is_kept_and_told(bob, cleo, mine, finished, told, sql):
    done = await finished(cleo, mine)
    report_id = (await bob("ReportUse", cameo_id=mine.id, video_id=done.id, text=" It mocks me. ")).report_id
    (event,) = await told(CameoVideoReported, done.id)
    assert (event.report_id, event.cameo_id, event.text) == (report_id, mine.id, "It mocks me.")
    assert [row.words for row in await sql("select words from reports where id = :id", id=report_id)] == ["It mocks me."]


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "a\0b"])
async def test_a_report_says_something(bob, mine, finished, text, refused):
    done = await finished(bob, mine)
    with refused("BadField", "text"):
        await bob("ReportUse", cameo_id=mine.id, video_id=done.id, text=text)


@pytest.mark.parametrize("unknown", ["", "video_" + "0" * 32, "\0", "' or 1=1"])
async def test_an_unknown_video_is_not_found(bob, mine, unknown, refused):
    for rpc, fields in (("GetUseContent", {}), ("RemoveUse", {}), ("ReportUse", {"text": "x"})):
        with refused("UseNotFound", "video_id"):
            await bob(rpc, cameo_id=mine.id, video_id=unknown, **fields)


async def test_nobody_else_oversees_it(cleo, operator, mine, finished, refused):
    done = await finished(cleo, mine)
    for rpc, fields in (("ListUses", {}), ("GetUseContent", {"video_id": done.id}), ("RemoveUse", {"video_id": done.id})):
        for caller in (cleo, operator):
            with refused("CameoNotFound", "cameo_id"):
                await caller(rpc, cameo_id=mine.id, **fields)


@pytest.mark.parametrize(("fields", "param"), [({"limit": 101}, "limit"), ({"after": "\0"}, "after")])
async def test_bad_pages_are_named(bob, mine, fields, param, refused):
    with refused("BadField", param):
        await bob("ListUses", cameo_id=mine.id, **fields)


@pytest.mark.parametrize("remove", [False, True])
async def test_withdrawing_stops_jobs_and_removes_finished_videos_on_choice(bob, cleo, mine, video, finished, told, remove):
    done, draft = await finished(cleo, mine), video(cleo, mine)
    await draft.queued()
    gone = await bob("WithdrawCameo", cameo_id=mine.id, remove_videos=remove)
    assert gone.videos_removed == len(await told(CameoVideoRemoved, done.id)) == int(remove)
    assert len(await told(CameoUseRevoked, draft.id)) == 1
    assert (await states(bob, mine)).keys() == {done.id, draft.id}


async def test_the_videos_of_a_withdrawn_cameo_can_still_be_removed_later(bob, cleo, mine, finished, told):
    one, other = await finished(cleo, mine), await finished(cleo, mine)
    await bob("WithdrawCameo", cameo_id=mine.id)
    await bob("RemoveUse", cameo_id=mine.id, video_id=one.id)
    assert (await bob("WithdrawCameo", cameo_id=mine.id, remove_videos=True)).videos_removed == 1
    assert len(await told(CameoVideoRemoved, other.id)) == 1


async def test_a_likeness_that_was_withdrawn_opens_for_nobody(bob, generation, mine, video):
    asked = video(bob, mine)
    await asked.queued()
    await asked.asks(pb.STAGE_DISPATCH)
    await bob("WithdrawCameo", cameo_id=mine.id)
    with pytest.raises(RemoteError, match="consent has ended"):
        await generation("OpenLikeness", video_id=asked.id, cameo_id=mine.id)
