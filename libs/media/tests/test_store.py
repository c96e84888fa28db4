from datetime import timedelta

import pytest
from kinora_media.store import MediaMissing, MediaStore, check_key


async def test_what_was_put_can_be_got(media):
    await media.put("videos/v1/a1/thumbnail.webp", b"picture", content_type="image/webp")
    assert await media.get("videos/v1/a1/thumbnail.webp") == media.get_now("videos/v1/a1/thumbnail.webp") == b"picture"
    assert (await media.head("videos/v1/a1/thumbnail.webp")).content_type == "image/webp"


async def test_a_file_is_stored_and_fetched_whole(media, tmp_path):
    (tmp_path / "in").write_bytes(bytes(range(256)) * 40_000)
    media.put_now("uploads/a/b", tmp_path / "in", content_type="image/png")
    await media.fetch("uploads/a/b", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "in").read_bytes()


@pytest.mark.parametrize(("start", "end"), [(0, None), (0, 1), (1, 3), (999_999, None), (300_000, 900_001), (5, 5)])
async def test_any_range_can_be_streamed(media, start, end):
    data = bytes(range(250)) * 4000
    media.put_now("a.mp4", data, content_type="video/mp4")
    assert b"".join([chunk async for chunk in media.stream("a.mp4", start, end)]) == data[start:end]


async def test_a_second_put_replaces_the_first(media):
    for data in (b"one", b"two"):
        await media.put("a", data, content_type="text/plain")
    assert await media.get("a") == b"two"


async def test_deleting_is_repeatable_and_a_folder_goes_whole(media):
    for key in ("videos/v1/a/x.mp4", "videos/v1/b/x.mp4", "videos/v12/x.mp4"):
        media.put_now(key, b"-", content_type="video/mp4")
    await media.delete_prefix("videos/v1")
    await media.delete("videos/v1/a/x.mp4")
    with pytest.raises(MediaMissing):
        await media.head("videos/v1/b/x.mp4")
    assert (await media.head("videos/v12/x.mp4")).size == 1


async def test_a_copy_lies_beside_the_first(media):
    await media.put("uploads/a/dog.jpg", b"dog", content_type="image/jpeg")
    await media.copy("uploads/a/dog.jpg", "cameos/a/source.jpg")
    await media.delete("uploads/a/dog.jpg")
    assert await media.get("cameos/a/source.jpg") == b"dog"


async def test_what_is_missing_is_named(media, tmp_path):
    with pytest.raises(MediaMissing):
        await media.copy("nothing/here", "x")
    with pytest.raises(MediaMissing, match="nothing/here"):
        await media.get("nothing/here")
    with pytest.raises(MediaMissing):
        await media.fetch("nothing/here", tmp_path / "x")
    with pytest.raises(MediaMissing):
        [chunk async for chunk in media.stream("nothing/here")]


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "a/.hidden", "a b", "ä", "a\n", "a\0", "x" * 513])
async def test_a_malformed_key_is_refused(media, key):
    with pytest.raises(ValueError, match="no media key"):
        await media.put(key, b"", content_type="text/plain")
    with pytest.raises(ValueError, match="no media key"):
        check_key(key)


@pytest.mark.parametrize("url", ["", "ftp://x", "file:relative", "file://host/x", "s3://", "/folder"])
def test_an_unknown_kind_of_store_is_refused(url):
    with pytest.raises(ValueError, match="no media store"):
        MediaStore.open(url, signing_secret=b"", public_url="")


def test_a_bucket_signs_its_own_urls_unless_the_file_is_to_be_named(monkeypatch):
    for name, value in {"ACCESS_KEY_ID": "id", "SECRET_ACCESS_KEY": "secret", "REGION": "eu-west-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    bucket = MediaStore.open("s3://films/kinora", signing_secret=b"s", public_url="https://kinora.example")
    plain = bucket.sign("a.mp4", ttl_s=60, content_type="video/mp4")
    named = bucket.sign("a.mp4", ttl_s=60, content_type="video/mp4", filename="My film.mp4")
    assert "films/kinora/a.mp4" in plain
    assert "X-Amz-Signature" in plain
    assert named.startswith("https://kinora.example/media/")


async def test_what_is_old_is_found_by_its_folder(media):
    for key in ("uploads/a/one", "uploads/b/two", "videos/three"):
        await media.put(key, b"x", content_type="text/plain")
    assert sorted([key async for key in media.older("uploads", timedelta(0))]) == ["uploads/a/one", "uploads/b/two"]
    assert [key async for key in media.older("uploads", timedelta(hours=1))] == []
