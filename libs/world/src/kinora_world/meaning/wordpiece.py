"""Words to the pieces of a vocabulary: lower case, longest piece first (Wu et al. 2016)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = re.compile(r"\w+|[^\w\s]")
_MOST_PIECES = 32
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class WordPiece:
    """`numbers` gives each piece's row in the model."""

    numbers: Mapping[str, int]

    def pieces(self, phrase: str) -> list[int]:
        """Rows of a phrase, between [CLS] and [SEP]."""
        plain = "".join(c for c in unicodedata.normalize("NFD", phrase.lower()) if unicodedata.category(c) != "Mn")
        found = [number for word in _WORD.findall(plain) for number in self._of(word[:_LONGEST_WORD])]
        return [self.numbers["[CLS]"], *found[: _MOST_PIECES - 2], self.numbers["[SEP]"]]

    def _of(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if lead + word[start:end] in self.numbers), None)
            if end is None:
                return [self.numbers["[UNK]"]]
            found.append(self.numbers[lead + word[start:end]])
            start = end
        return found
