import re

from hypothesis import given
from hypothesis import strategies as st
from kinora_kit.secret import SHOWN, digest, is_well_formed, new_secret

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_secrets_are_well_formed_and_never_the_same():
    made = {new_secret() for _ in range(1000)}
    assert len(made) == 1000
    assert all(is_well_formed(secret) and re.fullmatch(r"kn_[0-9A-Za-z]{38}", secret) for secret in made)


@given(position=st.integers(3, 40), letter=st.sampled_from(BASE62))
def test_one_mistyped_character_is_always_noticed(position, letter):
    secret = new_secret()
    mistyped = secret[:position] + letter + secret[position + 1 :]
    assert is_well_formed(mistyped) == (mistyped == secret)


@given(position=st.integers(3, 39))
def test_two_swapped_neighbours_are_always_noticed(position):
    secret = new_secret()
    swapped = secret[:position] + secret[position + 1] + secret[position] + secret[position + 2 :]
    assert is_well_formed(swapped) == (swapped == secret)


@given(st.text())
def test_no_other_text_is_well_formed(text):
    assert not is_well_formed(text)


def test_what_is_stored_and_shown_does_not_give_the_secret_away():
    secret = new_secret()
    assert secret.encode() not in digest(secret)
    assert len(secret[SHOWN:]) == 32
