"""The visible mark: there, legible, on the move, and the operator's own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_marks.visible import KINORA, Brand, BrandUnusable, VisibleMark
from kinora_marks.visible.lettering import letter_size, lettering
from kinora_marks.visible.wandering import GLIDE_S, REST_S, place
from kinora_media.planes import planes

SIZES = [(640, 360), (1280, 720), (1920, 1080), (360, 640), (720, 1280), (720, 720)]
EVEN = st.integers(72, 1080).map(lambda half: 2 * half)


def plain(width, height, grey):
    return planes(np.full((height, width, 3), grey, np.uint8))


def region(width, height, grey, at_s=0.0):
    """Luma of the mark's place, laid over one grey."""
    mark = VisibleMark("@ada", width, height)
    left, top = place(at_s, (width, height), mark.size)
    return mark.put(plain(width, height, grey), at_s)[top : top + mark.size[1], left : left + mark.size[0]].astype(int)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("grey", [0, 96, 160, 255])
def test_letters_stand_out_from_any_ground(size, grey):
    seen = region(*size, grey)
    assert np.percentile(seen, 99) - np.percentile(seen, 12) > 75  # white letters on what is dark, or made so
    assert np.percentile(seen, 99) > 190


@settings(max_examples=40, deadline=None)
@given(EVEN, EVEN, st.floats(0, 120))
def test_the_mark_stays_within_the_picture_at_all_times(width, height, at_s):
    mark = lettering("@a_name_as_long_as_names_can_be", KINORA, width, height)
    left, top = place(at_s, (width, height), (mark.shape[1], mark.shape[0]))
    margin = 0.04 * min(width, height)
    assert margin <= left <= width - margin - mark.shape[1] + 1
    assert margin <= top <= height - margin - mark.shape[0] + 1


def test_it_glides_and_never_jumps():
    times = np.arange(0, 8 * (REST_S + GLIDE_S), 1 / 24)
    places = np.array([place(each, (1280, 720), (200, 40)) for each in times])
    assert np.abs(np.diff(places, axis=0)).max() < 100
    assert len(np.unique(places[np.append(np.diff(places, axis=0).any(1), True) == 0], axis=0)) == 8


@pytest.mark.parametrize("kept", [(0.0, 0.0), (0.15, 0.0), (0.0, 0.15), (0.15, 0.15)])
def test_no_crop_to_seventy_percent_and_no_patch_takes_it_away(kept):
    """In some second all of it is inside the crop, and outside of any patch of a quarter of each side."""
    width, height, (wide, high) = 1280, 720, VisibleMark("@ada", 1280, 720).size
    places = [place(second, (width, height), (wide, high)) for second in np.arange(0, 32, 0.5)]
    left, top = kept[0] * width, kept[1] * height
    inside = [left <= x and x + wide <= left + 0.7 * width + 1 and top <= y and y + high <= top + 0.7 * height + 1 for x, y in places]
    assert any(inside)
    assert {x < width / 2 for x, _ in places} == {y < height / 2 for _, y in places} == {True, False}


def test_letters_are_readable_when_small_and_modest_when_large():
    assert letter_size(640, 360) >= 14
    assert letter_size(1920, 1080) <= 0.027 * 1080


def test_it_changes_nothing_else():
    mark, picture = VisibleMark("@ada", 640, 360), plain(640, 360, 100)
    changed = np.argwhere((mark.put(picture, 0) != picture)[:360])
    assert (np.ptp(changed, axis=0) < (mark.size[1], mark.size[0])).all()
    assert (picture == plain(640, 360, 100)).all()


def test_nobody_is_named_who_would_not_be():
    assert lettering("", KINORA, 1280, 720).shape[1] < lettering("@somebody_with_a_name", KINORA, 1280, 720).shape[1]


def test_an_operators_drawing_is_shown_in_its_colour(tmp_path):
    (tmp_path / "brand.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#f00"/></svg>'
    )
    brand = Brand.load(tmp_path / "brand.svg", "Films")
    drawn = lettering("@ada", brand, 1280, 720)
    red = (drawn[..., 0] > 200) & (drawn[..., 1] < 60) & (drawn[..., 3] > 150)
    assert brand.aspect == 2
    assert red.sum() > 500


@pytest.mark.parametrize(
    ("drawing", "words"),
    [
        (None, "cannot be read"),
        ("not a drawing", "cannot be read"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "shows nothing"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 9"><rect width="99" height="9"/></svg>', "11.00 times"),
        ("<svg>" + " " * 300_000 + "</svg>", "256 KiB"),
    ],
)
def test_a_drawing_that_cannot_be_shown_is_told_of(tmp_path, drawing, words):
    if drawing is not None:
        (tmp_path / "brand.svg").write_text(drawing)
    with pytest.raises(BrandUnusable, match=words):
        Brand.load(tmp_path / "brand.svg", "Films")
