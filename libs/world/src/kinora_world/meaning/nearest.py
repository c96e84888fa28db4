"""Every word of the catalogues as a vector, and the one nearest to what was said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from kinora_world import catalogue
from kinora_world.meaning.encoder import F4, Encoder, unpacked
from kinora_world.meaning.wordpiece import WordPiece

MODEL = Path(__file__).parents[1] / "assets" / "built" / "minilm.npz"
KINDS = ("actions", "props", "places", "species", "garments")
LEAST = 0.52  # cosine; below it a word is nobody's stand-in
_BATCH = 64
_WORDS_EACH = 3


@dataclass(slots=True)
class Nearest:
    """Callable: a phrase and catalogues to search → (catalogue, entry), or None when nothing is near enough."""

    encoder: Encoder
    phrases: Mapping[str, tuple[str, ...]]
    vectors: Mapping[str, F4]
    _found: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = field(default_factory=dict)

    def __call__(self, phrase: str, kinds: Sequence[str]) -> tuple[str, str] | None:
        key = (phrase, tuple(kinds))
        if key not in self._found:
            self._found[key] = self._search(phrase, kinds)
        return self._found[key]

    def _search(self, phrase: str, kinds: Sequence[str]) -> tuple[str, str] | None:
        vector = self.encoder.encode([phrase])[0]
        near = [(float(likeness.max()), kind, int(likeness.argmax())) for kind in kinds for likeness in (self.vectors[kind] @ vector,)]
        best, kind, number = max(near, default=(0.0, "", 0))
        return (kind, catalogue.words(kind)[self.phrases[kind][number]]) if best >= LEAST else None


@cache
def load() -> Nearest | None:
    """None when the model has not been built. Takes about a second; the catalogues' vectors are kept beside the model."""
    if not MODEL.exists():
        return None
    with np.load(MODEL) as file:
        arrays = {name: file[name] for name in file.files}
    words = WordPiece({str(piece): number for number, piece in enumerate(arrays.pop("vocabulary"))})
    encoder = Encoder(unpacked(arrays), words)
    phrases = {kind: tuple(_telling(kind)) for kind in KINDS}
    return Nearest(encoder, phrases, index(encoder, phrases))


def _telling(kind: str) -> Iterator[str]:
    """The name of every entry and the first of its words: the rest are turns of the same."""
    for name, entry in catalogue.entries(kind).items():
        said = [name.replace("_", " "), *(str(word).lower() for word in entry.get("words", ())[:_WORDS_EACH])]
        yield from (phrase for phrase in dict.fromkeys(said) if catalogue.words(kind).get(phrase) == name)


def index(encoder: Encoder, phrases: Mapping[str, Sequence[str]]) -> dict[str, F4]:
    """(n, 384) by catalogue. Vectors are kept in a file beside the model; only phrases it lacks are encoded."""
    path = MODEL.with_name("minilm_index.npz")
    known = _stored(path)
    wanted = sorted({phrase for listed in phrases.values() for phrase in listed})
    if missing := [phrase for phrase in wanted if phrase not in known]:
        known.update(zip(missing, _encoded(encoder, missing), strict=True))
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, phrases=np.array(wanted), vectors=np.array([known[phrase] for phrase in wanted], np.float16))
        partial.replace(path)
    return {kind: np.array([known[phrase] for phrase in listed], np.float32) for kind, listed in phrases.items()}


def _stored(path: Path) -> dict[str, F4]:
    if not path.exists():
        return {}
    with np.load(path) as file:
        if "phrases" not in file:
            return {}
        return {str(phrase): vector for phrase, vector in zip(file["phrases"], file["vectors"].astype(np.float32), strict=True)}


def _encoded(encoder: Encoder, phrases: Sequence[str]) -> F4:
    batches = [encoder.encode(phrases[start : start + _BATCH]) for start in range(0, len(phrases), _BATCH)]
    joined: F4 = np.concatenate(batches)
    return joined
