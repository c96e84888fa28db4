"""Everything of somebody's, in one file."""

import asyncio
import io
import json
from zipfile import ZipFile

from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit.db import connect
from kinora_provenance import signing


async def opened_zip(studio, archive):
    return ZipFile(io.BytesIO(await studio.media.get(archive.key)))


async def test_an_archive_has_every_film_with_what_belongs_to_it(studio, present_bob, cleo, tmp_path):
    first = await studio.as_(present_bob).film("tall", prompt='A fox says "Hello, <b>you</b>!"')
    await studio.as_(present_bob).film("tall", prompt="")
    await studio.as_(cleo).film("tall")
    made = await studio.as_(present_bob).archived()
    with await opened_zip(studio, made) as archive:
        assert archive.testzip() is None
        index = json.loads(archive.read("index.json"))["videos"]
        folder = index[0]["folder"]
        assert (made.videos, len(index), index[0]["video_id"]) == (2, 2, first)
        assert sorted(name.rpartition("/")[2] for name in archive.namelist() if name.startswith(folder)) == [
            "captions.vtt", "facts.json", "film.mp4", "manifest.c2pa", "storyboard.json", "thumbnail.webp",
        ]  # fmt: skip
        assert json.loads(archive.read(f"{folder}/facts.json"))["prompt"] == 'A fox says "Hello, <b>you</b>!"'
        assert "&lt;b&gt;you" in archive.read("index.html").decode()
        (tmp_path / "film.mp4").write_bytes(archive.read(f"{folder}/film.mp4"))
    assert signing.verify(tmp_path / "film.mp4", studio.anchors).state == "Trusted"


async def test_only_a_person_who_stepped_up_gets_an_archive(studio, bob, present_bob):
    assert (await studio.as_(bob).refused(studio.as_(bob).archive())).reason == "StepUpNeeded"
    assert (await studio.as_(present_bob).refused(studio.as_(present_bob).newest_archive())).reason == "ArchiveNotFound"
    await studio.as_(present_bob).archived()
    assert (await studio.as_(bob).newest_archive()).key == ""
    assert (await studio.as_(present_bob).newest_archive()).key


async def test_one_archive_is_made_at_a_time_and_an_older_one_goes(opened, present_bob, monkeypatch):
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "0")
    async with opened() as studio:
        first, second = [await studio.as_(present_bob).archive() for _ in range(2)]
        assert first.id == second.id
    monkeypatch.setenv("PROVENANCE_PARALLEL_EXPORTS", "1")
    async with opened() as studio:
        made = await studio.as_(present_bob).archived()
        again = await studio.as_(present_bob).archived()
        assert made.id != again.id
        await gone(studio, made.key)


async def test_an_archive_without_videos_says_so(studio, present_bob):
    made = await studio.as_(present_bob).archived()
    with await opened_zip(studio, made) as archive:
        assert (made.videos, json.loads(archive.read("index.json"))) == (0, {"videos": []})


async def test_a_video_that_was_deleted_is_in_no_archive(studio, present_bob):
    video_id = await studio.as_(present_bob).film("tall")
    made = await studio.as_(present_bob).archived()
    await studio.tell(VideoDeleted(video_id=video_id, account_id=present_bob.account_id), video_id)
    await gone(studio, made.key)
    assert (await studio.as_(present_bob).refused(studio.as_(present_bob).newest_archive())).reason == "ArchiveNotFound"


async def test_an_archive_is_kept_for_a_day(studio, present_bob, database_url):
    made = await studio.as_(present_bob).archived()
    assert 86_300 < made.expires_at - made.created_at < 86_500
    connection = await connect(database_url, "provenance")
    await connection.execute("update archives set expires_at = now()")
    await connection.close()
    await gone(studio, made.key)


async def test_an_erased_accounts_archive_goes(studio, present_bob):
    made = await studio.as_(present_bob).archived()
    await studio.tell(AccountErased(account_id=present_bob.account_id), present_bob.account_id)
    await gone(studio, made.key)
    assert made.key not in await studio.media.list("archives")


async def gone(studio, key):
    async with asyncio.timeout(10):
        while key in await studio.media.list("archives"):  # noqa: ASYNC110 - a file tells nobody that it went
            await asyncio.sleep(0.05)
