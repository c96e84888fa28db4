"""What a bucket does beyond what every store does (test_store.py), on a real S3 server."""

import asyncio
import os
from datetime import timedelta

import httpx
import pytest
from kinora_cli.state import free_port
from kinora_media.store import MediaMissing, MediaStore, MediaUnavailable

pytestmark = pytest.mark.slow
FILM = os.urandom(20_000_000)


@pytest.fixture
def opened(bucket):
    def open_with(url=bucket, **options):
        return MediaStore.open(url, signing_secret=b"s" * 32, public_url="https://kinora.example", **options)

    return open_with


@pytest.fixture
def media(opened):
    return opened()


async def test_a_film_of_20_megabytes_goes_up_in_parts_and_comes_down_whole(media, tmp_path):
    (tmp_path / "film.mp4").write_bytes(FILM)
    await media.put("videos/v1/raw.mp4", tmp_path / "film.mp4", content_type="video/mp4")
    assert (await media.head("videos/v1/raw.mp4")).size == len(FILM)
    assert await media.get("videos/v1/raw.mp4") == FILM
    assert b"".join([chunk async for chunk in media.stream("videos/v1/raw.mp4", 9_999_990, 15_000_010)]) == FILM[9_999_990:15_000_010]


async def test_the_type_is_kept_whatever_the_key_is_called_and_goes_with_a_copy(media):
    await media.put("uploads/a/b", b"%PNG", content_type="image/png")
    await media.copy("uploads/a/b", "cameos/a/source")
    assert (await media.head("cameos/a/source")).content_type == "image/png"


async def test_a_changed_object_has_another_etag_and_an_equal_one_the_same(media):
    tags = []
    for data in (b"one", b"two", b"one"):
        await media.put("a", data, content_type="text/plain")
        tags.append((await media.head("a")).etag)
    assert tags[0] == tags[2] != tags[1]


async def test_more_keys_than_a_page_of_a_listing_are_listed_and_deleted(media):
    keys = {f"passes/p{n:04}" for n in range(1_050)}
    for key in keys:
        media.put_now(key, b"", content_type="text/plain")
    assert set(await media.list("passes")) == keys
    await media.delete_prefix("passes")
    assert await media.list("passes") == []


async def test_a_signed_link_serves_that_object_with_ranges_for_a_while_and_no_other(media):
    for key in ("mine.mp4", "yours.mp4"):
        await media.put(key, b"0123456789", content_type="video/mp4")
    link = media.sign("mine.mp4", ttl_s=60, content_type="video/mp4")
    async with httpx.AsyncClient() as client:
        part = await client.get(link, headers={"range": "bytes=2-4"})
        assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"234", "video/mp4")
        assert (await client.get(link.replace("mine", "yours"))).status_code == 403
        assert (await client.put(link, content=b"overwritten")).status_code == 403
        brief = media.sign("mine.mp4", ttl_s=1, content_type="video/mp4")
        await asyncio.sleep(2.1)
        assert (await client.get(brief)).status_code == 403


async def test_a_bucket_that_clients_cannot_reach_is_served_by_the_gateway(opened):
    link = opened(delivery="gateway").sign("a.mp4", ttl_s=60, content_type="video/mp4")
    assert link.startswith("https://kinora.example/media/")
    assert opened().open_token(link.rpartition("/")[2]).key == "a.mp4"


async def test_a_server_that_restarts_is_waited_for(media, objects):
    objects.kill()
    putting = asyncio.create_task(media.put("a", b"late", content_type="text/plain"))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(objects.start)
    await putting
    assert await media.get("a") == b"late"


async def test_what_is_wrong_with_a_store_is_said_in_one_line(opened, bucket, monkeypatch, tmp_path):
    with pytest.raises(MediaUnavailable, match=r"NoSuchBucket.*does not exist"):
        await opened("s3://nobody-made-this/x").put("a", b"", content_type="text/plain")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    for verb in (lambda m: m.get("a"), lambda m: m.fetch("a", tmp_path / "a"), lambda m: m.list("a"), lambda m: m.delete("a")):
        with pytest.raises(MediaUnavailable, match="SignatureDoesNotMatch") as told:
            await verb(opened())
        assert "\n" not in str(told.value)
    monkeypatch.setattr("kinora_media.store._PATIENCE", timedelta(seconds=0.5))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(MediaUnavailable, match="error sending request"):
        await opened().head("a")


async def test_deleting_what_nobody_put_is_fine_and_reading_it_names_it(media):
    await media.delete("never/there")
    with pytest.raises(MediaMissing, match="never/there"):
        await media.head("never/there")
