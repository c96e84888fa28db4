"""Short phrases to unit vectors: the BERT encoder of all-MiniLM-L6-v2 in numpy, mean-pooled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinora_world.meaning.wordpiece import WordPiece

F4 = NDArray[np.float32]
LAYERS, HEADS, WIDTH = 6, 12, 384
_EPSILON = 1e-12


def packed(matrix: F4) -> dict[str, NDArray[np.generic]]:
    """8 bits a weight, one scale a row: (n, m) int8 and (n, 1) float32."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-9) / 127
    return {"bits": np.rint(matrix / scale).astype(np.int8), "scale": scale.astype(np.float32)}


@dataclass(frozen=True, slots=True)
class Encoder:
    """`weights` by their published names; matrices packed as `<name>.bits` and `<name>.scale`."""

    weights: Mapping[str, NDArray[np.generic]]
    words: WordPiece

    def encode(self, phrases: Sequence[str]) -> F4:
        """(n, 384) unit vectors. Phrases are cut after 32 pieces."""
        rows = [self.words.pieces(phrase) for phrase in phrases]
        ids = np.zeros((len(rows), max(len(row) for row in rows)), np.int64)
        mask = np.zeros(ids.shape, np.float32)
        for number, row in enumerate(rows):
            ids[number, : len(row)], mask[number, : len(row)] = row, 1
        hidden = self._embedded(ids)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, mask, f"encoder.layer.{layer}.")
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        unit: F4 = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit

    def _embedded(self, ids: NDArray[np.int64]) -> F4:
        word = "embeddings.word_embeddings.weight"
        found = self.weights[f"{word}.bits"][ids].astype(np.float32) * self.weights[f"{word}.scale"][ids].astype(np.float32)
        place = self._array("embeddings.position_embeddings.weight")[: ids.shape[1]]
        kind = self._array("embeddings.token_type_embeddings.weight")[0]
        summed: F4 = found + place + kind
        return self._normalised(summed, "embeddings.LayerNorm")

    def _layer(self, hidden: F4, mask: F4, at: str) -> F4:
        """Self-attention and feed-forward, each added and normalised (Devlin et al. 2018)."""
        count, length, _ = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{at}attention.self.{part}").reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH / HEADS) + (mask[:, None, None, :] - 1) * 1e9
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (shares / shares.sum(-1, keepdims=True)) @ value
        attended = self._linear(seen.transpose(0, 2, 1, 3).reshape(count, length, WIDTH), f"{at}attention.output.dense")
        hidden = self._normalised(hidden + attended, f"{at}attention.output.LayerNorm")
        grown = _gelu(self._linear(hidden, f"{at}intermediate.dense"))
        return self._normalised(hidden + self._linear(grown, f"{at}output.dense"), f"{at}output.LayerNorm")

    def _linear(self, hidden: F4, name: str) -> F4:
        rows = hidden.reshape(-1, hidden.shape[-1])  # one large product: numpy would make a small one per phrase
        product = rows @ self._array(f"{name}.weight").T + self._array(f"{name}.bias")
        return product.reshape(*hidden.shape[:-1], -1)

    def _normalised(self, hidden: F4, name: str) -> F4:
        centred = hidden - hidden.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + _EPSILON)
        normalised: F4 = centred / spread * self._array(f"{name}.weight") + self._array(f"{name}.bias")
        return normalised

    def _array(self, name: str) -> F4:
        array: F4 = self.weights[name].astype(np.float32, copy=False)
        return array


def _gelu(x: F4) -> F4:
    """The tanh form (Hendrycks and Gimpel 2016), within 1e-3 of the exact one."""
    gelu: F4 = 0.5 * x * (1 + np.tanh(np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x)))
    return gelu


def unpacked(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """All but the word embeddings, of which few rows are ever used, at full width."""
    found: dict[str, NDArray[np.generic]] = {}
    for name, array in arrays.items():
        whole = name.removesuffix(".bits")
        if name.startswith("embeddings.word") or name == whole:
            found[name] = array
        else:
            found[whole] = array.astype(np.float32) * arrays[f"{whole}.scale"].astype(np.float32)
    return found
