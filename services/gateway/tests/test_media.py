"""Downloads: a redirect to a signed link, and byte ranges behind it."""

import asyncio

import httpx
import pytest
from kinora_media.store import MediaUnavailable

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")
SIZE = 10_240  # of the stand-in's files


@pytest.fixture
async def link(http, finished):
    """A signed link to a finished video; whoever has it may read."""
    return (await http.get(f"/v1/videos/{finished}/content")).headers["location"]


@pytest.fixture
async def anyone():
    async with httpx.AsyncClient(timeout=30) as client:  # a busy machine has been seen to need more than the usual five seconds
        yield client


@pytest.mark.parametrize(("variant", "content_type"), [("video", "video/mp4"), ("thumbnail", "image/webp"), ("spritesheet", "image/jpeg")])
async def test_the_sdk_downloads_three_variants(sdk, finished, variant, content_type):
    content = await sdk.videos.download_content(finished, variant=variant)
    assert len(content.content) == SIZE
    assert content.response.headers["content-type"] == content_type


async def test_the_redirect_is_not_kept(http, finished):
    reply = await http.get(f"/v1/videos/{finished}/content")
    assert (reply.status_code, reply.headers["cache-control"]) == (302, "no-store")


async def test_captions_are_text(http, finished):
    direct = await http.get(f"/v1/videos/{finished}/captions")
    linked = await http.get(f"/v1/videos/{finished}/content?variant=captions", follow_redirects=True)
    assert direct.text.startswith("WEBVTT")
    assert direct.headers["content-type"] == "text/vtt; charset=utf-8"
    assert linked.content == direct.content


async def test_a_whole_file(anyone, link):
    reply = await anyone.get(link)
    assert (reply.status_code, reply.headers["content-type"], len(reply.content)) == (200, "video/mp4", SIZE)
    assert (reply.headers["accept-ranges"], reply.headers["content-length"]) == ("bytes", str(SIZE))
    assert reply.headers["content-disposition"].endswith("%20%C3%A4.mp4")
    assert reply.headers["cache-control"].startswith("private, max-age=")
    assert reply.headers["cache-control"].endswith(", immutable")


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-0", 0, 0), ("100-199", 100, 199), ("10000-", 10_000, SIZE - 1), ("-5", SIZE - 5, SIZE - 1), ("10000-99999", 10_000, SIZE - 1)],
)
async def test_a_part_of_a_file(anyone, link, wanted, first, last):
    whole = (await anyone.get(link)).content
    reply = await anyone.get(link, headers={"range": f"bytes={wanted}"})
    assert (reply.status_code, reply.headers["content-range"]) == (206, f"bytes {first}-{last}/{SIZE}")
    assert reply.content == whole[first : last + 1]


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=-0", "bytes=99999-100000"])
async def test_a_part_outside_the_file_is_refused(anyone, link, wanted):
    reply = await anyone.get(link, headers={"range": wanted})
    assert (reply.status_code, reply.headers["content-range"]) == (416, f"bytes */{SIZE}")
    assert reply.json()["error"]["code"] == "range_not_satisfiable"


@pytest.mark.parametrize("wanted", ["bytes=5-1", "bytes=a-b", "frames=0-1", "bytes=0-1,5-6", "bytes=-"])
async def test_a_range_that_is_none_gets_the_whole_file(anyone, link, wanted):
    assert (await anyone.get(link, headers={"range": wanted})).status_code == 200


async def test_a_range_of_an_older_version_gets_the_whole_file(anyone, link):
    etag = (await anyone.get(link)).headers["etag"]
    assert (await anyone.get(link, headers={"range": "bytes=0-1", "if-range": etag})).status_code == 206
    assert (await anyone.get(link, headers={"range": "bytes=0-1", "if-range": '"older"'})).status_code == 200


async def test_a_known_version_is_not_sent_again(anyone, link):
    etag = (await anyone.get(link)).headers["etag"]
    reply = await anyone.get(link, headers={"if-none-match": f'"other", W/{etag}'})
    assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", etag)


async def test_the_size_can_be_asked_alone(anyone, link):
    reply = await anyone.head(link, headers={"range": "bytes=0-1"})
    assert (reply.status_code, reply.headers["content-length"], reply.content) == (200, str(SIZE), b"")


async def test_a_forged_link_is_refused(anyone, link):
    for forged in (link[:-2] + "AA", link + "x", link.rsplit("/", 1)[0] + "/x"):
        reply = await anyone.get(forged)
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "invalid_link")


async def test_a_link_expires(world, anyone, link):
    old = world.served.adapters.media.sign("videos/v/a/video.mp4", ttl_s=-1, content_type="video/mp4")
    assert (await anyone.get(old)).status_code == 403


async def test_a_deleted_file_is_gone(world, anyone, link):
    await world.served.adapters.media.delete("videos/v/a/video.mp4")
    assert (await anyone.get(link)).json()["error"]["code"] == "media_not_found"


async def test_many_read_at_once(anyone, link):
    replies = await asyncio.gather(*(anyone.get(link, headers={"range": f"bytes={n}-"}) for n in range(20)))
    assert [len(reply.content) for reply in replies] == [SIZE - n for n in range(20)]


async def test_a_store_that_does_not_answer_is_said_to_be_away_for_now(anyone, link, world, monkeypatch):
    async def away(key):
        raise MediaUnavailable(f"nobody answers for {key}")

    monkeypatch.setattr(world.served.adapters.media, "head", away)
    reply = await anyone.get(link)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
    assert reply.json()["error"]["code"] == "unavailable"
    assert "nobody answers" not in reply.text
