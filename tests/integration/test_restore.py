"""Backup, wipe, restore: every video, account and consent is back, and what was erased stays erased.

Separate processes, real Kafka, Postgres and Triton; the broker is lost with the rest, or survives with the places of its readers.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import openai
import pytest
from kinora_cli.embedded.triton import Triton
from kinora_testkit import remains
from kinora_testkit.fixtures import MODELS
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.network import Network, eventually
from kinora_testkit.person import PASSWORD, Person, operator
from kinora_testkit.postgres import fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())
KEYS = ("cameo_master.key", "marks/keys", "first_admin.key")
MAY_STAY = {"identity.audit", "identity.outbox", "generation.outbox", "cameo.outbox", "provenance.outbox"}  # ids alone: see test_erasure


class Maker(Person):
    def makes(self, handle=""):
        maya, *others = SHORT["characters"]
        characters = [{**maya, "handle": handle} if handle else maya, *others]
        wanted = {"prompt": f"by {self.handle}", "size": "1280x720", "storyboard": {**SHORT, "characters": characters}, "draft": True}
        video = self.ends(self.does("POST", "/v1/videos", **wanted)["id"])
        assert video["status"] == "completed", video["error"]
        return video["id"]

    def film(self, video):
        return self.http.get(f"/v1/videos/{video}/content", follow_redirects=True).raise_for_status().content

    def moves(self, network):
        """To where the platform was brought back."""
        self.network, self.http = network, httpx.Client(base_url=network.url, timeout=60)

    def signs_in(self):
        reply = self.http.post("/api/sessions", json={"email": self.email, "password": PASSWORD})
        if reply.is_success:
            self.http.headers["authorization"] = f"Bearer {reply.json()['access_token']}"
        return reply.status_code


@dataclass
class Story:
    """What happened, and where the backups lie."""

    network: Network
    backups: Path
    bob: Maker
    cleo: Maker
    eve: Maker
    fay: Maker
    lent: dict
    withdrawn: dict
    kept: str
    deleted: str
    lost: str
    film: bytes

    def kinora(self, network, *arguments):
        told = {"DATABASE_URL": network.database_url, "MEDIA_URL": network.media_url, "INTERNAL_SECRET": network.secret}
        told |= {"STATE_DIR": str(network.folder), "BACKUP_URL": self.backups.as_uri()}
        command = [sys.executable, "-m", "kinora_cli", *arguments]
        environment = os.environ | {f"KINORA_{name}": value for name, value in told.items()}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def done(result):
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@asynccontextmanager
async def broker(folder):
    kafka = NativeKafka(folder / "kafka")
    await asyncio.to_thread(kafka.start)
    yield kafka.bootstrap
    kafka.kill()


@pytest.fixture(scope="module")
async def story(tmp_path_factory, postgres_url):
    """On a broker of its own: services of another platform in the same groups would take half of what happens here."""
    folder = tmp_path_factory.mktemp("lost")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(postgres_url))
        kafka = await stack.enter_async_context(broker(folder))
        media = (folder / "media").as_uri()
        triton = Triton(MODELS, folder / "triton", media)
        await triton.start()
        stack.push_async_callback(triton.stop)
        network = Network(folder, url, kafka, triton.url, media, {"CAMEO_ONLY_ME_HOURS": "0", "GATEWAY_ENTRIES_PER_MINUTE": "200"})
        stack.callback(network.stop)
        yield await asyncio.to_thread(lived, network, tmp_path_factory.mktemp("backups"))


def lived(network, backups):
    network.start()
    bob, cleo, eve, fay = (Maker(network, name) for name in ("bob", "cleo", "eve", "fay"))
    lent, withdrawn = bob.enrols_a_dog(), cleo.enrols_a_dog()
    bob.lends(lent, cleo)
    cleo.lends(withdrawn, bob)
    kept, deleted, of_eve = cleo.makes(lent["handle"]), cleo.makes(), eve.makes()
    fay.does("DELETE", "/api/me")
    story = Story(network, backups, bob, cleo, eve, fay, lent, withdrawn, kept, deleted, "", cleo.film(kept))
    story.eve.video = of_eve
    done(story.kinora(network, "backup"))
    eve.does("DELETE", "/api/me")
    cleo.does("DELETE", f"/v1/videos/{deleted}")
    cleo.does("DELETE", f"/api/cameos/{withdrawn['id']}")
    story.lost = cleo.makes()
    done(story.kinora(network, "backup", "facts"))
    network.stop()
    return story


@pytest.fixture(params=["a new broker", "the broker survived"])
async def restored(request, story, postgres_url, tmp_path):
    """The story's platform, wiped and brought back."""
    async with AsyncExitStack() as stack:
        old = story.network
        kafka = await stack.enter_async_context(broker(tmp_path)) if request.param == "a new broker" else old.kafka_bootstrap
        url = await stack.enter_async_context(fresh_database(postgres_url))
        network = Network(tmp_path, url, kafka, old.triton_url, (tmp_path / "media").as_uri(), old.environment, secret=old.secret)
        stack.callback(network.stop)
        await asyncio.to_thread(brought_back, story, network)
        yield network


def brought_back(story, network):
    without = story.kinora(network, "restore")
    assert without.returncode == 1
    assert "master key 'local'" in without.stdout
    for key in KEYS:
        (network.folder / key).parent.mkdir(exist_ok=True)
        shutil.copy(story.network.folder / key, network.folder / key)
    done(story.kinora(network, "restore"))
    assert "not empty" in story.kinora(network, "restore").stdout
    network.start()
    for person in (story.bob, story.cleo, story.eve, story.fay):
        person.moves(network)


def left(network, words):
    found = asyncio.run(remains.in_database(network.database_url, words))
    return {place: count for place, count in found.items() if place.rpartition(".")[0] not in MAY_STAY}


def test_all_is_back_but_for_what_was_forgotten(story, restored, tmp_path):
    bob, cleo, eve, fay = story.bob, story.cleo, story.eve, story.fay
    # The films, byte for byte, and found again.
    assert (bob.signs_in(), cleo.signs_in()) == (200, 200)
    assert cleo.film(story.kept) == story.film
    with openai.OpenAI(base_url=f"{restored.url}/v1", api_key=restored.admin_key) as sdk:
        found = sdk.content_provenance_checks.create(file=("film.mp4", story.film), timeout=180)
    assert found.matches[0]["film"]["video_id"] == story.kept
    # Consent as it was.
    (rex,) = bob.does("GET", "/api/cameos")["data"]
    assert (rex["handle"], rex["audience"]) == (story.lent["handle"], "approved")
    assert found.matches[0]["film"]["consents"] == [{"handle": story.lent["handle"], "state": "given"}]
    # What was forgotten after the backup is forgotten again, and what was forgotten before never came back.
    eventually(lambda: eve.signs_in() == 401, within=60, what="the end of the account")
    assert fay.signs_in() == 401
    eventually(lambda: cleo.http.get(f"/v1/videos/{story.deleted}").status_code == 404, within=60, what="the end of the video")
    eventually(lambda: cleo.does("GET", "/api/cameos")["data"][0]["withdrawn_at"], within=60, what="the end of the consent")
    names, ids = [eve.handle, eve.email], [eve.id, eve.video]
    eventually(
        lambda: not left(restored, [*names, *ids]), within=60, what=f"nothing of eve in the database; {left(restored, [*names, *ids])}"
    )
    forgotten = [*ids, story.deleted, story.withdrawn["id"]]
    eventually(lambda: not remains.in_folder(tmp_path / "media", forgotten), within=60, what="no file of theirs")
    # What was made after the backup is lost, and said to be.
    assert cleo.http.get(f"/v1/videos/{story.lost}").status_code == 404
    assert [video["id"] for video in cleo.does("GET", "/v1/videos")["data"]] == [story.kept]
    assert not [name for name in restored.processes if "event.dead" in restored.log(name)]
    assert operator(restored).get("/api/audit/check").json()["first_broken"] is None
