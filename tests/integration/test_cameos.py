"""A pet's likeness lent and taken back, through the gateway: separate processes, real Kafka, Postgres and Triton."""

import json
import time
from pathlib import Path

import grpc
import httpx
import pytest
from kinora.cameo.v1.cameo_service_pb2 import FindRemainsRequest
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora_cli import receipts
from kinora_kit import identity
from kinora_kit.identity import Identity
from kinora_testkit.network import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())


@pytest.fixture(scope="module")
def cameo_service(network):
    """The cameo service itself, for what only operators ask of it."""
    with grpc.insecure_channel(f"127.0.0.1:{network.ports['cameo']}") as channel:
        yield CameoServiceStub(channel)


@pytest.fixture
def cameo(bob):
    """bob's dog, enrolled from a picture."""
    return bob.enrols_a_dog()


def asks_for(person, cameo):
    """Half a second of the cameo, who waves and says hi."""
    maya, *others = SHORT["characters"]
    storyboard = {**SHORT, "characters": [{**maya, "handle": cameo["handle"]}, *others]}
    return person.http.post("/v1/videos", json={"prompt": "", "size": "1280x720", "storyboard": storyboard, "draft": True})


def test_a_likeness_is_lent_by_approval_alone_and_its_receipt_proves_it_offline(network, bob, cleo, cameo, tmp_path):
    refused = asks_for(cleo, cameo)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["param"]) == (403, "cameo_not_for_you", "storyboard")
    bob.lends(cameo, cleo)
    video = cleo.ends(asks_for(cleo, cameo).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]
    (tmp_path / "film.mp4").write_bytes(cleo.http.get(f"/v1/videos/{video['id']}/content", follow_redirects=True).content)
    keys = httpx.get(f"{network.url}/.well-known/consent-receipt-keys.json").json()
    (receipt,) = receipts.verify(tmp_path / "film.mp4", keys)
    assert (receipt.cameo, receipt.grantee, receipt.video, receipt.basis) == (cameo["id"], cleo.id, video["id"], "approval")


def test_a_revocation_stops_a_job_within_two_seconds(bob, cleo, cameo):
    bob.lends(cameo, cleo)
    made = [asks_for(cleo, cameo).raise_for_status().json()["id"] for _ in range(3)]
    eventually(lambda: len(bob.http.get(f"/api/cameos/{cameo['id']}/videos").json()["data"]) == 3, within=30)
    began = time.monotonic()
    bob.lends(cameo, cleo, approved=False)
    last = cleo.ends(made[-1], within=10)
    assert time.monotonic() - began < 2
    assert (last["status"], last["error"]["code"]) == ("failed", "consent_revoked")


def test_a_withdrawn_likeness_is_gone_with_every_video(network, cameo_service, bob, cleo, cameo):
    bob.lends(cameo, cleo)
    video = cleo.ends(asks_for(cleo, cameo).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]
    seen = bob.http.get(f"/api/cameos/{cameo['id']}/videos/{video['id']}/content", follow_redirects=True)
    assert seen.content[4:8] == b"ftyp"
    gone = bob.http.delete(f"/api/cameos/{cameo['id']}", params={"remove_videos": True}).json()
    assert gone["videos_removed"] == 1
    eventually(lambda: cleo.http.get(f"/v1/videos/{video['id']}").status_code == 404, within=10, what="the removal")
    operator = identity.metadata(Identity("acct_ada", "operator", frozenset({"admin"})), network.secret.encode())
    eventually(lambda: not remains(cameo_service, cameo, operator).blobs, within=10)
    assert remains(cameo_service, cameo, operator).keys == 0
    assert asks_for(cleo, cameo).json()["error"]["code"] == "cameo_not_for_you"


def remains(cameo_service, cameo, operator):
    return cameo_service.FindRemains(FindRemainsRequest(cameo_id=cameo["id"]), metadata=operator)
