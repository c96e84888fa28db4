"""The C2PA Soft Binding Resolution API, as its published description has it."""

import pytest

from .stand_in_checks import ALGORITHM, LABEL

BINDING = {"alg": ALGORITHM, "value": "AAAAAAAAAAE="}


@pytest.fixture
def anybody(http):
    del http.headers["authorization"]
    return http


async def test_a_binding_leads_to_a_manifest(anybody):
    for reply in (
        await anybody.get("/c2pa/matches/byBinding", params=BINDING),
        await anybody.post("/c2pa/matches/byBinding", json=BINDING, params={"maxResults": 1}),
    ):
        assert reply.json() == {"matches": [{"manifestId": LABEL, "similarityScore": 100}]}


async def test_one_that_is_not_ours_leads_nowhere(anybody):
    assert (await anybody.get("/c2pa/matches/byBinding", params={**BINDING, "value": "AAAA"})).json() == {"matches": []}


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"value": "AAAA"}, "alg"),
        ({"alg": ALGORITHM}, "value"),
        ({**BINDING, "alg": "x"}, "alg"),
        ({**BINDING, "maxResults": 0}, "maxResults"),
    ],
)
async def test_a_wrong_query_names_the_parameter(anybody, params, param):
    reply = await anybody.get("/c2pa/matches/byBinding", params=params)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


async def test_content_leads_to_a_manifest(anybody):
    reply = await anybody.post("/c2pa/matches/byContent", content=b"ours", headers={"content-type": "video/mp4"})
    assert reply.json() == {"matches": [{"manifestId": LABEL, "similarityScore": 90}]}
    assert (await anybody.post("/c2pa/matches/byContent", content=b"somebody's")).json() == {"matches": []}


async def test_an_asset_of_an_unknown_type_is_unsupported(anybody):
    reply = await anybody.post("/c2pa/matches/byContent", content=b"refuse UNKNOWN_KIND")
    assert reply.status_code == 415


async def test_a_manifest_comes_whole_or_alone(anybody):
    whole = await anybody.get(f"/c2pa/manifests/{LABEL}")
    assert (whole.content, whole.headers["content-type"]) == (b"whole", "application/c2pa")
    assert (await anybody.get(f"/c2pa/manifests/{LABEL}", params={"returnActiveManifest": "true"})).content == b"active"
    assert (await anybody.get("/c2pa/manifests/urn:c2pa:2")).status_code == 404


async def test_the_algorithms_are_listed(anybody):
    assert (await anybody.get("/c2pa/services/supportedAlgorithms")).json() == {"watermarks": [{"alg": ALGORITHM}], "fingerprints": []}


async def test_pages_elsewhere_may_ask(anybody):
    reply = await anybody.get("/c2pa/services/supportedAlgorithms", headers={"origin": "https://elsewhere.example"})
    assert reply.headers["access-control-allow-origin"] == "*"
