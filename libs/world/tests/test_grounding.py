"""Things sit on the ground: it is darker where they keep the sky from it."""

from dataclasses import replace

import numpy as np
import pytest
from kinora_world.look import Renderer
from kinora_world.look.grounding import MIDDLE, SIDE, TEXEL, darkness
from kinora_world.render import draw, prepare
from kinora_world.scene import Shape, View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Storyboard


def at(dark, x, y):
    column, row = ((np.array([x, y]) - MIDDLE) / TEXEL + SIDE / 2).astype(int)
    return dark[row, column]


def crate(z=0.5, size=0.5, **options) -> Shape:
    return Shape("box", (size, size, size), (0.0, 2.0, z), **options)


def test_the_ground_is_darkest_at_the_foot_of_a_thing_and_open_far_from_it():
    dark = darkness([crate()])
    assert at(dark, 0.52, 2.0) > at(dark, 0.8, 2.0) > at(dark, 1.6, 2.0)
    assert at(dark, 0.52, 2.0) > 0.3
    assert at(dark, 4.0, 2.0) == pytest.approx(0, abs=0.01)


def test_a_table_top_darkens_less_than_a_crate_and_a_lamp_in_the_air_not_at_all():
    table, lamp = darkness([crate(z=0.9, size=0.2)]), darkness([crate(z=3.0, size=0.2)])
    assert 0.02 < at(table, 0.0, 2.0) < at(darkness([crate(z=0.2, size=0.2)]), 0.0, 2.0)
    assert not lamp.any()


@pytest.mark.parametrize(
    "thing", [crate(visible=False), Shape("box", (1, 1, 0.01), (0, 2, 0.01)), Shape("plane", (1, 1), (0, 2, 0.0)), crate(finish="glow")]
)
def test_what_is_flat_unseen_or_light_darkens_nothing(thing):
    assert not darkness([thing]).any()


@pytest.mark.parametrize("style", ["realistic", "cartoon"])
def test_the_lit_side_of_a_crate_darkens_its_ground(style):
    stage = build_stage("park", seed=1)
    bare, crated = replace(stage, shapes=()), replace(stage, shapes=(crate(),))
    towards = np.asarray(stage.light.direction[:2]) / np.hypot(*stage.light.direction[:2])
    beside = (np.array([0.0, 2.0]) + towards * 0.8).tolist()
    view = View((beside[0], beside[1] - 0.5, 4.0), (*beside, 0.0), 8)
    with Renderer(64, 64) as renderer:
        plain, shaded = (renderer.frame(view, one, [], [], style, 0.0)[24:40, 24:40].mean() for one in (bare, crated))
    assert shaded < 0.95 * plain


def test_a_body_that_lies_darkens_the_ground_under_all_of_it():
    def beneath(verb):
        board = {
            "characters": [{"id": "ada", "name": "Ada"}],
            "shots": [{"duration": 2, "place": "park", "marks": [{"character": "ada"}], "actions": [{"actor": "ada", "verb": verb}]}],
        }
        scene = prepare(Storyboard.model_validate(board), width=160, height=90).scenes[0]
        with Renderer(160, 90) as renderer:
            draw(renderer, scene, 40, 24)
            mesh = renderer._gpu.body(scene.bodies["ada"])
            return mesh.lying(scene.bodies["ada"].posed(scene.performances["ada"].pose(1.9))[0])

    assert len(beneath("lie_down")) >= 3
    assert beneath("wave") == []
