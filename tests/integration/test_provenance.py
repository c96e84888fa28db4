"""A video can prove what it is with its manifest gone: exported, attacked and looked up through the public API alone."""

import io
import json
from pathlib import Path

import av
import c2pa
import httpx
import pytest
from kinora_testkit.network import eventually
from kinora_testkit.person import a_toy_dog, operator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SHORT = json.loads((Path(__file__).parent / "short.json").read_text())


@pytest.fixture(scope="module")
def anybody(network):
    """Who has a file in hand and no account."""
    with httpx.Client(base_url=network.url, timeout=120) as client:
        yield client


def test_a_remix_stripped_and_made_worse_leads_to_its_chain_and_to_the_consent_of_today(network, anybody, bob, cleo):
    dog = bob.enrols_a_dog()
    bob.lends(dog, cleo)
    first = ended(cleo, films(cleo, dog))
    remix = ended(cleo, cleo.does("POST", f"/v1/videos/{first['id']}/remix", prompt="at night"))
    export = exported(cleo, remix)
    assert seen(anybody, export)["results"][0]["validation_state"] == "trusted"

    found = seen(anybody, made_worse(export))
    match = found["matches"][0]
    assert outcomes(found) == {"c2pa": "not_detected", "kinora_picture_mark": "detected", "kinora_sound_mark": "detected"}
    assert (match["verdict"], match["film"]["video_id"], match["film"]["maker"]) == ("marked", remix["id"], f"@{cleo.handle}")
    assert [each["video_id"] for each in match["film"]["lineage"]] == [first["id"]]
    assert match["film"]["consents"] == [{"handle": dog["handle"], "state": "given"}]
    assert chain(anybody, match["film"]["manifest_label"]) == [remix["id"], first["id"]]

    bob.http.delete(f"/api/cameos/{dog['id']}").raise_for_status()
    film = anybody.get(f"/api/films/{remix['id']}").raise_for_status().json()
    assert film["consents"] == [{"handle": dog["handle"], "state": "withdrawn"}]
    leads_moderators_to(network, made_worse(export), cleo, remix)


def test_an_unmodified_sdk_asks_whether_a_film_is_ours(client, finished):
    film = client.videos.download_content(finished.id).read()
    check = client.content_provenance_checks.create(file=("film.mp4", film, "video/mp4"))
    (manifest,) = (result for result in check.results if result.type == "c2pa")
    assert (manifest.outcome, manifest.validation_state, manifest.model) == ("detected", "trusted", "kinora-world")


def test_what_is_not_ours_is_not_called_ours(anybody):
    found = anybody.post("/v1/content_provenance_checks", files={"file": ("it.png", a_toy_dog(), "image/png")}).raise_for_status().json()
    assert (found["kind"], found["matches"]) == ("image", [])
    assert "not_detected" in outcomes(found).values()
    assert "does not prove that a camera took it" in found["summary"]


def films(person, dog):
    """Four seconds of the dog, with words."""
    maya, shot = SHORT["characters"][0], SHORT["shots"][0]
    storyboard = {**SHORT, "characters": [{**maya, "handle": dog["handle"]}], "shots": [{**shot, "duration": 4}]}
    return person.does("POST", "/v1/videos", prompt="", size="1280x720", storyboard=storyboard)


def ended(person, video):
    told = person.ends(video["id"])
    assert told["status"] == "completed", told["error"]
    return told


def exported(person, video):
    """The film with the visible mark on it, as bytes."""
    path = f"/v1/videos/{video['id']}/exports"
    path = f"{path}/{person.does('POST', path, format='mp4')['id']}"
    eventually(lambda: person.does("GET", path)["status"] in {"completed", "failed"}, within=180, what="the export")
    return person.http.get(f"{path}/content", follow_redirects=True).raise_for_status().content


def made_worse(film):
    """A tenth cropped away, 480 rows, CRF 28, sound at 64 kbit/s: what is left when a network has shared it. No manifest survives."""
    worse = io.BytesIO()
    with av.open(io.BytesIO(film)) as source, av.open(worse, "w", format="mp4") as out:
        picture = out.add_stream("libx264", rate=24, options={"crf": "28"}, width=852, height=480, pix_fmt="yuv420p")
        sound = out.add_stream("aac", rate=48_000, layout="stereo", bit_rate=64_000)
        for frame in source.decode(video=0, audio=0):
            out.mux(picture.encode(cropped(frame)) if isinstance(frame, av.VideoFrame) else sound.encode(frame))
        out.mux(picture.encode(None))
        out.mux(sound.encode(None))
    return worse.getvalue()


def cropped(frame):
    whole = frame.to_ndarray(format="rgb24")
    height, width = (side * 9 // 10 for side in whole.shape[:2])
    left = av.VideoFrame.from_ndarray(whole[20 : 20 + height, 50 : 50 + width].copy(), format="rgb24")
    made = left.reformat(width=852, height=480, format="yuv420p", dst_colorspace="ITU709")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made


def seen(anybody, film):
    return anybody.post("/v1/content_provenance_checks", files={"file": ("it.mp4", film, "video/mp4")}).raise_for_status().json()


def outcomes(found):
    return {result["type"]: result["outcome"] for result in found["results"] if result["type"] != "kinora_fingerprint"}


def chain(anybody, label):
    """The videos that a recovered manifest names, through its parents."""
    store = anybody.get(f"/c2pa/manifests/{label}").raise_for_status().content
    with c2pa.Reader("application/c2pa", io.BytesIO(store)) as reader:
        manifests = json.loads(reader.json())["manifests"]
    named = []
    while label:
        manifest = manifests[label]
        (facts,) = (each["data"] for each in manifest["assertions"] if each["label"] == "kinora.generation")
        named.append(facts["video_id"])
        parents = [each for each in manifest.get("ingredients", []) if each["relationship"] == "parentOf"]
        label = parents[0].get("active_manifest") if parents else None
    return named


def leads_moderators_to(network, film, maker, video):
    files, reason = {"file": ("it.mp4", film, "video/mp4")}, {"reason": "A report says that it was taken."}
    assert maker.http.post("/api/traces", files=files, data=reason).status_code == 403
    moderator = operator(network)
    (traced,) = moderator.post("/api/traces", files=files, data=reason, timeout=180).raise_for_status().json()["data"]
    assert (traced["account_id"], traced["handle"], traced["video"]["id"]) == (maker.id, maker.handle, video["id"])
    eventually(lambda: video["id"] in {each["subject"] for each in moderator.get("/api/audit").json()["data"]}, within=20, what="the entry")
