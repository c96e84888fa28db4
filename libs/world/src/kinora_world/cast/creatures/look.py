"""How each style draws a creature: what it makes bigger, rounder, simpler."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """Factors on the natural proportions. `filled` 1: the iris fills the eye; `forward` turns the eyes to the front."""

    head: float = 1.0
    eyes: float = 1.0
    snout: float = 1.0
    limbs: float = 1.0
    ears: float = 1.0
    filled: float = 1.0
    forward: float = 1.0
    lidless: bool = False


_NATURAL = Drawn()
_TOON = Drawn(head=1.22, eyes=1.55, snout=0.86, limbs=1.18, ears=1.15, filled=0.55, forward=0.8)
_ANIME = Drawn(head=1.18, eyes=1.6, snout=0.82, limbs=1.08, ears=1.12, filled=0.95, forward=0.8)
_DRAWN = {"cartoon": _TOON, "claymation": _TOON, "pixel": _TOON, "anime": _ANIME, "watercolour": _ANIME}


def drawn(style: str) -> Drawn:
    return _DRAWN.get(style, _NATURAL)
