"""What is wrong is said, with the field's name; nothing is queued, nothing leaks."""

import io
import zlib

import httpx
import pytest
from kinora_testkit.network import Network
from PIL import Image

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def api(network: Network):
    with httpx.Client(base_url=f"{network.url}/v1", headers={"Authorization": f"Bearer {network.admin_key}"}) as client:
        before = client.get("/videos").json()
        yield client
        assert client.get("/videos").json() == before, "something was queued"


def _png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "png")
    return buffer.getvalue()


def _bomb() -> bytes:
    """A valid header that claims 30,000 x 30,000 pixels."""
    head = bytearray(_png(8, 8))
    head[16:24] = (30_000).to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    return bytes(head)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 40_000}, "prompt"),
        ({}, "prompt"),
        ({"prompt": "hello", "model": "nothing-9"}, "model"),
        ({"prompt": "hello", "size": "640x480"}, "size"),
        ({"prompt": "hello", "seconds": "7"}, "seconds"),
        ({"prompt": "hello", "seed": -1}, "seed"),
        ({"prompt": "hello", "storyboard": {"shots": []}}, "storyboard"),
        ({"prompt": "hello", "storyboard": {"version": "1", "shots": [{"duration": 1, "place": "atlantis"}]}}, "storyboard"),
        ({"prompt": "hello", "colour": "red"}, "colour"),
    ],
)
def test_a_bad_field_is_named(api, body, param):
    reply = api.post("/videos", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == param


@pytest.mark.parametrize(
    "image", [b"not a picture", _png(8, 8), _bomb(), _png(1280, 720)[:200]], ids=["text", "wrong size", "bomb", "truncated"]
)
def test_a_bad_picture_is_refused(api, image):
    reply = api.post("/videos", data={"prompt": "hello", "size": "1280x720"}, files={"input_reference": ("a.png", image, "image/png")})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "input_reference")


def test_a_malformed_form_is_refused(api):
    reply = api.post("/videos", content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"})
    assert reply.status_code == 400


def test_a_wrong_key_is_refused(network: Network):
    reply = httpx.get(f"{network.url}/v1/videos", headers={"Authorization": "Bearer kn_wrong"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "invalid_api_key")


def test_an_unknown_video_is_not_found(api):
    assert api.get("/videos/video_0190000000007000800000000000dead").status_code == 404


def test_someone_elses_video_is_not_found(network: Network, finished, api):
    opened = httpx.post(f"{network.url}/api/accounts", json={"handle": "bob"}, headers=dict(api.headers)).json()
    key = httpx.post(
        f"{network.url}/api/keys",
        json={"account_id": opened["id"], "name": "bob", "scopes": ["videos:read", "videos:write"]},
        headers=dict(api.headers),
    ).json()
    for method, path in [("GET", ""), ("GET", "/content"), ("DELETE", ""), ("POST", "/cancel"), ("GET", "/events"), ("GET", "/captions")]:
        reply = httpx.request(method, f"{network.url}/v1/videos/{finished.id}{path}", headers={"Authorization": f"Bearer {key['secret']}"})
        assert reply.status_code == 404, (method, path)
