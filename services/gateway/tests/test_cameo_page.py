"""/cameo: the page, its script, and what a browser may do there."""

import re

import pytest


@pytest.fixture
async def page(http) -> str:
    http.headers.pop("authorization")
    return (await http.get("/cameo")).text


async def test_the_page_may_run_its_own_script_and_nothing_else(http, page):
    policy = (await http.get("/cameo")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! type=\"module\" src=\"/)|\son\w+=|style=", page)


async def test_the_camera_is_for_this_page_alone(http, page):
    assert (await http.get("/cameo")).headers["permissions-policy"] == "camera=(self), microphone=(self)"
    assert "permissions-policy" not in (await http.get("/confirm")).headers


@pytest.mark.parametrize(("name", "kind"), [("cameo.js", "text/javascript"), ("cameo.css", "text/css")])
async def test_what_the_page_loads_is_served_as_what_it_is(http, page, name, kind):
    reply = await http.get(f"/{name}")
    assert f"/{name}" in page
    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, kind)


async def test_the_script_finds_all_that_it_looks_for_on_the_page(http, page):
    script = (await http.get("/cameo.js")).text
    wanted = set(re.findall(r"\$\(\"([\w-]+)\"\)", script)) | set(re.findall(r"show\(\"([\w-]+)\"\)", script))
    assert len(wanted) > 20
    assert wanted <= set(re.findall(r"id=\"([\w-]+)\"", page))


async def test_the_script_asks_for_paths_that_there_are(http, document):
    script = (await http.get("/cameo.js")).text
    asked = re.findall(r"(?:ask|askCarefully)\(\"(\w+)\", [\"`](/[^\"`]*)[\"`]", script)
    shapes = [(method.upper(), re.sub(r"\{\w+\}", "{}", path)) for path, found in document["paths"].items() for method in found]
    assert len(asked) > 8
    assert {(method, re.sub(r"\$\{[\w.]+\}", "{}", path)) for method, path in asked} <= set(shapes)


async def test_every_input_has_a_label_and_prompts_are_announced(page):
    labelled = "".join(re.findall(r"<label>.*?</label>", page, re.DOTALL))
    assert len(re.findall(r"<(?:input|select)", labelled)) == len(re.findall(r"<(?:input|select)", page))
    assert 'id="prompt" aria-live="assertive"' in page
    assert 'id="complaint" role="alert"' in page
