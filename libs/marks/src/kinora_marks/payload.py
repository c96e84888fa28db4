"""What a mark says: a video's 64-bit id, proved by a keyed code of 24 bits, on as many carriers as the medium has.

A carrier is one number that a mark can push up or down: a coefficient of a picture's spectrum, a band of sound for a moment. Some of
them are pilots, whose directions the key alone decides: they say where the mark lies and how well each carrier came through. The others
repeat the coded bits, evenly and in an order that the key decides.
"""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np

from kinora_marks import code
from kinora_marks.code import F4, Bits
from kinora_marks.keys import Key

ID_BITS = 64
PROOF_BITS = 24
WORD_BITS = ID_BITS + PROOF_BITS
CODED_BITS = WORD_BITS * code.RATE
PILOTS = 0.25  # of the carriers, where a medium does not say


@dataclass(frozen=True)
class Reading:
    """An id whose proof fits. `score` is by how many standard deviations the carriers agree with it: 12 and more in practice."""

    identity: int
    key: int
    score: float


def false_match_bound(readings: int, known: int) -> float:
    """At most so likely is it that chance alone gives an id which is one of `known` ids, in so many readings of what carries no mark.

    Chance gives words without preference (each carrier's direction is keyed), of which up to 8 are looked at in a reading. 4,096 readings
    of a clip and 2**40 videos: 1.2e-10.
    """
    return min(1.0, readings * code.LISTED * 2.0**-PROOF_BITS * known / 2.0**ID_BITS)


class Carriers:
    """How `count` carriers of a medium ("picture", "sound") bear a word under a key; `share` of them are pilots."""

    def __init__(self, key: Key, medium: str, count: int, share: float = PILOTS) -> None:
        pilots = round(count * share)
        if count - pilots < CODED_BITS:
            raise ValueError(f"{count} carriers are too few for {CODED_BITS} coded bits and their pilots.")
        order = key.order(f"{medium}/order", count)
        self.key, self.count = key, count
        self.pilots, self.data = order[:pilots], order[pilots:]
        self.signs = key.signs(f"{medium}/signs", count)
        self._bit = np.arange(count - pilots) % CODED_BITS  # which coded bit each of `data` repeats

    def written(self, identity: int) -> F4:
        """(count,): +1 or -1, the direction of each carrier."""
        directions = self.signs.copy()
        directions[self.data] *= code.sent(_word(identity, self.key))[self._bit]
        return directions

    def pilot_score(self, values: F4, weights: F4 | float = 1.0) -> float:
        """By how many standard deviations the pilots are there, in values as `read` takes them."""
        heard = (values * weights)[self.pilots]
        length = float(np.linalg.norm(heard))
        return float(heard @ self.signs[self.pilots]) / length if length else 0.0

    def read(self, values: F4, weights: F4 | float = 1.0) -> Reading | None:
        """Of what was measured on each carrier, (count,), around 0; None where no word's proof fits.

        The best weight of a carrier is its gain over its noise's variance, which pilots near it tell; 0 leaves it out.
        """
        heard = (values * weights * self.signs)[self.data]
        soft = np.bincount(self._bit, heard, CODED_BITS).astype(np.float32)
        for word in code.decode(soft):
            identity = _identity(word)
            if np.array_equal(word, _word(identity, self.key)):
                return Reading(identity, self.key.number, self._score(word, heard))
        return None

    def _score(self, word: Bits, heard: F4) -> float:
        length = float(np.linalg.norm(heard))
        return float(heard @ code.sent(word)[self._bit]) / length if length else 0.0


def _word(identity: int, key: Key) -> Bits:
    """The id and its proof, (WORD_BITS,), the highest bit first."""
    said = identity.to_bytes(ID_BITS // 8, "big")
    proof = hmac.new(key.stream("proof", 32), said, hashlib.sha256).digest()
    return np.unpackbits(np.frombuffer(said + proof[: PROOF_BITS // 8], np.uint8))


def _identity(word: Bits) -> int:
    return int.from_bytes(np.packbits(word[:ID_BITS]).tobytes(), "big")
