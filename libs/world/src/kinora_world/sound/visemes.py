"""Phonemes to mouth shapes: IPA symbols to weights of ARKit face shapes."""

import unicodedata
from collections.abc import Mapping, Sequence

from kinora_world.sound.talker import Utterance

Weights = Mapping[str, float]


def _pair(name: str, weight: float) -> dict[str, float]:
    return {f"{name}Left": weight, f"{name}Right": weight}


NEUTRAL: Weights = {}
_LIPS_CLOSED = {"jawOpen": 0.0, "mouthClose": 0.05, **_pair("mouthPress", 0.6)}
_LIP_ON_TEETH = {"jawOpen": 0.08, "mouthRollLower": 0.65, **_pair("mouthUpperUp", 0.2)}
_TONGUE_OUT = {"jawOpen": 0.18, "tongueOut": 0.15, **_pair("mouthLowerDown", 0.15)}
_TONGUE_TIP = {"jawOpen": 0.16, **_pair("mouthLowerDown", 0.1)}
_TEETH = {"jawOpen": 0.06, **_pair("mouthStretch", 0.35), **_pair("mouthLowerDown", 0.2)}
_HUSH = {"jawOpen": 0.12, "mouthFunnel": 0.55, "mouthPucker": 0.15}
_BACK = {"jawOpen": 0.22}
_SPREAD = {"jawOpen": 0.16, **_pair("mouthSmile", 0.45), **_pair("mouthStretch", 0.2)}
_HALF_SPREAD = {"jawOpen": 0.36, **_pair("mouthSmile", 0.22), **_pair("mouthStretch", 0.25)}
_MID = {"jawOpen": 0.32, **_pair("mouthStretch", 0.1)}
_WIDE = {"jawOpen": 0.7, **_pair("mouthLowerDown", 0.15)}
_FRONT_OPEN = {"jawOpen": 0.58, **_pair("mouthStretch", 0.3), **_pair("mouthSmile", 0.1)}
_ROUND_OPEN = {"jawOpen": 0.48, "mouthFunnel": 0.55}
_ROUND_MID = {"jawOpen": 0.34, "mouthFunnel": 0.35, "mouthPucker": 0.45}
_ROUND_CLOSE = {"jawOpen": 0.12, "mouthPucker": 0.85, "mouthFunnel": 0.15}
_R = {"jawOpen": 0.2, "mouthPucker": 0.35, "mouthFunnel": 0.2}

VISEMES: Mapping[str, Weights] = {
    symbol: weights
    for symbols, weights in (
        ("pbmɓʙɱ", _LIPS_CLOSED),
        ("fvʋⱱ", _LIP_ON_TEETH),  # noqa: RUF001 - IPA
        ("θð", _TONGUE_OUT),
        ("tdnlɗɾrɫɬɮʈɖɳɭɽʎɲ", _TONGUE_TIP),
        ("szɕʑ", _TEETH),
        ("ʃʒʂʐɧ", _HUSH),
        ("kgɡŋxɣqɢχħʁʕʔhɦcɟçʝɴʀʜʟɠʛ", _BACK),  # noqa: RUF001 - IPA
        ("ɹɻɚɝɺ", _R),
        ("wʍɸβ", _ROUND_CLOSE),
        ("ijɪᵻɨ", _SPREAD),  # noqa: RUF001 - IPA
        ("eɛ", _HALF_SPREAD),
        ("əɜɘɞɤɯᵊ", _MID),
        ("aɑʌɐ", _WIDE),  # noqa: RUF001 - IPA
        ("æ", _FRONT_OPEN),
        ("ɔɒɶœ", _ROUND_OPEN),
        ("oøɵ", _ROUND_MID),
        ("uyʉɥʊʏᵿ", _ROUND_CLOSE),  # noqa: RUF001 - IPA
    )
    for symbol in symbols
}


_LEAD_S = 0.02  # by which a mouth is ahead of its sound
_BURST_S = 0.04  # the lips close before a p is heard: its event is the burst
_BURSTS = "pbɓ"
_VOWELS = frozenset("ijɪᵻɨeɛəɜɘɞɤɯᵊaɑʌɐæɔɒɶœoøɵuyʉʊʏᵿɚɝ")  # noqa: RUF001 - IPA


def is_vowel(ipa: str) -> bool:
    """Whether a phoneme can be sung."""
    return any(symbol in _VOWELS for symbol in unicodedata.normalize("NFD", ipa))


def shapes(ipa: str) -> tuple[Weights, ...]:
    """The mouth shapes of one phoneme, in order: two for a diphthong or an affricate, none when it is silence or a mark."""
    found: list[Weights] = []
    for symbol in unicodedata.normalize("NFD", ipa):
        weights = VISEMES.get(symbol)
        if weights is not None and (not found or found[-1] is not weights):
            found.append(weights)
    return tuple(found[:2])


def timeline(utterance: Utterance) -> tuple[tuple[float, Weights], ...]:
    """(seconds, weights) ascending; starts and ends with the mouth at rest."""
    end = len(utterance.samples) / utterance.rate
    keys: list[tuple[float, Weights]] = [(0.0, NEUTRAL)]
    for (time, ipa), until in zip(utterance.phonemes, _ends(utterance.phonemes, end), strict=True):
        parts = shapes(ipa) or (NEUTRAL,)
        early = _BURST_S if any(symbol in _BURSTS for symbol in ipa) else _LEAD_S
        keys.extend((max(0.0, time - early + index * 0.55 * (until - time)), weights) for index, weights in enumerate(parts))
    keys.append((end, NEUTRAL))
    return tuple(_ascending(keys))


def _ends(phonemes: Sequence[tuple[float, str]], end: float) -> list[float]:
    return [time for time, _ in phonemes[1:]] + ([end] if phonemes else [])


def _ascending(keys: Sequence[tuple[float, Weights]]) -> list[tuple[float, Weights]]:
    """Later keys win over earlier ones at the same instant."""
    return sorted(dict(keys).items())
