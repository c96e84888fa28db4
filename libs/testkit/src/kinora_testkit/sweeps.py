"""Sweeps over whole catalogues: everything in the gate, a share of it in a short run."""

from collections.abc import Iterable

import pytest


def thinned(entries: Iterable[object], every: int) -> list[object]:
    """Pytest parameters of which one in `every` belongs to the short run and the others are marked slow. A tuple is several arguments."""
    return [
        pytest.param(*(entry if isinstance(entry, tuple) else (entry,)), marks=pytest.mark.slow if number % every else ())
        for number, entry in enumerate(entries)
    ]
