"""The page on which people sign in and look after their accounts: it arrives whole, is guarded, and asks for what there is."""

import re

import pytest


@pytest.fixture
async def visitor(world, http):
    http.headers.pop("authorization")
    return http


async def test_the_page_brings_all_that_it_names(visitor):
    page = await visitor.get("/account")
    assert page.headers["content-type"].startswith("text/html")
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (await visitor.get(path)).status_code == 200, path


async def test_no_script_but_ours_runs_and_nothing_is_sent_elsewhere(visitor):
    page = await visitor.get("/account")
    policy = page.headers["content-security-policy"]
    assert all(part in policy for part in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"))
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=", page.text)


async def test_every_call_of_its_forms_and_script_is_one_of_the_api(visitor, document):
    text = (await visitor.get("/account")).text + (await visitor.get("/account.js")).text
    known = {f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations}
    for method, path in re.findall(r'(?:data-call="|call\(")(GET|POST|PUT|PATCH|DELETE)(?: |", ")(/[^"]+)"', text):
        assert f"{method} {path.replace('current', '{session_id}')}" in known or f"{method} {path}" in known, (method, path)


async def test_a_page_of_a_mail_leads_on_to_it(visitor):
    assert 'href="/account"' in (await visitor.post("/confirm", data={"token": "km_good"})).text
