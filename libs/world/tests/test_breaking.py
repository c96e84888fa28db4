"""What is breakable breaks when it falls hard, and not otherwise."""

import numpy as np
import pytest
from kinora_world.physics import shatter, simulate
from kinora_world.render import prepare
from kinora_world.scene import Light, StageSet
from kinora_world.stage import prop_kind
from kinora_world.storyboard import Prop, Shot, Storyboard

TIMES = np.arange(60) / 24
SHOT = Shot(duration=2.5, place="room")
LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
BARE = StageSet("room", (), "boards", "wood", LIGHT, "clear", "room")


def dropped(kind, height):
    props = {"thing": (prop_kind(kind), (0.0, 0.0, height), 0.0)}
    motion = simulate(SHOT, props, {}, BARE, TIMES, lambda: None)
    return (motion, *shatter(SHOT, motion, props, BARE, TIMES, lambda: None))


@pytest.fixture(scope="module")
def vase():
    return dropped("vase", 1.2)


def test_a_vase_that_falls_from_a_table_goes_to_pieces(vase):
    whole, broken, kinds = vase
    at = next(c.time for c in whole.contacts)
    assert len(kinds) > 8
    assert np.array_equal(broken.props["thing"][at > TIMES], whole.props["thing"][at > TIMES])
    assert np.abs(broken.props["thing"][-1, :3, :3]).max() < 1e-3


def test_its_shards_scatter_on_the_floor_and_weigh_as_much_as_it_did(vase):
    _, broken, kinds = vase
    places = np.array([broken.props[name][-1, :3, 3] for name in kinds])
    assert sum(kind.mass for kind in kinds.values()) == pytest.approx(prop_kind("vase").mass)
    assert np.ptp(places[:, :2], axis=0).min() > 0.2
    assert places[:, 2].max() < 0.3
    assert places[:, 2].min() > -0.05


def test_they_are_heard(vase):
    whole, broken, _ = vase
    assert len(broken.contacts) > len(whole.contacts)
    assert {name for c in broken.contacts for name in c.names} == {"thing", "floor"}


@pytest.mark.parametrize(("kind", "height"), [("vase", 0.02), ("basketball", 2.0), ("brick", 1.5)])
def test_what_is_set_down_or_is_tough_stays_whole(kind, height):
    whole, after, kinds = dropped(kind, height)
    assert kinds == {}
    assert after == whole


def test_a_clip_with_a_vase_that_breaks_is_seen_and_heard():
    vase = Prop(id="vase", kind="vase", position=(0, 0, 1.2))
    clip = prepare(Storyboard(shots=(SHOT.model_copy(update={"duration": 1.0, "props": (vase,)}),)), width=96, height=54)
    fallen = clip.scenes[0].motion.contacts[0].time
    assert np.abs(clip.audio[int(fallen * 48_000) : int((fallen + 0.1) * 48_000)]).max() > 0.02
    frames = [frame.astype(int) for frame in clip.frames()]
    assert np.abs(frames[-1] - frames[2]).max() > 30
