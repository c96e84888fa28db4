"""A given picture is the world of the clip."""

import av
import numpy as np
import pytest
from kinora_world import output
from kinora_world.director import direct
from kinora_world.look import Renderer
from kinora_world.picture import PictureWorld
from kinora_world.picture.backdrop import relief
from kinora_world.picture.moves import ENDS
from kinora_world.render import prepare
from kinora_world.stage import build_stage
from kinora_world.storyboard import Shot, Storyboard
from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 320, 180
HORIZON, FOOT = 90, 130


def landscape(sky=(150, 190, 240), ground=(110, 140, 60)) -> np.ndarray:
    """A plain under a sky, with a dark tower that stands on it."""
    picture = Image.new("RGB", SIZE, sky)
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle([0, HORIZON, WIDTH, HEIGHT], fill=ground)
    drawing.rectangle([60, 40, 90, FOOT], fill=(60, 40, 35))
    return np.asarray(picture)


def portrait() -> np.ndarray:
    """Head and shoulders that reach the lower edge, before a wall."""
    picture = Image.new("RGB", SIZE, (205, 200, 190))
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse([90, 110, 230, 300], fill=(40, 50, 110))
    drawing.ellipse([130, 40, 190, 120], fill=(200, 140, 110))
    return np.asarray(picture)


def shot(**changes) -> Shot:
    return Shot.model_validate({"duration": 2, "place": "picture"} | changes)


@pytest.fixture(scope="module")
def renderer():
    with Renderer(*SIZE) as one:
        yield one


@pytest.fixture
def filmed(renderer):
    def draw(world, one, time):
        stage, view = world.filmed(one, world.stage(build_stage(one.place), one), lambda _: {}, {}, {})
        return renderer.frame(view(time), stage, [], [], one.style, time)

    return draw


def psnr(one, other) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2)))


def test_a_landscape_has_its_horizon_and_depth():
    seen = relief(landscape())
    rows = seen.near.shape[0]
    assert seen.found.horizon * HEIGHT == pytest.approx(HORIZON, abs=12)
    assert np.all(np.diff(seen.near[round(0.6 * rows) :, 200]) > 0)
    assert seen.near[: rows // 4, 200].max() < 0.2 * seen.near[-1, 200]


def test_what_stands_on_the_ground_is_as_far_as_its_foot():
    seen = relief(landscape())
    scale = seen.near.shape[0] / HEIGHT
    tower, foot = seen.near[round(70 * scale), round(75 * scale)], seen.near[round(FOOT * scale), round(200 * scale)]
    assert tower == pytest.approx(foot, rel=0.25)


def test_the_subject_of_a_portrait_is_nearer_than_the_wall():
    seen = relief(portrait())
    rows, columns = seen.near.shape
    assert not seen.found.grounded
    assert seen.near[rows * 2 // 5, columns // 2] > 1.8 * seen.near[rows // 4, columns // 8]


def test_the_camera_first_sees_the_picture_as_it_is(filmed):
    picture = landscape()
    for move in ("static", "dolly_in", "handheld", "dutch"):
        assert psnr(filmed(PictureWorld(picture), shot(camera={"move": move}), 0.0), picture) > 33


def test_the_near_passes_the_far_when_the_camera_moves_aside(filmed):
    world, moving = PictureWorld(landscape()), shot(camera={"move": "truck"})
    before, after = (filmed(world, moving, time).astype(float) for time in (0.0, 2.0))

    def middle(frame):
        dark = (frame.sum(-1) < 200)[60:80]
        return np.nonzero(dark)[1].mean()

    assert middle(before) - middle(after) > 3


@pytest.mark.parametrize("picture", [landscape(ground=(240, 240, 250)), portrait()], ids=["landscape", "portrait"])
def test_no_move_looks_beyond_the_picture(filmed, picture):
    """Holes and what is beyond the edges would be black."""
    world = PictureWorld(np.maximum(picture, 60))
    for move in ENDS:
        assert filmed(world, shot(camera={"move": move}), 2.0).min() > 40, move


def test_night_comes_over_a_bright_picture_but_not_twice(filmed):
    bright, dark = landscape(), (landscape() * 0.25).astype(np.uint8)
    night = shot(time_of_day="night")
    assert filmed(PictureWorld(bright), night, 0.0).mean() < 0.6 * bright.mean()
    assert psnr(filmed(PictureWorld(dark), night, 0.0), dark) > 33


def test_people_stand_in_the_picture_and_shade_its_ground():
    one = {"characters": [{"id": "ada", "name": "Ada"}], "shots": [{"duration": 1, "place": "picture", "marks": [{"character": "ada"}]}]}
    picture = landscape()
    last = list(prepare(Storyboard.model_validate(one), width=WIDTH, height=HEIGHT, first_frame=picture).frames())[-1]
    changed = np.abs(last.astype(int) - picture).sum(-1) > 60
    rows, columns = np.nonzero(changed)
    assert 0.3 * HEIGHT < np.ptp(rows) < 0.9 * HEIGHT
    assert abs(columns.mean() - WIDTH / 2) < 30
    darker = (last.astype(int).sum(-1) < picture.astype(int).sum(-1) - 15)[rows.max() - 4 : rows.max() + 4]
    assert darker.sum() > 8


def test_the_film_opens_on_the_picture_and_says_what_was_done(tmp_path):
    picture = landscape()
    board = direct("it snows", seconds=0.5, width=WIDTH, height=HEIGHT, seed=1, picture=True).storyboard
    files = output.write(prepare(board, width=WIDTH, height=HEIGHT, first_frame=picture), tmp_path)
    with av.open(str(files.video)) as film:
        first = next(film.decode(video=0)).to_ndarray(format="rgb24")
    assert psnr(first, picture) > 32
    assert files.notes == ("The picture is the backdrop; it moves in depth by an estimate.",)


def test_people_are_told_what_a_picture_cannot_do():
    told = PictureWorld(portrait()).notes(["drone"], anybody=True)
    assert any("No ground was found" in note for note in told)
    assert any("ends at its edges" in note for note in told)
    assert len(PictureWorld(landscape()).notes(["dolly_in"], anybody=True)) == 1


@pytest.mark.parametrize("prompt", ["animate this picture", "Bring the photo to life!", "make it move", "fnord", ""])
def test_a_prompt_about_the_picture_alone_stages_nobody(prompt):
    directed = direct(prompt, seconds=4, width=WIDTH, height=HEIGHT, seed=1, picture=True)
    assert directed.storyboard.shots[0].place == "picture"
    assert directed.storyboard.characters == ()
    assert not any("animate" in note or "life" in note for note in directed.notes)


def test_a_place_that_the_prompt_names_is_heard_in_the_picture():
    directed = direct("a woman waves on the beach", seconds=4, width=WIDTH, height=HEIGHT, seed=1, picture=True)
    assert directed.storyboard.shots[0].place == "beach"
