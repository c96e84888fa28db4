"""Stand-ins by meaning."""

import numpy as np
import pytest
from kinora_world import meaning
from kinora_world.meaning.nearest import MODEL
from kinora_world.meaning.wordpiece import WordPiece

PIECES = WordPiece({piece: number for number, piece in enumerate(["[UNK]", "[CLS]", "[SEP]", "walk", "##ing", "cafe", "!"])})
needs_model = pytest.mark.skipif(not MODEL.exists(), reason="the sentence model has not been built")


@pytest.mark.parametrize(
    ("phrase", "pieces"),
    [("walking", [1, 3, 4, 2]), ("Café!", [1, 5, 6, 2]), ("zebra", [1, 0, 2]), ("", [1, 2]), ("walk " * 99, [1, *[3] * 30, 2])],
)
def test_words_are_cut_into_known_pieces(phrase, pieces):
    assert PIECES.pieces(phrase) == pieces


@needs_model
def test_like_phrases_are_near_and_lengths_do_not_mix():
    encoder = meaning.load().encoder
    alone = encoder.encode(["a happy person"])
    both = encoder.encode(["a happy person", "a very happy human being in a long sentence"])
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert np.allclose(alone[0], both[0], atol=1e-4)
    assert both[0] @ both[1] > 0.7 > encoder.encode(["quarterly tax report"])[0] @ both[0]


@needs_model
@pytest.mark.parametrize(("word", "kinds", "entry"), [("boulevard", ("places",), "street"), ("xqzzq", ("props", "places"), None)])
def test_the_nearest_entry_is_found_or_nothing_is_claimed(word, kinds, entry):
    found = meaning.load()(word, kinds)
    assert (found and found[1]) == entry
