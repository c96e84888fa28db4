"""Beds of ambience: a place at its time of day, its weather and its crowd, as the ambience catalogue lists them."""

from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

from kinora_world.catalogue import entries, words
from kinora_world.scene import F8
from kinora_world.sound.air import AmbienceEntry, Babble, Layer
from kinora_world.sound.layers import heard

QUIET = "room"  # heard where a place names an ambience that is not in the catalogue
_HUSHED = 0.35  # what snow leaves of a place
_MUFFLED = 0.5  # what a storm outside leaves of birds and people


class Air(NamedTuple):
    """What the air of a shot depends on."""

    place: str
    time_of_day: str = "day"
    weather: str = "clear"
    crowd: int = 0
    indoor: bool = False


@cache
def entry_of(name: str) -> AmbienceEntry:
    """The catalogue's entry for an ambience or one of its other names."""
    return AmbienceEntry.model_validate(dict(entries("ambiences")[words("ambiences").get(name.replace("_", " "), QUIET)]))


def weather_of(air: Air) -> str | None:
    """The ambience of the weather outside, as heard where one is; None where it makes no sound."""
    name = f"{air.weather}_indoors" if air.indoor else air.weather
    return name if name in entries("ambiences") else None


def bed(air: Air, seed: int, count: int) -> F8:
    """(count, 2) of one ambience, the same for the same seed, however the clip is cut."""
    total = _layers(air.place, layers_of(entry_of(air.place), air.time_of_day), seed, count)
    if not air.indoor:
        total *= {"snow": _HUSHED, "storm": _MUFFLED, "rain": _MUFFLED}.get(air.weather, 1.0)
    weather = weather_of(air)
    if weather:
        total += _layers(weather, entry_of(weather).day, seed, count)
    if air.crowd and not any(isinstance(layer, Babble) for layer in entry_of(air.place).day):
        murmur = Babble(sound="babble", gain=0.008 * air.crowd**0.5, voices=min(24, 2 + air.crowd))
        total += _layers("crowd", (murmur,), seed, count)
    return total


def layers_of(entry: AmbienceEntry, time_of_day: str) -> tuple[Layer, ...]:
    """The layers at that time of day."""
    at: tuple[Layer, ...] | None = getattr(entry, time_of_day)
    return entry.day if at is None else at


def _layers(name: str, layers: tuple[Layer, ...], seed: int, count: int) -> F8:
    total = np.zeros((count, 2))
    for index, layer in enumerate(layers):
        rng = np.random.default_rng([seed, crc32(f"{name}/{index}".encode())])
        total += layer.gain * heard(layer, rng, count)
    return total
