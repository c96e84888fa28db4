"""Laws of the code that marks are written in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from kinora_marks import code

words = st.lists(st.integers(0, 1), min_size=24, max_size=120).map(lambda bits: np.array(bits, np.uint8))


@given(words)
def test_a_word_comes_back(word):
    assert np.array_equal(code.decode(code.sent(word))[0], word)


@given(words, words)
def test_it_is_linear(one, other):
    size = min(len(one), len(other))
    one, other = one[:size], other[:size]
    assert np.array_equal(code.encode(one ^ other), code.encode(one) ^ code.encode(other))


@given(words, st.integers(0, 200))
def test_a_word_has_no_beginning(word, turn):
    assert np.array_equal(code.encode(np.roll(word, turn)), np.roll(code.encode(word), code.RATE * turn))


@given(st.integers(0, 2**32 - 1))
def test_different_words_differ_in_22_places_or_more(seed):
    word = np.zeros(88, np.uint8)
    word[np.random.default_rng(seed).integers(0, 88, 5)] = 1
    assert code.encode(word).sum() >= 22


@given(words, st.data())
def test_ten_wrong_places_are_righted(word, data):
    wrong = data.draw(st.lists(st.integers(0, code.RATE * len(word) - 1), max_size=10))
    received = code.sent(word)
    received[wrong] *= -1
    assert any(np.array_equal(found, word) for found in code.decode(received))


@given(words)
def test_the_best_word_is_first(word):
    received = code.sent(word) + np.random.default_rng(int(word.sum())).normal(size=3 * len(word)).astype(np.float32)
    heights = [code.agreement(found, received) for found in code.decode(received)]
    assert heights == sorted(heights, reverse=True)


def test_at_1_5_db_of_energy_a_bit_nine_of_ten_words_come_through():
    random = np.random.default_rng(5)
    deviation = np.sqrt(code.RATE / 2 / 10 ** (1.5 / 10))
    right = 0
    for _ in range(40):
        word = random.integers(0, 2, 88).astype(np.uint8)
        right += np.array_equal(code.decode(code.sent(word) + deviation * random.normal(size=264).astype(np.float32))[0], word)
    assert right >= 36
