import numpy as np
import pytest
from kinora_media.planes import planes, rgb, thinned

COLOURS = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (20, 160, 90), (90, 60, 200)]


@pytest.mark.parametrize("colour", COLOURS)
def test_a_colour_comes_back(colour):
    picture = np.full((20, 30, 3), colour, np.uint8)
    assert planes(picture).shape == (30, 30)
    assert np.abs(rgb(planes(picture)).astype(int) - picture).max() <= 3
    assert np.abs(thinned(planes(picture), 5, 7).astype(int) - colour).max() <= 3


def test_thinning_keeps_what_is_where():
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[20:, 30:] = (200, 40, 40)
    assert np.abs(thinned(planes(picture), 4, 4).astype(int) - rgb(planes(picture))[::13, ::19][:4, :4]).max() <= 3
