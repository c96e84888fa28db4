"""Impacts and footsteps. An impact rings the modes of both things that met, as hard and as long as their materials allow.

Modal synthesis after van den Doel & Pai, "The sounds of physical shapes", Presence 7(4), 1998: each mode is a decaying sine; a contact
that lasts longer (softer materials) excites the high modes less.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kinora_world.catalogue import entries, words
from kinora_world.scene import F8, SAMPLE_RATE, Contact, Footfall
from kinora_world.sound.modes import ring
from kinora_world.sound.noises import band_noise, decay

_UNKNOWN = "wood"
_QUIETEST_NS = 0.02  # contacts below this are not heard


def material(name: str) -> Mapping[str, Any]:
    """The catalogue's entry for a material or one of its other names."""
    return entries("materials")[words("materials").get(name.lower().replace("_", " "), _UNKNOWN)]


def impact(contact: Contact, rng: np.random.Generator) -> F8:
    """(n,) the sound of one contact; it begins with the blow. Empty when too soft to hear."""
    if contact.impulse < _QUIETEST_NS:
        return np.zeros(0)
    level = min(0.9, 0.17 * contact.impulse**0.65)
    bodies = [material(name) for name in contact.materials]
    seconds = max(body["contact_ms"] for body in bodies) / 1000
    struck = [_struck(body, seconds, rng) for body in bodies]
    length = max(len(sound) for sound in struck)
    total = np.sum([np.pad(sound, (0, length - len(sound))) for sound in struck], axis=0)
    return np.asarray(level * total / (np.max(np.abs(total)) + 1e-9))


def _struck(body: Mapping[str, Any], seconds: float, rng: np.random.Generator) -> F8:
    """One of the two bodies, struck for `seconds`."""
    hertz, falls, gains = np.array(body["modes"]).T
    hertz = hertz * rng.uniform(0.97, 1.03, len(hertz))
    softened = gains * rng.uniform(0.8, 1.2, len(hertz)) / (1 + (hertz * seconds * 1.2) ** 2)
    count = int(SAMPLE_RATE * (6 * falls.max() + 0.02))
    total = ring(hertz, falls, softened, count)
    gain, low, high, fall = body["noise"]
    return np.asarray(total + gain * 0.6 * _burst(rng, low, min(high, 1.6 / seconds + low), fall, count))


def _burst(rng: np.random.Generator, low: float, high: float, fall: float, count: int) -> F8:
    """(count,) the short rush of noise of a touch; at its loudest at once."""
    length = min(count, int(SAMPLE_RATE * fall * 6) + 16)
    return np.pad(band_noise(rng, length, low, high) * decay(length, fall), (0, count - length))


def footstep(step: Footfall, ground: str, rng: np.random.Generator) -> F8:
    """(n,) heel, then the ball of the foot, on a ground of some material."""
    gain, low, high, fall, scuff = material(ground)["step"]
    count = int(SAMPLE_RATE * (0.09 + fall * 6))
    heel = _burst(rng, low * 0.7, high * 0.5, fall * 0.7, count)
    thump = np.sin(2 * np.pi * 78 * rng.uniform(0.9, 1.1) * np.arange(count) / SAMPLE_RATE) * decay(count, 0.022)
    toe = np.roll(_burst(rng, low, high, fall, count), int(0.055 * SAMPLE_RATE))
    sound = heel + 1.2 * thump + (0.25 + 0.4 * scuff) * toe
    level = gain * (0.035 + 0.1 * step.strength)
    return np.asarray(level * sound / (np.max(np.abs(sound)) + 1e-9))


def audible(contacts: Sequence[Contact]) -> list[Contact]:
    """Contacts loud enough to hear, at most one of a pair within 30 ms, in order of time."""
    kept: list[Contact] = []
    last: dict[frozenset[str], float] = {}
    for contact in sorted(contacts, key=lambda c: c.time):
        pair = frozenset(contact.names)
        if contact.impulse >= _QUIETEST_NS and contact.time - last.get(pair, -1.0) > 0.03:
            kept.append(contact)
            last[pair] = contact.time
    return kept
