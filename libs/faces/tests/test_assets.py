"""The weights that set-up takes from packages."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from kinora_faces import assets
from kinora_faces.assets.torch_file import read_tensors

CARRIERS = Path(__file__).parents[3] / ".cache" / "carriers"


class Evil:
    def __reduce__(self):
        return (print, ("run by a pickle",))


def test_the_weights_are_built():
    assert assets.path_of("recogniser.dat").stat().st_size > 20_000_000
    with np.load(assets.path_of("speaker.npz")) as tensors:
        assert tensors["lstm.weight_ih_l0"].shape == (1024, 40)


def test_missing_weights_say_what_to_run():
    with pytest.raises(assets.AssetsMissing, match="make setup"):
        assets.path_of("nothing.dat")


def test_a_pickle_that_asks_for_more_than_tensors_is_not_obeyed(tmp_path, capsys):
    path = tmp_path / "evil.pt"
    path.write_bytes(pickle.dumps(Evil()))
    with pytest.raises(pickle.UnpicklingError):
        read_tensors(path)
    assert "run by a pickle" not in capsys.readouterr().out


def test_the_predictor_that_may_not_be_used_commercially_is_not_kept():
    assert not list(CARRIERS.rglob("shape_predictor_68*"))
