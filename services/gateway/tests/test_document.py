"""The OpenAPI document is true, and the door can be watched."""


def _resolves(node: object, schemas: dict) -> bool:
    if isinstance(node, list):
        return all(_resolves(item, schemas) for item in node)
    if not isinstance(node, dict):
        return True
    reference = node.get("$ref")
    known = reference is None or str(reference).removeprefix("#/components/schemas/") in schemas
    return known and all(_resolves(item, schemas) for item in node.values())


async def test_every_reference_resolves(document):
    assert _resolves(document, document["components"]["schemas"])


async def test_bodies_are_declared_in_both_encodings(document):
    for path in ("/v1/videos", "/v1/videos/{video_id}/remix", "/v1/storyboards"):
        assert document["paths"][path]["post"]["requestBody"]["content"].keys() == {"application/json", "multipart/form-data"}


async def test_every_refusal_has_the_error_shape(document):
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert "422" not in operation["responses"], path
            if path.startswith(("/v1", "/api")):
                refusals = {s: r for s, r in operation["responses"].items() if s >= "400"}
                assert refusals.keys() >= {"400", "401", "403", "429", "500", "503"}
                assert all("ErrorBody" in str(r["content"]) for r in refusals.values())


async def test_the_thirteen_keys_are_required(document):
    required = set(document["components"]["schemas"]["Video"]["required"])
    assert required >= {
        "id",
        "model",
        "status",
        "progress",
        "created_at",
        "completed_at",
        "expires_at",
        "prompt",
        "size",
        "seconds",
        "error",
    }


async def test_health_tells_what_answers(http):
    assert (await http.get("/healthz")).json() == {
        "status": "ok",
        "dependencies": {"identity": "ok", "generation": "ok", "provenance": "ok", "cameo": "ok"},
    }
    assert (await http.get("/readyz")).status_code == 200


async def test_every_answer_has_an_id_of_its_own(http):
    ids = {(await http.get(path)).headers["x-request-id"] for path in ("/healthz", "/nowhere", "/v1/videos")}
    assert len(ids) == 3


async def test_a_crash_is_answered_but_not_told(world, http, queued):
    world.generation.videos[queued].status = 77
    reply = await http.get(f"/v1/videos/{queued}")
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert "77" not in reply.text
    assert reply.headers["x-request-id"].startswith("req_")
