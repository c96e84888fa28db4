"""Backed up, wiped and restored."""

import os

import pytest
from kinora_cli.backup import making, manifest, media
from kinora_cli.backup.errors import BackupFailed


async def test_what_was_backed_up_comes_back(world):
    world.puts("videos/video_1/a/video.mp4", b"film" * 1000)
    world.puts("uploads/a/picture.png", b"png")
    await world.backs_up()
    done = await world.restores()
    assert [row[0] for row in await world.sql("select handle from identity.accounts", platform=world.restored)] == ["ada"]
    assert world.media("restored") == world.media("live")
    assert (done.copied, done.unknown) == (2, 0)


async def test_a_second_backup_copies_only_what_is_new(world):
    world.puts("videos/a.mp4", b"first")
    assert (await world.backs_up()).copied == 1
    world.puts("videos/b.mp4", b"second")
    await world.tick()
    made = await world.backs_up()
    assert (made.copied, made.manifest.media_objects) == (1, 2)


async def test_what_is_written_again_under_its_key_is_copied_again(world):
    path = world.puts("videos/a.mp4", b"first")
    await world.backs_up()
    path.write_bytes(b"other")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
    await world.tick()
    assert (await world.backs_up()).copied == 1
    await world.restores()
    assert world.media("restored") == {"videos/a.mp4": b"other"}


async def test_what_was_deleted_goes_from_the_backups_with_the_last_one_that_had_it(world):
    path = world.puts("videos/a.mp4", b"gone soon")
    await world.backs_up()
    path.unlink()
    await world.tick()
    assert (await world.backs_up(keep=2)).dropped == 0
    await world.tick()
    assert (await world.backs_up(keep=2)).dropped == 1
    assert not [name for name in world.media("backups") if name.endswith("a.mp4")]
    assert len(manifest.complete(world.target)) == 2


async def test_files_that_were_promised_to_be_gone_soon_are_not_kept(world):
    world.puts("checks/somebody/clip.mp4", b"looked at")
    world.puts("liveness/acct/session/clip", b"a face")
    assert (await world.backs_up()).manifest.media_objects == 0


async def test_what_is_deleted_while_it_is_backed_up_is_left_out(world, monkeypatch):
    world.puts("videos/a.mp4", b"stays")
    gone = world.puts("videos/b.mp4", b"goes")
    listed = media.listed

    def then_it_goes(store, prefix=""):
        found = listed(store, prefix)
        if "videos/b.mp4" in found:
            gone.unlink()
        return found

    monkeypatch.setattr(media, "listed", then_it_goes)
    assert (await world.backs_up()).manifest.media_objects == 1
    assert [one.key for one in media.read_list(world.target, manifest.choose(world.target))] == ["videos/a.mp4"]


async def test_an_earlier_backup_can_be_asked_for(world):
    first = (await world.backs_up()).manifest.id
    await world.sql("insert into identity.accounts values ('bob')")
    await world.tick()
    await world.backs_up()
    await world.restores(at=first)
    assert len(await world.sql("select 1 from identity.accounts", platform=world.restored)) == 1


async def test_a_database_that_is_not_empty_is_left_alone(world):
    await world.backs_up()
    await world.sql("create table precious (x int)", platform=world.restored)
    with pytest.raises(BackupFailed, match=r"not empty: it has 1 tables \(public.precious"):
        await world.restores()


async def test_an_incomplete_backup_is_not_restored(world):
    made = (await world.backs_up()).manifest
    (world.folder / "backups" / "backups" / made.id / "manifest.json").unlink()
    with pytest.raises(BackupFailed, match=f"{made.id} is incomplete"):
        await world.restores(at=made.id)
    with pytest.raises(BackupFailed, match="no complete backup"):
        await world.restores()


@pytest.mark.parametrize(("file", "told"), [("database.dump", "not what was written"), ("media.jsonl.gz", "damaged or changed")])
async def test_a_backup_that_was_changed_is_not_restored(world, file, told):
    world.puts("videos/a.mp4", b"film")
    made = (await world.backs_up()).manifest
    path = world.folder / "backups" / "backups" / made.id / file
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupFailed, match=told):
        await world.restores()


async def test_media_that_were_lost_or_changed_are_found(world):
    world.puts("videos/a.mp4", b"film")
    made = (await world.backs_up()).manifest
    kept = world.folder / "backups" / "media" / "videos" / "a.mp4"
    kept.write_bytes(b"flim")
    await making.verify(world.target, made)
    with pytest.raises(BackupFailed, match="is not what was backed up"):
        await making.verify(world.target, made, deep=True)
    for _ in range(2):
        with pytest.raises(BackupFailed, match="is not what was backed up"):
            await world.restores()
    assert world.media("restored") == {}
    kept.unlink()
    with pytest.raises(BackupFailed, match=r"1 media objects .* gone"):
        await making.verify(world.target, made)


async def test_a_dump_that_fails_leaves_no_backup(world, monkeypatch):
    monkeypatch.setattr("kinora_cli.backup.postgres.connection_environment", lambda _: {"PGHOST": "127.0.0.1", "PGPORT": "9"})
    with pytest.raises(BackupFailed, match="pg_dump failed"):
        await world.backs_up()
    assert manifest.complete(world.target) == []


async def test_two_backups_at_once_are_refused(world):
    async with making._alone(world.live.database_url):
        with pytest.raises(BackupFailed, match="Another backup"):
            await world.backs_up()
