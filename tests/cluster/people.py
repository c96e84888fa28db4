"""Runs in a pod, as an operator and two people with keys: what they make before a backup, change after it, and find after a restore."""

import hashlib
import io
import json
import os
import sys
import time
from pathlib import Path

import httpx
from PIL import Image, ImageDraw

URL = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())
SCOPES = ["videos:read", "videos:write", "admin"]


class Person:
    def __init__(self, key):
        self.key, self.http = key, httpx.Client(base_url=URL, timeout=60, headers={"authorization": f"Bearer {key}"})

    def does(self, verb, path, **wanted):
        """Again while the platform is still coming up."""
        for _ in range(60):
            reply = self.http.request(verb, path, **wanted)
            if reply.status_code != 503:
                break
            time.sleep(1)
        if reply.is_error:
            raise SystemExit(f"{verb} {path}: {reply.status_code} {reply.text}")
        return reply.json()

    def status(self, path):
        return self.http.get(path).status_code

    def makes(self, handle=""):
        maya, *others = SHORT["characters"]
        storyboard = {**SHORT, "characters": [{**maya, "handle": handle} if handle else maya, *others]}
        made = self.does("POST", "/v1/videos", json={"prompt": "", "size": "1280x720", "storyboard": storyboard, "draft": True})["id"]
        while (video := self.does("GET", f"/v1/videos/{made}"))["status"] not in {"completed", "failed"}:
            time.sleep(1)
        if video["status"] != "completed":
            raise SystemExit(f"{made} failed: {video}")
        return made

    def film(self, video):
        return hashlib.sha256(self.http.get(f"/v1/videos/{video}/content", follow_redirects=True).raise_for_status().content).hexdigest()

    def enrols_a_dog(self):
        png = {"content-type": "image/png"}
        thing = self.does("POST", "/api/cameos/things", params={"kind": "pet"}, content=a_toy_dog(), headers=png)["id"]
        self.does("PUT", f"/api/cameos/things/{thing}/cut", json={"box": [0.2, 0.15, 0.85, 0.85]})
        return self.does("POST", f"/api/cameos/things/{thing}", json={"name": "rex"})

    def lends(self, cameo, handle):
        self.does("PATCH", f"/api/cameos/{cameo['id']}", json={"audience": "approved"})
        self.does("PUT", f"/api/cameos/{cameo['id']}/people/@{handle}", json={"approved": True})


operator = Person(os.environ["OPENAI_API_KEY"])


def a_toy_dog():
    picture = Image.new("RGB", (480, 360), "#d8e0e8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 120, 360, 280), fill="#7a4a20")
    draw.ellipse((290, 70, 390, 170), fill="#8a5a30")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def joins(handle):
    account = operator.does("POST", "/api/accounts", json={"handle": handle})["id"]
    return account, Person(operator.does("POST", "/api/keys", json={"name": "test", "scopes": SCOPES, "account_id": account})["secret"])


def lives():
    bobs, adas, eves = (f"{name}_{int(time.time())}" for name in ("bob", "ada", "eve"))
    (_, bob), (ada_id, ada), (eve_id, eve) = joins(bobs), joins(adas), joins(eves)
    lent, withdrawn = bob.enrols_a_dog(), ada.enrols_a_dog()
    bob.lends(lent, adas)
    ada.lends(withdrawn, bobs)
    kept, deleted = ada.makes(lent["handle"]), ada.makes()
    of_eve = eve.makes()
    keys = {"bob": bob.key, "ada": ada.key, "eve": eve.key}
    videos = {"kept": kept, "deleted": deleted, "of_eve": of_eve}
    return {"keys": keys, "videos": videos, "film": ada.film(kept), "lent": lent, "withdrawn": withdrawn, "eve": eve_id, "ada": ada_id}


def forgets(before):
    """After the backup: eve goes, ada deletes a video and withdraws her dog."""
    ada = Person(before["keys"]["ada"])
    operator.does("DELETE", f"/api/accounts/{before['eve']}")
    ada.does("DELETE", f"/v1/videos/{before['videos']['deleted']}")
    ada.does("DELETE", f"/api/cameos/{before['withdrawn']['id']}")
    return {"done": True}


def finds(before):
    """Asked until forgetting has had its time."""
    people = {name: Person(key) for name, key in before["keys"].items()}
    ada, bob, videos = people["ada"], people["bob"], before["videos"]
    ada.does("GET", "/api/me")
    until = time.monotonic() + 90
    while time.monotonic() < until and not forgotten(before, people["eve"], ada):
        time.sleep(1)
    return {
        "film": ada.film(videos["kept"]),
        "lent": [cameo["id"] for cameo in bob.does("GET", "/api/cameos")["data"]],
        "again": ada.makes(before["lent"]["handle"]),
        "forgotten": forgotten(before, people["eve"], ada),
        "deleted": ada.status(f"/v1/videos/{videos['deleted']}"),
        "eve": people["eve"].status("/api/me"),
        "of_eve": operator.status(f"/api/films/{videos['of_eve']}"),
    }


def forgotten(before, eve, ada):
    """Whether eve is gone, a video is deleted, and a dog is lent no more."""
    (dog,) = [cameo for cameo in ada.does("GET", "/api/cameos")["data"] if cameo["id"] == before["withdrawn"]["id"]]
    gone = eve.status("/api/me") == 401 and ada.status(f"/v1/videos/{before['videos']['deleted']}") == 404
    return gone and bool(dog["withdrawn_at"])


TALES = {"lives": lambda _: lives(), "forgets": forgets, "finds": finds}

if __name__ == "__main__":
    print(json.dumps(TALES[sys.argv[1]](json.loads(sys.argv[2]) if len(sys.argv) > 2 else None)))
