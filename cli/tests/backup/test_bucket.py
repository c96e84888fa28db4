"""Backups in a bucket of their own, beside media in another one: real S3."""

import pytest
from kinora_cli.backup import making, manifest
from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.platform import Platform
from kinora_cli.backup.store import open_store, open_target
from kinora_testkit.objects import BUCKET

pytestmark = pytest.mark.slow


@pytest.fixture
def in_bucket(world, objects, monkeypatch, tmp_path):
    """The world with its media in one folder of the bucket and its backups, by variables of their own, in another."""
    for name, value in objects.environment.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(f"KINORA_BACKUP_{name}", value)
    prefix = f"s3://{BUCKET}/{tmp_path.name}"
    world.live = Platform(world.live.database_url, open_store(f"{prefix}/media"))
    world.restored = Platform(world.restored.database_url, open_store(f"{prefix}/restored"))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong: not the one of the backups")
    world.target = open_target(f"{prefix}/backups")
    return world


async def test_a_platform_in_a_bucket_comes_back(in_bucket):
    film = b"film" * 12_000_000  # in several parts
    await put(in_bucket.live.media, "videos/a/film.mp4", film)
    await put(in_bucket.live.media, "videos/b/film.mp4", b"short")
    made = (await in_bucket.backs_up()).manifest
    await making.verify(in_bucket.target, made, deep=True)
    assert (await in_bucket.restores()).copied == 2
    back = await in_bucket.restored.media.get_async("videos/a/film.mp4")
    assert (bytes(await back.bytes_async()), back.attributes["Content-Type"]) == (film, "video/mp4")


async def test_in_a_bucket_too_what_was_deleted_goes_with_its_last_backup(in_bucket):
    await put(in_bucket.live.media, "videos/a/film.mp4", b"gone soon")
    first = (await in_bucket.backs_up()).manifest
    await in_bucket.live.media.delete_async("videos/a/film.mp4")
    await in_bucket.tick()
    assert (await in_bucket.backs_up(keep=1)).dropped == 1
    assert [one.id for one in manifest.complete(in_bucket.target)] != [first.id]
    with pytest.raises(BackupFailed, match=f"no backup {first.id} here"):
        manifest.choose(in_bucket.target, first.id)


async def put(store, key, data):
    await store.put_async(key, data, attributes={"Content-Type": "video/mp4"})
