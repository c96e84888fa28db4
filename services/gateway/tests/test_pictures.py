"""The picture that a video opens on."""

import base64
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


def _data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def _bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises a picture and whose data is a short run of zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_the_sdk_sends_a_picture(world, sdk, picture, kind):
    await sdk.videos.create(prompt="a", size="64x36", input_reference=picture(64, 36, kind), extra_body={})
    key = world.generation.asked[0].first_frame_key
    assert key.startswith("uploads/acct_bob/")
    assert Image.open(BytesIO(await world.served.adapters.media.get(key))).size == (64, 36)


async def test_a_data_url_does_as_well(world, http, sdk, picture):
    url = {"image_url": _data_url(picture(64, 36))}
    await http.post("/v1/videos", json={"prompt": "a", "size": "64x36", "input_reference": url})
    await sdk.videos.create(prompt="a", size="64x36", extra_body={"input_reference": url})
    one, two = world.generation.asked
    assert one.first_frame_key == two.first_frame_key != ""


async def test_an_empty_part_beside_an_object_is_passed_over(world, http, picture):
    files = [("prompt", (None, "a")), ("size", (None, "64x36")), ("input_reference", ("upload", b""))]
    await http.post("/v1/videos", files=[*files, ("input_reference[image_url]", (None, _data_url(picture(64, 36))))])
    assert world.generation.asked[0].first_frame_key


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"not a picture", "no JPEG, PNG or WebP"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "broken"),
        (_bomb(5_000, 5_000), "5000x5000"),
        (_bomb(30_000, 30_000), "too much memory"),
        (_bomb(64, 36), "broken"),
    ],
    ids=["text", "empty", "noise", "large", "bomb", "cut off"],
)
async def test_a_bad_picture_is_refused(world, http, data, says):
    form = {"data": {"prompt": "a", "size": "64x36"}, "files": {"input_reference": ("a.png", data, "image/png")}}
    error = (await http.post("/v1/videos", **form)).json()["error"]
    assert (error["param"], error["code"]) == ("input_reference", "invalid_image")
    assert says in error["message"]
    assert world.generation.asked == []


async def test_a_picture_of_another_shape_is_cropped(world, http, picture):
    await http.post("/v1/videos", data={"prompt": "a", "size": "36x64"}, files={"input_reference": picture(64, 36)})
    stored = await world.served.adapters.media.get(world.generation.asked[0].first_frame_key)
    assert Image.open(BytesIO(stored)).size == (36, 64)


async def test_a_picture_that_is_too_small_says_what_would_do(http, picture):
    reply = await http.post("/v1/videos", data={"prompt": "a"}, files={"input_reference": picture(64, 36)})
    assert "64x36" in reply.json()["error"]["message"]
    assert "at least 90x160" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    "reference",
    [
        {"file_id": "file_1"},
        {"image_url": "https://example.com/a.png"},
        {"image_url": "http://169.254.169.254/"},
        {"image_url": "data:image/png,abc"},
        {"image_url": "data:image/png;base64,???"},
        {"image_url": "x" * 20_971_521},
        {"colour": "red"},
        {},
        "file_1",
        7,
    ],
)
async def test_another_reference_is_refused(http, reference):
    reply = await http.post("/v1/videos", json={"prompt": "a", "size": "64x36", "input_reference": reference})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "input_reference")


async def test_a_refused_request_leaves_no_picture_behind(world, http, picture, tmp_path):
    form = {"data": {"prompt": "a", "model": "nothing-9", "size": "64x36"}, "files": {"input_reference": picture(64, 36)}}
    assert (await http.post("/v1/videos", **form)).status_code == 400
    assert list(tmp_path.rglob("*.png")) == []
