"""A pet's likeness lent and taken back, through the gateway: separate processes, real Kafka, Postgres and Triton."""

import io
import json
import time
from pathlib import Path
from uuid import uuid4

import grpc
import httpx
import pytest
from kinora.cameo.v1.cameo_service_pb2 import FindRemainsRequest
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora_cli import receipts
from kinora_kit import identity
from kinora_kit.identity import Identity
from kinora_testkit.network import eventually
from PIL import Image, ImageDraw

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())


class Person:
    """Somebody with an account and a key, who talks to the gateway alone."""

    def __init__(self, network, handle):
        self.handle = f"{handle}_{uuid4().hex[:8]}"
        operator = httpx.Client(base_url=network.url, headers={"authorization": f"Bearer {network.admin_key}"}, timeout=30)
        self.id = operator.post("/api/accounts", json={"handle": self.handle}).raise_for_status().json()["id"]
        wanted = {"account_id": self.id, "name": "test", "scopes": ["videos:read", "videos:write", "admin"]}
        secret = operator.post("/api/keys", json=wanted).raise_for_status().json()["secret"]
        self.http = httpx.Client(base_url=network.url, headers={"authorization": f"Bearer {secret}"}, timeout=30)

    def makes(self, cameo):
        """Half a second of the cameo, who waves and says hi."""
        maya, *others = SHORT["characters"]
        storyboard = {**SHORT, "characters": [{**maya, "handle": cameo["handle"]}, *others]}
        return self.http.post("/v1/videos", json={"prompt": "", "size": "1280x720", "storyboard": storyboard, "draft": True})

    def video(self, video_id):
        return self.http.get(f"/v1/videos/{video_id}").json()

    def ends(self, video_id, within=120):
        eventually(lambda: self.video(video_id)["status"] in {"completed", "failed"}, within=within, what="the video's end")
        return self.video(video_id)


@pytest.fixture(scope="module")
def cameo_service(network):
    """The cameo service itself, for what only operators ask of it."""
    with grpc.insecure_channel(f"127.0.0.1:{network.ports['cameo']}") as channel:
        yield CameoServiceStub(channel)


@pytest.fixture
def bob(network):
    return Person(network, "bob")


@pytest.fixture
def cleo(network):
    return Person(network, "cleo")


def a_toy_dog():
    """A brown shape before a pale wall, as PNG."""
    picture = Image.new("RGB", (480, 360), "#d8e0e8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 120, 360, 280), fill="#7a4a20")
    draw.ellipse((290, 70, 390, 170), fill="#8a5a30")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def cameo(bob):
    """bob's dog, enrolled from a picture."""
    png = {"content-type": "image/png"}
    started = bob.http.post("/api/cameos/things", params={"kind": "pet"}, content=a_toy_dog(), headers=png).raise_for_status().json()
    bob.http.put(f"/api/cameos/things/{started['id']}/cut", json={"box": [0.2, 0.15, 0.85, 0.85]}).raise_for_status()
    return bob.http.post(f"/api/cameos/things/{started['id']}", json={"name": "rex"}).raise_for_status().json()


def lend(bob, cleo, cameo, *, approved=True):
    bob.http.patch(f"/api/cameos/{cameo['id']}", json={"audience": "approved"}).raise_for_status()
    bob.http.put(f"/api/cameos/{cameo['id']}/people/{cleo.id}", json={"approved": approved}).raise_for_status()


def test_a_likeness_is_lent_by_approval_alone_and_its_receipt_proves_it_offline(network, bob, cleo, cameo, tmp_path):
    refused = cleo.makes(cameo)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["param"]) == (403, "cameo_not_for_you", "storyboard")
    lend(bob, cleo, cameo)
    video = cleo.ends(cleo.makes(cameo).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]
    (tmp_path / "film.mp4").write_bytes(cleo.http.get(f"/v1/videos/{video['id']}/content", follow_redirects=True).content)
    keys = httpx.get(f"{network.url}/.well-known/consent-receipt-keys.json").json()
    (receipt,) = receipts.verify(tmp_path / "film.mp4", keys)
    assert (receipt.cameo, receipt.grantee, receipt.video, receipt.basis) == (cameo["id"], cleo.id, video["id"], "approval")


def test_a_revocation_stops_a_job_within_two_seconds(bob, cleo, cameo):
    lend(bob, cleo, cameo)
    made = [cleo.makes(cameo).raise_for_status().json()["id"] for _ in range(3)]
    eventually(lambda: len(bob.http.get(f"/api/cameos/{cameo['id']}/videos").json()["data"]) == 3, within=10)
    began = time.monotonic()
    lend(bob, cleo, cameo, approved=False)
    last = cleo.ends(made[-1], within=10)
    assert time.monotonic() - began < 2
    assert (last["status"], last["error"]["code"]) == ("failed", "consent_revoked")


def test_a_withdrawn_likeness_is_gone_with_every_video(network, cameo_service, bob, cleo, cameo):
    lend(bob, cleo, cameo)
    video = cleo.ends(cleo.makes(cameo).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]
    seen = bob.http.get(f"/api/cameos/{cameo['id']}/videos/{video['id']}/content", follow_redirects=True)
    assert seen.content[4:8] == b"ftyp"
    gone = bob.http.delete(f"/api/cameos/{cameo['id']}", params={"remove_videos": True}).json()
    assert gone["videos_removed"] == 1
    eventually(lambda: cleo.http.get(f"/v1/videos/{video['id']}").status_code == 404, within=10, what="the removal")
    operator = identity.metadata(Identity("acct_ada", "operator", frozenset({"admin"})), network.secret.encode())
    eventually(lambda: not remains(cameo_service, cameo, operator).blobs, within=10)
    assert remains(cameo_service, cameo, operator).keys == 0
    assert cleo.makes(cameo).json()["error"]["code"] == "cameo_not_for_you"


def remains(cameo_service, cameo, operator):
    return cameo_service.FindRemains(FindRemainsRequest(cameo_id=cameo["id"]), metadata=operator)
