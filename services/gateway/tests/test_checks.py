"""Is this ours? By API, with the SDK, and for anybody without a key."""

import json

import openai
import pytest

from .stand_in_checks import RECORD


@pytest.fixture
def check(http):
    async def asked(content, **fields):
        return await http.post("/v1/content_provenance_checks", files={"file": ("clip.mp4", content)}, data=fields)

    return asked


async def test_the_sdk_reads_what_was_found(sdk):
    found = await sdk.content_provenance_checks.create(file=("clip.mp4", b"ours"))
    assert (found.object, found.created_at) == ("content_provenance_check", 1_700_000_100)
    c2pa, mark, prints = found.results
    assert (c2pa.type, c2pa.outcome, c2pa.validation_state, c2pa.issuer) == ("c2pa", "not_detected", "not_present", None)
    assert (mark.type, mark.outcome, mark.model, mark.generated_at) == ("kinora_picture_mark", "detected", "world", "2023-11-14T22:13:20Z")
    assert (prints.type, prints.matches[0]["picture_share"]) == ("kinora_fingerprint", 0.9)
    assert [match["verdict"] for match in found.matches] == ["marked"]


async def test_the_sdk_learns_why_a_file_is_refused(sdk):
    with pytest.raises(openai.BadRequestError) as refused:
        await sdk.content_provenance_checks.create(file=("clip.mp4", b"refuse CUT_OFF"))
    assert (refused.value.code, refused.value.param) == ("cut_off", "file")


async def test_a_film_is_told_as_far_as_its_maker_lets_it_be(check):
    (match,) = (await check(b"ours")).json()["matches"]
    film = match["film"]
    assert (film["maker"], film["engine"], film["ai_label"].partition(":")[0]) == ("@bob", "world", "AI-generated")
    assert film["consents"] == [{"handle": "@cleo", "state": "withdrawn"}]
    assert [(each["video_id"] is None, each["deleted"]) for each in film["lineage"]] == [(False, False), (True, True)]


async def test_nothing_stays_of_the_file(check, world):
    for content in (b"ours", b"somebody's", b"refuse CUT_OFF"):
        await check(content)
    assert await world.served.adapters.media.list("checks") == []


async def test_thorough_is_passed_on(check, world):
    await check(b"ours", thorough="true")
    assert world.checks.asked[0].thorough


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"refuse CUT_OFF", 400, "cut_off"), (b"refuse TOO_LARGE", 413, "too_large"), (b"refuse UNKNOWN_KIND", 415, "unknown_kind")],
)
async def test_what_cannot_be_looked_at_names_the_field(check, content, status, code):
    reply = await check(content)
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["error"]["param"]) == (status, code, "file")


async def test_a_file_beyond_the_limit_is_refused(check, world):
    assert (await check(bytes(41 * 2**20))).status_code == 413
    assert not world.checks.asked


async def test_no_file_is_a_missing_parameter_and_no_form_an_unsupported_type(http):
    reply = await http.post("/v1/content_provenance_checks", files={"other": b"ours"})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "file")
    assert (await http.post("/v1/content_provenance_checks", json={})).status_code == 415


async def test_when_all_are_busy_it_says_when_to_come_again(check):
    reply = await check(b"busy")
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "5")


async def test_anybody_may_ask_without_a_key_but_not_for_ever(check, http):
    del http.headers["authorization"]
    replies = [await check(b"ours") for _ in range(7)]
    assert [reply.status_code for reply in replies] == [200] * 6 + [429]
    assert int(replies[-1].headers["retry-after"]) > 0


async def test_a_wrong_key_is_not_taken_for_none(check, http):
    http.headers["authorization"] = "Bearer kn_wrong"
    assert (await check(b"ours")).status_code == 401


async def test_a_film_is_public(http):
    del http.headers["authorization"]
    film = (await http.get(f"/api/films/{RECORD.video_id}", headers={"origin": "https://elsewhere.example"})).json()
    assert (film["object"], film["video_id"], film["made_at"]) == ("film", RECORD.video_id, 1_700_000_000)
    for unknown in ("video_" + "9" * 32, "nonsense"):
        assert (await http.get(f"/api/films/{unknown}")).status_code == 404


async def test_credit_is_ones_own_to_choose(http):
    http.headers["authorization"] = "Bearer kn_cleo_admin"
    assert (await http.put("/api/me/credit", json={"named": False})).json() == {"object": "credit", "named": False}
    assert (await http.get("/api/me/credit")).json()["named"] is False


async def test_a_moderator_traces_a_clip_to_its_prompt(http, world):
    http.headers["authorization"] = "Bearer kn_ada"
    reply = await http.post("/api/traces", files={"file": b"ours"}, data={"reason": "A threat."})
    first, gone = reply.json()["data"]
    assert (first["account_id"], first["video"]["prompt"], reply.json()["check"]["kind"]) == ("acct_bob", "a fox", "video")
    assert (gone["account_id"], gone["video"], gone["film"]["video_id"]) == (None, None, None)
    assert world.checks.asked[0].reason == "A threat."


async def test_or_a_video_and_its_copies(http):
    http.headers["authorization"] = "Bearer kn_ada"
    wanted = {"video_id": RECORD.video_id, "reason": "A takedown."}
    assert (await http.post("/api/traces", json=wanted)).json()["check"] is None
    assert [each["distance"] for each in (await http.post("/api/traces/copies", json=wanted)).json()["data"]] == [3]


async def test_nobody_else_does_and_not_without_a_reason(http):
    wanted = {"video_id": RECORD.video_id, "reason": "Curious."}
    http.headers["authorization"] = "Bearer kn_cleo_admin"
    for path in ("/api/traces", "/api/traces/copies"):
        assert (await http.post(path, json=wanted)).status_code == 403
        reply = await http.post(path, content=json.dumps({"video_id": RECORD.video_id}), headers={"content-type": "application/json"})
        assert (reply.status_code, reply.json()["error"]["param"]) == (400, "reason")
