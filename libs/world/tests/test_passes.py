"""Depth, segmentation, motion and pose as files."""

import json

import av
import numpy as np
import pytest
from kinora_world import output
from kinora_world.render import prepare
from kinora_world.storyboard import Storyboard

pytestmark = pytest.mark.slow
W, H = 192, 108


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    shot = {"duration": 0.5, "place": "park", "camera": {"subject": "ada"}, "marks": [{"character": "ada"}]}
    shot["actions"] = [{"actor": "ada", "verb": "wave"}]
    board = Storyboard.model_validate({"characters": [{"id": "ada", "name": "Ada"}], "shots": [shot]})
    return output.write_passes(prepare(board, width=W, height=H), tmp_path_factory.mktemp("passes"), output.KINDS)


def film(path):
    with av.open(str(path)) as opened:
        return np.stack([frame.to_ndarray() for frame in opened.decode(video=0)])


def test_there_is_a_frame_of_each_for_every_frame_of_the_film(made):
    assert [film(made[kind]).shape[:3] for kind in ("depth", "segmentation", "motion")] == [(12, H, W)] * 3
    assert len(json.loads(made["pose"].read_text())) == 12


def test_the_person_is_found_and_nearer_than_what_is_behind(made):
    legend = json.loads(made["passes"].read_text())["shots"][0]["legend"]
    ada = int(next(number for number, name in legend.items() if name == "ada"))
    depth, person = film(made["depth"])[6], film(made["segmentation"])[6] == ada
    assert 0.02 < person.mean() < 0.5
    assert np.median(depth[person]) < np.median(depth[~person])


def test_the_joints_lie_on_the_person(made):
    legend = json.loads(made["passes"].read_text())["shots"][0]["legend"]
    ada = int(next(number for number, name in legend.items() if name == "ada"))
    person, joints = film(made["segmentation"])[6] == ada, json.loads(made["pose"].read_text())[6]["ada"]
    on = [person[min(int(y), H - 1), min(int(x), W - 1)] for x, y, *_ in joints.values()]
    assert np.mean(on) > 0.8


def test_what_stands_still_has_not_moved(made):
    motion = (film(made["motion"])[6].astype(float) - 32768) / 64
    assert np.abs(motion[..., :2]).max() < 30
    assert np.median(np.abs(motion[..., :2])) == 0


def test_an_unknown_pass_is_refused_by_name(tmp_path):
    board = Storyboard.model_validate({"shots": [{"duration": 0.5, "place": "park"}]})
    with pytest.raises(ValueError, match="'albedo'; known: depth, segmentation, motion, pose"):
        output.write_passes(prepare(board, width=W, height=H), tmp_path, ["albedo"])
