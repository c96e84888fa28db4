"""An erased account leaves neither videos nor files nor rows."""

from uuid import uuid4

from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_generation.ids import new_video_id
from kinora_kit.events import Outgoing


async def erase(platform, account_id):
    event = AccountErased(account_id=account_id)
    name, package = event.DESCRIPTOR.full_name, event.DESCRIPTOR.file.package
    await platform.events.publish([Outgoing(str(uuid4()), package, name, account_id, event.SerializeToString())])


async def test_an_erased_account_leaves_neither_videos_nor_files_nor_rows(ada, bob, platform, make_engine, work, eventually):
    made = await ada.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    key = await platform.seal(made.id)
    await ada.becomes(made.id, pb.VIDEO_STATUS_COMPLETED)
    upload = "uploads/acct_ada/picture.png"
    await platform.media.put(upload, b"png", content_type="image/png")
    await ada.create()
    await ada.delete((await ada.create()).id)
    others = await bob.create()
    await erase(platform, "acct_ada")
    for gone in (key, upload):
        await eventually(lambda gone=gone: platform.gone(gone))
    kept = [(table, "account_id") for table in ("videos", "shares", "pool_shares", "ledger")]
    for table, column in (*kept, ("replies", "caller")):
        assert await platform.sql(f"SELECT 1 FROM {table} WHERE {column} = 'acct_ada'") == []  # noqa: S608 - our own names
    assert sorted(event.account_erased for event in await platform.published(events_pb2.VideoDeleted)) == [False, True, True]
    assert (await bob.get(others.id)).status == pb.VIDEO_STATUS_QUEUED


async def test_a_deleted_video_that_a_backup_brought_back_goes_again(ada, bob, platform, make_engine, work, eventually):
    made, others = await ada.create(), await bob.create()
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    key = await platform.seal(made.id)
    await ada.becomes(made.id, pb.VIDEO_STATUS_COMPLETED)
    await platform.tell(events_pb2.VideoDeleted(video_id=made.id, account_id="acct_ada"))
    await eventually(lambda: platform.gone(key))
    assert (await ada.refused(ada.get(made.id))).reason == "NoSuchVideo"
    assert await platform.published(events_pb2.VideoDeleted) == []
    assert (await bob.get(others.id)).id == others.id


async def test_files_of_a_deleted_video_that_the_backup_does_not_know_go_too(platform, eventually):
    key = f"videos/{(video := new_video_id())}/1/video.mp4"
    await platform.media.put(key, b"film", content_type="video/mp4")
    await platform.tell(events_pb2.VideoDeleted(video_id=video, account_id="acct_ada"))
    await eventually(lambda: platform.gone(key))
