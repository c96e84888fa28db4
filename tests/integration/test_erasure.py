"""Nothing is left of who erases themselves: every table, every file, every key. Separate processes, real Kafka, Postgres and Triton."""

import asyncio
import io
import json
import time
from pathlib import Path

import httpx
import pytest
from kinora_identity import totp
from kinora_testkit import remains
from kinora_testkit.network import eventually
from kinora_testkit.person import PASSWORD, Person, operator
from PIL import Image

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())
MAY_STAY = {
    "identity.audit": "the record of what was done names ids alone; nobody's name is tied to one that was erased",
    "identity.outbox": "facts that were told name ids alone; a fact goes 30 days after it was told",
    "generation.outbox": "the same",
    "cameo.outbox": "the same",
    "provenance.outbox": "the same",
}


class Eve(Person):
    def makes(self, *, handle="", **wanted):
        maya, *others = SHORT["characters"]
        characters = [{**maya, "handle": handle} if handle else maya, *others]
        body = {"prompt": f"by {self.handle}", "size": "1280x720", "storyboard": {**SHORT, "characters": characters}, "draft": True}
        return self.does("POST", "/v1/videos", **body | wanted)["id"]


def as_png(picture):
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def eve(network):
    return Eve(network, "eve")


def lives(eve, bob, network):
    """eve does all that one can do here; gives her finished video and her key."""
    uploads(eve)
    key = eve.does("POST", "/api/keys", name=f"{eve.handle}'s laptop", scopes=["videos:read"])["secret"]
    dog = bob.enrols_a_dog()
    bob.lends(dog, eve)
    video = eve.makes(handle=dog["handle"])
    assert eve.ends(video)["status"] == "completed"
    eve.does("DELETE", f"/v1/videos/{eve.makes()}")
    eve.lends(eve.enrols_a_dog(), bob)
    eve.does("POST", "/api/liveness", language="en")
    knows_people(eve, network)
    asks_for_mails(eve)
    adds_an_app(eve)
    return video, key


def uploads(eve):
    files = {"input_reference": ("me.png", as_png(Image.new("RGB", (1280, 720), "teal")), "image/png")}
    eve.http.post("/v1/videos", data={"prompt": "a lake", "size": "1280x720", "seconds": "4"}, files=files).raise_for_status()


def knows_people(eve, network):
    teen = Person(network, "tia", invite=eve.does("GET", "/api/invites")["data"][0]["code"], birth_date="2012-01-01")
    teen.does("POST", "/api/family/parents", handle=eve.handle)
    eve.does("POST", f"/api/family/children/{teen.id}", accept=True)
    operator(network).put(f"/api/accounts/{eve.id}/role", json={"role": "moderator"}).raise_for_status()
    operator(network).post("/api/invites", json={"count": 2, "account_id": eve.id}).raise_for_status()


def asks_for_mails(eve):
    eve.does("POST", "/api/waitlist", email=eve.email)
    eve.does("POST", "/api/password/forgotten", email=eve.email)
    eve.does("POST", "/api/me/email", email=f"other.{eve.email}")
    started = eve.http.post("/oauth/device_authorization", data={"client_id": "kinora-cli"}).json()
    answer = {"user_code": started["user_code"], "email": eve.email, "password": PASSWORD}
    eve.http.post("/device", data=answer).raise_for_status()


def adds_an_app(eve):
    secret = eve.does("POST", "/api/me/totp")["secret"]
    eve.does("POST", "/api/me/totp/confirm", code=totp.code_at(secret, int(time.time() // totp.STEP_S)))


def test_nothing_is_left_of_who_erases_themselves(network, postgres_url, media_dir, eve, bob):
    video, key = lives(eve, bob, network)
    film = eve.http.get(f"/v1/videos/{video}/content").headers["location"]
    names, ids = [eve.handle, eve.email], [eve.id, video]
    assert len(left(postgres_url, names)) > 8
    assert len(left(postgres_url, ids)) > 20
    assert eve.does("DELETE", "/api/me")["erased"]
    eventually(lambda: not left(postgres_url, names), within=20, what=f"no name in the database; {left(postgres_url, names)}")
    eventually(lambda: not beyond(postgres_url, ids), within=60, what=f"no id elsewhere; {beyond(postgres_url, ids)}")
    eventually(lambda: not remains.in_folder(media_dir, [*names, *ids]), within=30, what="no file in the store")
    assert not remains.in_folder(network.folder / "mails", names)
    for bearer in (key, eve.http.headers["authorization"].removeprefix("Bearer ")):
        eventually(lambda bearer=bearer: enters(network, bearer) == 401, within=6, what="the end of the key")
    assert httpx.get(film if film.startswith("http") else network.url + film).status_code == 404
    assert not [name for name in network.processes if eve.handle in network.log(name) or eve.email in network.log(name)]


def left(url, words):
    return asyncio.run(remains.in_database(url, words))


def beyond(url, words):
    return {place for place in left(url, words) if place.rpartition(".")[0] not in MAY_STAY}


def enters(network, bearer):
    return httpx.get(f"{network.url}/v1/videos", headers={"authorization": f"Bearer {bearer}"}).status_code
