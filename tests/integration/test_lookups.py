"""A copy of a remix, stripped and encoded anew, still leads to what it is, to its manifest chain and to where consent stands."""

import io
import json
import time

import httpx
import numpy as np
import pytest
from c2pa import Reader
from kinora_cli.export import export
from kinora_media import probe
from kinora_media.encode import Mp4Writer
from rich.console import Console

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def copied(client, tmp_path):
    """A video's film, mirrored, encoded harder, without its manifest: what a site makes of it."""

    def copy(video):
        film = tmp_path / "film.mp4"
        film.write_bytes(client.videos.download_content(video.id).read())
        about = probe.probe(film)
        with Mp4Writer(tmp_path / "copy.mp4", about.width, about.height, about.fps, crf=23) as out:
            out.audio(probe.samples(film))
            for rgb in probe.frames(film):
                out.frame(np.ascontiguousarray(rgb[:, ::-1]))
        return (tmp_path / "copy.mp4").read_bytes()

    return copy


def test_a_copy_of_a_remix_leads_to_the_remix_its_parent_and_their_manifests(network, client, finished, copied):
    remix = client.videos.poll(client.videos.remix(finished.id, prompt="at night").id, poll_interval_ms=500)
    match = client.content_provenance_checks.create(file=("copy.mp4", copied(remix)), timeout=120).matches[0]
    assert (match["verdict"], match["film"]["video_id"], match["film"]["consents"]) == ("marked", remix.id, [])
    assert [each["video_id"] for each in match["film"]["lineage"]] == [finished.id]
    store = httpx.get(f"{network.url}/c2pa/manifests/{match['film']['manifest_label']}").content  # anybody may
    with Reader("application/c2pa", io.BytesIO(store)) as reader:
        assert len(json.loads(reader.json())["manifests"]) == 2


@pytest.mark.parametrize("asked", [{"start": 1, "end": 3, "short_side": 180}, {"format": "gif", "end": 1}])
def test_an_export_is_ours_and_unchanged_and_names_its_film(client, finished, tmp_path, asked):
    export(client, finished.id, tmp_path / "out", Console(quiet=True), **asked)
    found = client.content_provenance_checks.create(file=("out", (tmp_path / "out").read_bytes()), timeout=120)
    assert [(each["verdict"], each["film"]["video_id"]) for each in found.matches] == [("unchanged", finished.id)]
    assert (found.results[0].outcome, found.results[0].model) == ("detected", found.matches[0]["film"]["engine"])


def test_a_moderator_traces_the_copy_to_its_prompt_and_the_look_is_on_record(network, client, finished, copied):
    auth = {"authorization": f"Bearer {network.admin_key}"}
    wanted = {"files": {"file": copied(finished)}, "data": {"reason": "A test of traces."}, "headers": auth, "timeout": 180}
    (traced, *_) = httpx.post(f"{network.url}/api/traces", **wanted).json()["data"]
    assert (traced["video"]["id"], traced["video"]["prompt"]) == (finished.id, finished.prompt)
    entry = on_record(network, auth)
    assert (entry["subject"], entry["details"]["account_id"]) == (finished.id, traced["account_id"])


def on_record(network, auth, within_s=20):
    """The newest trace in the audit log: it comes by an event."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        for entry in httpx.get(f"{network.url}/api/audit", headers=auth).json()["data"]:
            if entry["action"] == "content.traced":
                return entry
        time.sleep(0.2)
    raise TimeoutError("no trace in the audit log")
