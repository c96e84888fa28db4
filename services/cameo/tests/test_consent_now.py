"""Somebody holds a copy of a video: how does the consent to the likenesses in it stand now?"""

import pytest
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.generation.v1.events_pb2 import VideoCompleted, VideoDeleted
from kinora.identity.v1.events_pb2 import AccountErased

GIVEN, WITHDRAWN, REMOVED = (
    pb.VideoConsent.STATE_GIVEN,
    pb.VideoConsent.STATE_WITHDRAWN,
    pb.VideoConsent.STATE_REMOVED,
)


@pytest.fixture
def states(generation):
    async def found(video_id):
        return [(c.handle, c.state) for c in (await generation("GetVideoConsent", video_id=video_id)).consents]

    return found


@pytest.fixture
async def lent(bob, enrol_old):
    """bob's, which everyone may use."""
    cameo = await enrol_old(bob)
    return (await bob("ChangeConsent", cameo_id=cameo.id, audience=pb.AUDIENCE_EVERYONE)).cameo


@pytest.fixture
async def shown(cleo, lent, video):
    """cleo's finished video with it."""
    made = await video(cleo, lent).rendered()
    await made.says(VideoCompleted(video_id=made.id, account_id=cleo.id, video_key="videos/v/a/video.mp4"))
    return made


async def test_it_holds_while_the_owner_lets_it(lent, shown, states):
    assert await states(shown.id) == [(lent.handle, GIVEN)]


async def test_a_withdrawn_likeness_says_so_at_once_under_the_name_on_its_receipt(bob, lent, shown, states):
    await bob("WithdrawCameo", cameo_id=lent.id)
    assert await states(shown.id) == [(lent.handle, WITHDRAWN)]


async def test_so_does_one_that_the_maker_may_use_no_more(bob, cleo, lent, shown, states):
    await bob("DecideOnPerson", cameo_id=lent.id, account_id=cleo.id, approved=False)
    assert await states(shown.id) == [(lent.handle, WITHDRAWN)]


async def test_a_removed_video_says_so_at_once_and_when_it_is_gone(bob, lent, shown, states, eventually):
    await bob("RemoveUse", cameo_id=lent.id, video_id=shown.id)
    assert await states(shown.id) == [(lent.handle, REMOVED)]
    await shown.says(VideoDeleted(video_id=shown.id))
    await eventually(lambda: gone(shown))
    assert await states(shown.id) == [(lent.handle, REMOVED)]


async def test_of_a_video_that_its_maker_deleted_consent_is_still_known(bob, lent, shown, states, eventually):
    await shown.says(VideoDeleted(video_id=shown.id))
    await eventually(lambda: gone(shown))
    assert await states(shown.id) == [(lent.handle, GIVEN)]
    await bob("WithdrawCameo", cameo_id=lent.id)
    assert await states(shown.id) == [(lent.handle, WITHDRAWN)]


async def test_an_erased_owner_leaves_that_it_was_removed_and_no_name(bob, shown, states, tell, eventually):
    await tell(AccountErased(account_id=bob.id), bob.id)
    await eventually(lambda: gone(shown))
    assert await states(shown.id) == [("", REMOVED)]


async def test_an_erased_maker_leaves_nothing(cleo, shown, states, tell, eventually):
    await shown.says(VideoDeleted(video_id=shown.id))
    await tell(AccountErased(account_id=cleo.id), cleo.id)

    async def forgotten():
        return not await states(shown.id)

    assert await eventually(forgotten)


async def test_a_video_without_likenesses_has_none(states):
    assert await states("video_of_nobody") == []


async def test_only_services_ask(bob, operator, refused):
    for caller in (bob, operator):
        with refused("ServicesOnly"):
            await caller("GetVideoConsent", video_id="video_1")


async def gone(shown):
    return not await shown.uses()
