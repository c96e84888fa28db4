"""Drafts that would wait for too long are made by another engine; films wait. One draft of ltx-2 is estimated at 4.6 s."""

import pytest

DRAFT = {"model": "ltx-2", "size": "1280x720", "draft": True}


async def test_a_draft_that_would_wait_for_too_long_goes_to_the_other_engine_and_says_so(ada, platform):
    first, second = await ada.create(**DRAFT), await ada.create(**DRAFT)
    assert (first.model, first.size, list(first.notes)) == ("ltx-2", "640x360", [])
    assert (second.model, second.size, second.full_size) == ("world-1", "640x360", "1280x720")
    assert "ltx-2 would have begun in about 5 s, so world-1 makes this draft." in second.notes
    assert [row.model for row in await platform.sql("SELECT model FROM ledger ORDER BY reserved_at")] == ["ltx-2", "world-1"]


@pytest.mark.parametrize("change", [{"draft": False}, {"last_frame_key": "uploads/acct_ada/picture"}, {"size": "768x512"}])
async def test_films_wait_and_so_does_what_the_other_engine_cannot_do(ada, platform, change):
    await platform.media.put("uploads/acct_ada/picture", b"x", content_type="image/png")
    await ada.create(**DRAFT)
    assert (await ada.create(**DRAFT | change)).model == "ltx-2"


async def test_ones_own_turn_counts_and_not_the_whole_queue(ada, bob):
    await bob.create(**DRAFT)
    for _ in range(3):
        await bob.create(**DRAFT | {"draft": False})
    assert (await ada.create(**DRAFT)).model == "world-1"
    assert (await bob.create(**DRAFT)).model == "world-1"


async def test_each_variant_is_looked_at_by_itself(ada, platform):
    await ada.create(variants=3, **DRAFT)
    assert sorted(row.model for row in await platform.sql("SELECT model FROM videos")) == ["ltx-2", "world-1", "world-1"]
