"""What makes each style that style, by simple statistics of the same shot."""

from functools import cache
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue, render
from kinora_world.cast.style import STYLES
from kinora_world.look import Renderer, style_entry
from kinora_world.look.palettes import nearest_table
from kinora_world.look.styles import NAMES
from kinora_world.scene import PropKind, Shape, View
from kinora_world.stage import build_stage, prop_kind
from kinora_world.storyboard import Shot, Storyboard, Style
from scipy.ndimage import gaussian_filter

VIEW = View((0.4, -5.0, 1.6), (0.0, 0.6, 1.2), 40)
BALL = PropKind("ball", (Shape("sphere", (0.7,), (0, 0, 0.9), colour=(0.8, 0.25, 0.1)),))


@pytest.fixture(scope="module")
def picture():
    with Renderer(640, 360) as renderer:

        @cache
        def drawn(style, time_of_day="day", place="court", moment=0.0):
            poses = [np.eye(4), np.eye(4)]
            poses[1][0, 3] = 1.6
            props = list(zip((BALL, prop_kind("crate")), poses, strict=True))
            stage = build_stage(place, time_of_day, style, 1)
            return renderer.frame(VIEW, stage, props, [], style, moment).astype(float) / 255

        yield drawn


def luma(picture):
    return picture @ (0.2126, 0.7152, 0.0722)


def saturation(picture):
    most = picture.max(-1)
    return float(((most - picture.min(-1)) / np.maximum(most, 1e-6)).mean())


def edges(picture):
    """The share of pixels where the grey jumps."""
    return float((np.abs(np.diff(luma(picture), axis=1)) > 0.06).mean())


def palette_size(picture):
    """Colours that it takes to cover 95% of the picture, at 32 steps a channel."""
    _, counts = np.unique((picture * 31).round().astype(int) @ (1, 32, 1024), return_counts=True)
    return int(np.searchsorted(np.cumsum(np.sort(counts)[::-1]) / counts.sum(), 0.95)) + 1


def features(picture):
    """Each in units in which one is a difference seen at a glance."""
    grey = luma(picture)
    dark = picture[grey < np.percentile(grey, 25)]
    measured = {
        "saturation": saturation(picture) / 0.07,
        "edges": edges(picture) / 0.05,
        "palette": np.log2(palette_size(picture)) / 0.7,
        "brightness": grey.mean() / 0.07,
        "contrast": grey.std() / 0.04,
        "warmth": (picture[..., 0] - picture[..., 2]).mean() / 0.05,
        "grain": np.abs(np.diff(grey, 2, axis=1)).mean() / 0.006,
        "shadows": (dark[:, 2] - dark[:, 0]).mean() / 0.05,
        "depth of black": np.percentile(grey, 2) / 0.06,
        "corners": grey[:12, :12].mean() / 0.2,
        "rim": saturation(picture[:8]) / 0.15,
    }
    return np.array(list(measured.values()))


def test_the_catalogue_and_the_cast_have_every_style_of_the_schema():
    assert set(NAMES) == set(get_args(Style)) == set(catalogue.names("styles")) == set(STYLES)
    assert all(set(style_entry(name).skies) == {"clear", "dawn", "sunset", "night"} for name in NAMES)
    assert catalogue.words("styles")["stop motion"] == "claymation"


@pytest.mark.parametrize(("one", "other"), thinned(combinations(NAMES, 2), 3))
def test_any_two_styles_differ_at_a_glance(picture, one, other):
    assert np.abs(features(picture(one)) - features(picture(other))).max() > 1


def test_noir_is_silver_with_deep_shadows_and_dark_corners(picture):
    noir, real = picture("noir"), picture("realistic")
    assert saturation(noir) < 0.03
    assert np.percentile(luma(noir), 5) < 0.6 * np.percentile(luma(real), 5)
    assert luma(noir)[:20, :20].mean() < luma(noir)[:20, 300:340].mean()


def test_noir_throws_the_slats_of_a_blind_into_a_room(picture):
    def stripes(style):
        column = luma(picture(style, place="room"))[40:150, 590:620].mean(1)
        return np.abs(np.diff(np.sign(np.diff(np.convolve(column, np.ones(5) / 5, "valid"))))).sum()

    assert stripes("noir") > stripes("realistic")


def test_pixel_art_is_squares_of_few_colours(picture):
    drawn = (picture("pixel") * 255).round().astype(np.uint8)
    squares = drawn.reshape(180, 2, 320, 2, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) <= len(style_entry("pixel").palette)


def test_the_nearest_colour_of_a_palette_is_its_own():
    colours = style_entry("pixel").palette
    table = nearest_table(colours)
    for colour in colours:
        red, green, blue = bytes.fromhex(colour[1:])
        assert np.abs(table[blue // 8, green // 8, red // 8].astype(int) - (red, green, blue)).max() < 24


def test_a_sketch_is_grey_lead_on_bright_paper(picture):
    sketch = picture("sketch")
    assert saturation(sketch) < 0.12
    assert np.percentile(luma(sketch), 75) > 0.85
    assert edges(sketch) > 1.5 * edges(picture("realistic"))


def test_a_sketch_leaves_what_is_in_the_light_to_the_white_of_the_paper(picture):
    sketch, drawn = luma(picture("sketch")), luma(gaussian_filter(picture("realistic"), (6, 6, 0)))
    assert np.percentile(sketch[drawn > 0.75], 10) > 0.8
    assert sketch[drawn < 0.3].mean() < 0.9 * sketch[drawn > 0.75].mean()


def test_a_sketch_is_drawn_again_as_time_passes_though_nothing_moves(picture):
    first, held, again = (picture("sketch", moment=moment) for moment in (0.0, 0.1, 0.4))
    assert np.abs(held - first).mean() < 0.002
    assert np.abs(again - first).mean() > 0.01


def test_watercolour_leaves_the_sheet_white_around_and_its_paper_stays(picture):
    first, later = picture("watercolour"), picture("watercolour", moment=0.4)
    assert luma(first)[:6].mean() > 0.9
    assert np.abs(first - later)[40:].mean() < 0.004


def test_watercolour_gathers_pigment_along_edges(picture):
    wet, drawn = (luma(picture(style))[150:230, 180:330] for style in ("watercolour", "realistic"))
    middle, rim = (slice(30, 50), slice(60, 90)), slice(None)
    assert wet[rim].min() < 0.75 * wet[middle].mean()
    assert drawn.shape == wet.shape


def test_clay_is_kneaded_where_drawings_are_flat(picture):
    def relief(style):
        ball = luma(picture(style))[180:240, 290:350]
        return (ball - gaussian_filter(ball, 12)).std()

    assert relief("claymation") > 1.5 * relief("realistic")


def test_anime_has_its_own_sky_and_light(picture):
    anime, toon = (picture(style, place="beach") for style in ("anime", "cartoon"))
    assert np.abs(anime[:90] - toon[:90]).mean() > 0.04
    assert saturation(anime) < 0.9 * saturation(toon)


def test_held_styles_show_each_drawing_for_two_frames(monkeypatch):
    drawn, nothing = [], np.zeros((36, 64, 3), np.uint8)
    monkeypatch.setattr(render, "draw", lambda _renderer, _scene, index, _fps, **_: drawn.append(index) or nothing)
    shots = (Shot(duration=0.5, place="court", style="claymation"), Shot(duration=0.5, place="court", style="cartoon"))
    clip = render.prepare(Storyboard(shots=shots), width=64, height=36)
    assert len(list(clip.frames())) == 24
    assert drawn == [0, 2, 4, 6, 8, 10, *range(12)]
