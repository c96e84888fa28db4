"""A challenge of seven seconds, and clips that answer it, each made once."""

from functools import cache

import cv2
import pytest
from kinora_faces.challenge import Challenge, Item, Move
from kinora_testkit.enrolment import Take, attack, genuine

cv2.setNumThreads(1)
TAKE = Take(seed=3, voice="en-us+m3")


@pytest.fixture(scope="session")
def challenge():
    items = (Item(1.1, "banana"), Item(2.4, move=Move.LEFT), Item(4.3, "window"), Item(5.5, move=Move.UP))
    return Challenge("en", items, 7.2, 3.0)


@pytest.fixture(scope="session")
def enrolment(challenge):
    """`enrolment()` is genuine, `enrolment("two faces")` an attack. Takes some seconds the first time."""

    @cache
    def made(species="genuine", asked=challenge, take=TAKE):
        return genuine(asked, take) if species == "genuine" else attack(species, asked, take)

    return made
