"""/check: the public page and its script."""

import re

import pytest


@pytest.fixture
async def page(http) -> str:
    http.headers.pop("authorization")
    return (await http.get("/check")).text


async def test_the_page_may_run_its_own_script_and_nothing_else(http, page):
    policy = (await http.get("/check")).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! type=\"module\" src=\"/)|\son\w+=|style=", page)


async def test_the_script_finds_all_that_it_looks_for_on_the_page(http, page):
    wanted = set(re.findall(r"\$\(\"([\w-]+)\"\)", (await http.get("/check.js")).text))
    assert len(wanted) > 10
    assert wanted <= set(re.findall(r"id=\"([\w-]+)\"", page))


async def test_what_comes_back_is_never_taken_for_markup(http, page):
    assert "innerHTML" not in (await http.get("/check.js")).text
    assert "/check.css" in page
    assert (await http.get("/check.css")).status_code == 200
