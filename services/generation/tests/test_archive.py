"""What our own services are told, to pack all of somebody's finished videos."""

import pytest
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user

PROVENANCE = Identity("provenance", "service")


async def pages(platform, who, account_id):
    after = ""
    while True:
        with remote_errors():
            request = pb.ListForArchiveRequest(account_id=account_id, after=after)
            page = await platform.stub.ListForArchive(request, metadata=as_user(who))
        yield list(page.videos)
        if not (after := page.next):
            return


async def test_finished_videos_are_told_page_by_page_with_their_files(ada, bob, platform):
    made = [(await ada.create()).id for _ in range(7)]
    await bob.create()
    done = "UPDATE videos SET state = 'completed', video_key = id || '/film', captions_key = id || '/captions' WHERE id <> :unfinished"
    await platform.sql(done, unfinished=made[6])
    found = [page async for page in pages(platform, PROVENANCE, "acct_ada")]
    assert [len(page) for page in found] == [5, 1]
    assert [each.video.id for page in found for each in page] == made[:6]
    assert (found[0][0].video_key, found[0][0].captions_key) == (f"{made[0]}/film", f"{made[0]}/captions")
    assert found[0][0].video.storyboard_json


async def test_nobody_else_is_told(ada, platform):
    with pytest.raises(RemoteError) as refused:
        _ = [page async for page in pages(platform, ada.who, "acct_ada")]
    assert refused.value.reason == "ServicesOnly"
