"""A tail-biting convolutional code of rate 1/3 and constraint length 11 with a soft Viterbi decoder that lists its best words.

Generators of free distance 22 after K. J. Larsen, "Short convolutional codes with maximal free distance for rates 1/2, 1/3 and 1/4", IEEE
Trans. Inf. Theory 19 (1973), as tabled in Proakis, Digital Communications. Lower rates come of carrying each bit many times. Tail-biting
spends nothing on ending the word; it is decoded by going round twice (R. Y. Shao et al., "Two decoding algorithms for tailbiting codes",
IEEE Trans. Commun. 51, 2003).
"""

from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
F4 = NDArray[np.float32]

GENERATORS = (0o2353, 0o2671, 0o3175)
RATE = len(GENERATORS)  # coded bits for each bit
_MEMORY = 10  # bits before this one that a coded bit depends on
_STATES = 1 << _MEMORY
_ROUNDS = 3
LISTED = 8  # words at most


def encode(bits: Bits) -> Bits:
    """(n,) of 0 and 1, n > 10, become (3 n,)."""
    coded = np.zeros((len(bits), RATE), np.uint8)
    for number, generator in enumerate(GENERATORS):
        for back in range(_MEMORY + 1):
            if generator >> (_MEMORY - back) & 1:
                coded[:, number] ^= np.roll(bits, back)
    return coded.ravel()


def decode(soft: F4) -> list[Bits]:
    """The likeliest words, the best first, of (3 n,) values: log-likelihood ratios up to a factor, positive where 0 is likelier, 0 where
    nothing is known.
    """
    steps = np.asarray(soft, np.float32).reshape(-1, RATE)
    branches = steps @ _signs().T  # (n, 8): what each output would earn
    metric = np.zeros(_STATES, np.float32)
    for _ in range(_ROUNDS):
        metric, choices = _forward(metric - metric.max(), branches)
    ended = np.argsort(-metric, kind="stable")
    words, began = _back(ended, choices)
    closed = words[began == ended]
    found = _distinct(closed if len(closed) else words[:1])
    return sorted(found, key=lambda word: -agreement(word, soft))[:LISTED]


def agreement(bits: Bits, soft: F4) -> float:
    """The correlation of a word, once coded, with what was received, from -1 to 1."""
    length = float(np.linalg.norm(soft)) * np.sqrt(len(soft))
    return float(sent(bits) @ soft) / length if length else 0.0


def sent(bits: Bits) -> F4:
    """A word as what is sent: +1 for each coded 0, -1 for each 1."""
    return np.where(encode(bits), -1, 1).astype(np.float32)


def _forward(metric: F4, branches: F4) -> tuple[F4, NDArray[np.bool_]]:
    """Once round the word: each state's best metric, and which of its two predecessors it came from, (n, states)."""
    choices = np.empty((len(branches), _STATES), np.bool_)
    outputs = _outputs()
    for step, earned in enumerate(branches):
        # The register 2 t + x leads from state (2 t + x) mod STATES to state t.
        pair = (np.concatenate([metric, metric]) + earned[outputs]).reshape(_STATES, 2)
        np.greater(pair[:, 1], pair[:, 0], out=choices[step])
        metric = np.maximum(pair[:, 0], pair[:, 1])
    return metric, choices


def _back(states: NDArray[np.intp], choices: NDArray[np.bool_]) -> tuple[Bits, NDArray[np.intp]]:
    """The words that end in these states, (states, n), and the states in which they began."""
    words = np.empty((len(states), len(choices)), np.uint8)
    for step in range(len(choices) - 1, -1, -1):
        words[:, step] = states >> (_MEMORY - 1)
        states = (2 * states + choices[step, states]) & (_STATES - 1)
    return words, states


def _distinct(words: Bits) -> list[Bits]:
    return list({word.tobytes(): word for word in words}.values())


@cache
def _outputs() -> NDArray[np.intp]:
    """(2 states,): the coded bits of each register as one number, the first generator's highest."""
    registers = np.arange(2 * _STATES)
    parities = [np.bitwise_count(registers & generator) & 1 for generator in GENERATORS]
    return cast("NDArray[np.intp]", np.ravel_multi_index(tuple(parities), (2,) * RATE))


@cache
def _signs() -> F4:
    """(8, 3): +1 for a coded 0, -1 for a 1."""
    return 1 - 2 * np.array(list(np.ndindex((2,) * RATE)), np.float32)
