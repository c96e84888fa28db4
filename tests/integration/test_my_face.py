"""One face, from the invite to its last trace: everything a person does with it, through the gateway alone."""

import asyncio
import io
import json
import threading
import time
from pathlib import Path

import av
import httpx
import pytest
from kinora_cli import receipts
from kinora_faces.matching import distance
from kinora_faces.mesh import FaceMesh
from kinora_faces.recogniser import face_vector
from kinora_testkit import remains
from kinora_testkit.enrolment import Camera, Take
from kinora_testkit.enrolment.people import picture
from kinora_testkit.network import eventually
from websockets.sync.client import connect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SAME = 0.6  # at most so far apart are the vectors of one face
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())


def test_a_face_is_lent_by_approval_seen_in_the_film_proved_by_its_receipt_and_taken_back(
    network, bob, cleo, postgres_url, media_dir, tmp_path
):
    cameo = enrols(bob, Take(seed=5, person="grace", voice="en-us+m3", fps=12))
    assert cameo["handle"] == f"@{bob.handle}"

    assert asks_for(cleo, cameo).json()["error"]["code"] == "cameo_not_for_you"
    bob.lends(cameo, cleo)
    video = cleo.ends(asks_for(cleo, cameo).raise_for_status().json()["id"])
    assert video["status"] == "completed", video["error"]

    film = cleo.http.get(f"/v1/videos/{video['id']}/content", follow_redirects=True).raise_for_status().content
    (tmp_path / "film.mp4").write_bytes(film)
    looks_like(film, "grace", other="eileen")
    proves(network, tmp_path / "film.mp4", cameo, cleo, video)

    queued = [asks_for(cleo, cameo).raise_for_status().json()["id"] for _ in range(3)]
    eventually(lambda: len(bob.does("GET", f"/api/cameos/{cameo['id']}/videos")["data"]) == 4, within=20, what="the uses")
    began = time.monotonic()
    bob.lends(cameo, cleo, approved=False)
    stopped = cleo.ends(queued[-1], within=10)
    assert time.monotonic() - began < 2
    assert (stopped["status"], stopped["error"]["code"]) == ("failed", "consent_revoked")

    assert kept(postgres_url, cameo) >= {"cameo.packages.cameo_id"}
    assert bob.http.delete(f"/api/cameos/{cameo['id']}", params={"remove_videos": True}).raise_for_status().json()["videos_removed"] == 1
    eventually(lambda: cleo.http.get(f"/v1/videos/{video['id']}").status_code == 404, within=20, what="the removal")
    eventually(lambda: not remains.in_folder(media_dir, [cameo["id"], bob.id, video["id"]]), within=20, what="no file in the store")
    assert not {place for place in kept(postgres_url, cameo) if place.startswith("cameo.packages")}  # nor the key that lay there
    assert cleo.http.get(f"/api/cameos/by-handle/@{bob.handle}").status_code == 404
    assert asks_for(cleo, cameo).json()["error"]["code"] == "cameo_not_for_you"


def enrols(person, take):
    """A live session, and another where the answer is to try again, as a person would; then the cameo of it."""
    for _ in range(3):
        session = sits_before_the_camera(person, person.does("POST", "/api/liveness", language="en"), take)
        path = f"/api/liveness/{session['id']}"
        eventually(lambda path=path: person.does("GET", path)["state"] != "analysing", within=180, what="the verdict")
        told = person.does("GET", path)
        if told["state"] == "approved":
            return person.http.post("/api/cameos", json={"session_id": session["id"], "voice": True}, timeout=120).raise_for_status().json()
    raise AssertionError(told["reasons"])


def sits_before_the_camera(person, session, take):
    """What is asked is done as it is asked, and filmed meanwhile. The session as it stands after the last byte."""
    camera, last = Camera(take), {}
    url = person.network.url.replace("http", "ws", 1) + f"/api/liveness/{session['id']}/capture"

    def hears(socket):
        for text in socket:
            last.update(json.loads(text))
            if prompt := last.pop("prompt", None):
                camera.ask(word=prompt["word"] or "", move=prompt["move"] or "")
            else:
                camera.stop()

    with connect(url, additional_headers={"authorization": person.http.headers["authorization"]}) as socket:
        ear = threading.Thread(target=hears, args=(socket,))
        ear.start()
        for chunk in camera.chunks():
            socket.send(chunk)
        socket.send(json.dumps({"done": True}))
        ear.join(30)
    return last["session"]


def asks_for(person, cameo):
    """Half a second of that face alone, near and at rest."""
    shot = {"duration": 0.5, "place": "office", "camera": {"framing": "close"}, "marks": [{"character": "maya"}]}
    storyboard = {**SHORT, "characters": [{**SHORT["characters"][0], "handle": cameo["handle"]}], "shots": [shot]}
    return person.http.post("/v1/videos", json={"prompt": "", "size": "1280x720", "storyboard": storyboard})


def looks_like(film, name, *, other):
    """The matcher says so of every fourth picture."""
    with av.open(io.BytesIO(film)) as container, FaceMesh(still=True) as mesh:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)][2::4]
        seen = [face_vector(frame, mesh.find(frame)[0]) for frame in frames]
        own, others = (face_vector(picture(person), mesh.find(picture(person))[0]) for person in (name, other))
    assert seen
    assert max(distance(face, own) for face in seen) <= SAME
    assert all(distance(face, own) < distance(face, others) for face in seen)


def proves(network, film, cameo, user, video):
    """The receipt in the file, by the public keys alone."""
    keys = httpx.get(f"{network.url}/.well-known/consent-receipt-keys.json").json()
    (receipt,) = receipts.verify(film, keys)
    assert (receipt.cameo, receipt.grantee, receipt.video, receipt.basis) == (cameo["id"], user.id, video["id"], "approval")


def kept(url, cameo):
    return set(asyncio.run(remains.in_database(url, [cameo["id"]])))
