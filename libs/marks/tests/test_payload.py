"""Ids on carriers: what is written is read, whatever happened to some of the carriers, and nothing is read where nothing was written."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_marks.keys import Key, KeyRing
from kinora_marks.payload import CODED_BITS, Carriers, false_match_bound

CARRIERS = Carriers(Key(1, b"a secret of ours"), "picture", 2400)
ids = st.integers(0, 2**64 - 1)
seeds = st.integers(0, 2**32 - 1)


def noise(seed, size=CARRIERS.count):
    return np.random.default_rng(seed).normal(size=size).astype(np.float32)


@given(ids)
def test_what_is_written_is_read(identity):
    reading = CARRIERS.read(CARRIERS.written(identity))
    assert (reading.identity, reading.key) == (identity, 1)


@given(ids, seeds)
def test_noise_of_twice_a_carriers_strength_is_borne(identity, seed):
    assert CARRIERS.read(CARRIERS.written(identity) + 2 * noise(seed)).identity == identity


@given(ids, seeds)
def test_four_of_five_carriers_may_be_lost(identity, seed):
    kept = np.random.default_rng(seed).random(CARRIERS.count) < 0.2
    assert CARRIERS.read(CARRIERS.written(identity) * kept).identity == identity


@given(ids, seeds, st.floats(1e-3, 1e3))
def test_loudness_and_uneven_weights_matter_little(identity, seed, loudness):
    weights = np.random.default_rng(seed).uniform(0.2, 1, CARRIERS.count).astype(np.float32)
    assert CARRIERS.read(loudness * (CARRIERS.written(identity) + 2 * noise(seed)), weights).identity == identity


@given(ids, seeds)
def test_weights_save_a_word_from_carriers_that_lie(identity, seed):
    lying = np.random.default_rng(seed).random(CARRIERS.count) < 0.6
    values = np.where(lying, -5 * CARRIERS.written(identity), CARRIERS.written(identity) + noise(seed))
    assert CARRIERS.read(values, (~lying).astype(np.float32)).identity == identity


@settings(max_examples=20)
@given(ids, seeds)
def test_another_key_and_another_medium_read_nothing(identity, seed):
    values = CARRIERS.written(identity) + noise(seed)
    assert Carriers(Key(2, b"a secret of others"), "picture", 2400).read(values) is None
    assert Carriers(CARRIERS.key, "sound", 2400).read(values) is None


@settings(max_examples=50)
@given(seeds)
def test_nothing_is_read_from_noise_and_silence(seed):
    assert CARRIERS.read(noise(seed)) is None
    assert CARRIERS.read(np.zeros(CARRIERS.count, np.float32)) is None


@given(ids, seeds)
def test_pilots_tell_a_mark_from_none(identity, seed):
    assert CARRIERS.pilot_score(CARRIERS.written(identity) + 2 * noise(seed)) > 7
    assert abs(CARRIERS.pilot_score(noise(seed))) < 7


def test_too_few_carriers_are_refused():
    with pytest.raises(ValueError, match="too few"):
        Carriers(CARRIERS.key, "picture", CODED_BITS)


def test_chance_matches_less_than_once_in_a_thousand_million_lookups():
    assert false_match_bound(readings=4096, known=2**40) < 1e-9


def test_a_ring_makes_marks_with_its_first_key_and_knows_the_others():
    ring = KeyRing.parse(f"2:{'ab' * 16} 1:{'cd' * 16}")
    assert (ring.current.number, [key.number for key in ring]) == (2, [2, 1])
    assert "abab" not in repr(ring)


@pytest.mark.parametrize("text", ["", "1:abcd", f"1:{'ab' * 16} 1:{'cd' * 16}", "one:two", "1"])
def test_a_ring_that_cannot_be_is_refused(text):
    with pytest.raises(ValueError, match=r"key|Key"):
        KeyRing.parse(text)
