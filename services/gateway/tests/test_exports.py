"""Copies that leave, and the archive of everything."""

import httpx
import pytest
from kinora.provenance.v1 import export_service_pb2 as pb

VIDEO = "video_" + "1" * 32
PATH = f"/v1/videos/{VIDEO}/exports"


async def test_an_export_is_asked_for_as_the_client_names_things(world, http):
    made = await http.post(PATH, json={"format": "webm", "start": 0.5, "end": 3, "short_side": 360, "visible_mark": False})
    asked = world.exports.asked[0]
    assert (asked.format, asked.start_s, asked.end_s, asked.short_side, asked.without_visible_mark) == (3, 0.5, 3, 360, True)
    assert (made.json()["status"], made.json()["object"], made.headers["openai-poll-after-ms"]) == ("queued", "video.export", "1000")
    assert "no C2PA" in made.json()["notes"][0]


async def test_without_wishes_it_is_a_marked_mp4_of_all(world, http):
    made = (await http.post(PATH, json={})).json()
    assert (made["format"], made["start"], made["visible_mark"], made["notes"]) == ("mp4", 0, True, [])


@pytest.mark.parametrize(
    ("wishes", "param"),
    [({"end": 5}, "end"), ({"format": "avi"}, "format"), ({"start": -1}, "start"), ({"short_side": "big"}, "short_side"), ({"x": 1}, "x")],
)
async def test_what_is_wrong_is_told_by_the_clients_own_field(http, wishes, param):
    refused = await http.post(PATH, json=wishes)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, param)


async def test_exports_are_listed_and_read(http):
    first, second = [(await http.post(PATH, json={})).json()["id"] for _ in range(2)]
    assert [each["id"] for each in (await http.get(PATH)).json()["data"]] == [second, first]
    assert (await http.get(f"{PATH}/{first}")).json()["id"] == first
    for path in (f"{PATH}/export_{'9' * 32}", f"{PATH}/nonsense", f"/v1/videos/video_{'2' * 32}/exports/{first}"):
        assert (await http.get(path)).json()["error"]["code"] == "export_not_found"


async def test_a_finished_export_is_downloaded_in_parts(world, http):
    export = (await http.post(PATH, json={"format": "gif"})).json()["id"]
    assert (await http.get(f"{PATH}/{export}/content")).json()["error"]["code"] == "export_not_ready"
    await world.served.adapters.media.put("exports/e/1.gif", b"GIF89a moves", content_type="image/gif")
    world.exports.finish(export, key="exports/e/1.gif", content_type="image/gif", size_bytes=12)
    link = await http.get(f"{PATH}/{export}/content")
    part = await http.get(link.headers["location"], headers={"range": "bytes=0-5"})
    assert (link.status_code, part.status_code, part.content, part.headers["content-type"]) == (302, 206, b"GIF89a", "image/gif")
    assert f"{VIDEO}.gif" in part.headers["content-disposition"]


async def test_an_archive_needs_a_person_who_stepped_up_with_admin_rights(world, http):
    assert (await http.post("/api/me/archive")).json()["error"]["code"] == "insufficient_scope"
    refused = await http.post("/api/me/archive", headers={"authorization": "Bearer kn_bob_admin"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "step_up_needed")


async def test_an_archive_is_fetched_by_a_link(world, http):
    admin = {"authorization": "Bearer kn_bob_admin"}
    assert (await http.get("/api/me/archive", headers=admin)).json()["error"]["code"] == "archive_not_found"
    world.exports.archive = pb.Archive(id="archive_1", state=pb.EXPORT_STATE_RUNNING, progress=40)
    assert (await http.get("/api/me/archive", headers=admin)).json()["url"] is None
    await world.served.adapters.media.put("archives/a/1.zip", b"PK", content_type="application/zip")
    world.exports.archive = pb.Archive(id="archive_1", state=pb.EXPORT_STATE_COMPLETED, key="archives/a/1.zip", videos=2)
    found = await http.get("/api/me/archive", headers=admin)
    async with httpx.AsyncClient() as anybody:
        served = await anybody.get(found.json()["url"])
    assert (served.content, found.headers["cache-control"]) == (b"PK", "no-store")
