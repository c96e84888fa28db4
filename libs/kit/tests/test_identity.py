from itertools import pairwise

import pytest
from kinora_kit import identity

OLD, NEW = b"o" * 32, b"n" * 32


def token(who, secret):
    return dict(identity.metadata(who, secret))[identity.HEADER]


def test_while_the_secret_is_renewed_both_are_believed(bob):
    """Each of the three steps, beside processes that are one step ahead or behind."""
    steps = [OLD, OLD + b" " + NEW, NEW + b" " + OLD, NEW]
    for here, there in pairwise(steps):
        assert identity.verify(token(bob, here), there) == identity.verify(token(bob, there), here) == bob


def test_a_secret_that_was_left_behind_is_believed_no_more(bob):
    with pytest.raises(identity.IdentityInvalid):
        identity.verify(token(bob, OLD), NEW)
    with pytest.raises(identity.IdentityInvalid):
        identity.verify(token(bob, b"x" * 32), NEW + b" " + OLD)
