"""Every effect of a shot, and the weather's, from moment to moment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kinora_world.effects.births import LONG_AGO, alive, burst_times
from kinora_world.effects.dice import dice
from kinora_world.effects.flight import positions
from kinora_world.effects.painting import painted
from kinora_world.effects.schema import EffectEntry, Emitter, LampEntry, effect_entries
from kinora_world.scene import F8, Air, Lamp, PropKind, Sprites, StageSet, View
from kinora_world.stage.catalogue import weather_entries
from kinora_world.stage.schema import Point
from kinora_world.storyboard import Effect, Shot

Whereabouts = Callable[[str, float], F8]  # of a character or prop, by "name", "name.head" or "name.ground", at a time: (3,)
_STEPS = 12  # places a second that are remembered of what an effect goes with


@dataclass(frozen=True, slots=True)
class _Playing:
    kind: str
    entry: EffectEntry
    seed: int
    start: float
    end: float
    path: F8  # (n, 3), n = 1 where it stays

    def where(self, times: F8) -> F8:
        """(m, 3)."""
        if len(self.path) == 1:
            return np.repeat(self.path, len(times), 0)
        steps = np.arange(len(self.path)) / _STEPS
        return np.stack([np.interp(times, steps, self.path[:, i]) for i in range(3)], -1)

    def on(self, time: float) -> bool:
        return self.start <= time < self.end

    def bursts(self, until: float) -> list[float]:
        """When its emitters burst and its lightning strikes."""
        found = [at for _, at in burst_times(self.entry.flashes, self.seed, self.start, self.end, until)] if self.entry.flashes else []
        for number, emitter in enumerate(self.entry.emitters):
            if emitter.every is not None:
                times = burst_times(emitter.every, self.seed + 101 * number, self.start, self.end, until)
                found += [at + emitter.delay for _, at in times if at + emitter.delay <= until]
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Effects:
    """What fills the air of one shot. Times are seconds from its start."""

    playing: tuple[_Playing, ...]
    wind: float

    def bursts(self, until: float) -> list[tuple[str, float]]:
        """Kind and moment of everything that bursts or strikes at once, for the ear."""
        return [(playing.kind, at) for playing in self.playing for at in playing.bursts(until)]

    def air(self, time: float, view: View) -> Air:
        drawn = [
            _drawn(playing, emitter, playing.seed + 101 * number, time, view, self.wind)
            for playing in self.playing
            for number, emitter in enumerate(playing.entry.emitters)
        ]
        drawn = sorted((s for s in drawn if len(s.centre)), key=lambda s: -float(np.linalg.norm(s.centre - view.eye, axis=1).max()))
        lamps = [_lamp(playing, playing.entry.lamp, time) for playing in self.playing if playing.entry.lamp and playing.on(time)]
        flash = max((_flash(playing, time) for playing in self.playing), default=0.0)
        return Air(tuple(drawn), tuple(lamps), flash)


def plan_effects(shot: Shot, stage: StageSet, seed: int, whereabouts: Whereabouts, kinds: Mapping[str, PropKind]) -> Effects:
    """The effects of the shot's storyboard, of its props (`kinds` by id) and, outside, of its weather.

    A wind that has petals or snow to carry brings no leaves of its own.
    """
    asked = list(shot.effects)
    if not stage.indoor:
        weather = weather_entries()[shot.weather]
        fill = [emitter.fills for each in asked for emitter in effect_entries()[each.kind].emitters]
        falling = [None if weather.falls == "blown_leaves" and any(fill) else weather.falls, "lightning" if weather.lightning else None]
        asked += [Effect(kind=name) for name in falling if name]
    playing = [_playing(effect, seed + 7919 * i, shot.duration, whereabouts) for i, effect in enumerate(asked)]
    burning = list(_burning(kinds, {(effect.kind, effect.at) for effect in asked}))
    playing += [_burns(seed + 6007 * i, name, effect, anchor, whereabouts) for i, (name, effect, anchor) in enumerate(burning)]
    return Effects(tuple(playing), stage.wind)


def _burning(kinds: Mapping[str, PropKind], asked: set[tuple[str, object]]) -> Iterator[tuple[str, str, Point]]:
    """Candles have flames, and cauldrons steam, without being told to: the prop, the effect, and where on the prop."""
    for name, kind in kinds.items():
        for effect, entry in effect_entries().items():
            if kind.name in entry.goes_with and (effect, name) not in asked:
                yield name, effect, kind.anchors[entry.goes_with[kind.name]]


def _burns(seed: int, prop: str, effect: str, anchor: Point, whereabouts: Whereabouts) -> _Playing:
    """Where the prop first stands: what burns is seldom moved."""
    return _Playing(effect, effect_entries()[effect], seed, LONG_AGO, np.inf, (whereabouts(prop, 0.0) + anchor)[None])


def _playing(effect: Effect, seed: int, duration: float, whereabouts: Whereabouts) -> _Playing:
    entry = effect_entries()[effect.kind]
    start = effect.start or LONG_AGO
    end = np.inf if effect.end is None else effect.end
    if not isinstance(effect.at, str):
        return _Playing(effect.kind, entry, seed, start, end, np.array([effect.at or entry.place], np.float64))
    name = effect.at if entry.rides == "hips" else f"{effect.at}.{entry.rides}"
    path = np.stack([whereabouts(name, step / _STEPS) for step in range(int(duration * _STEPS) + 2)])
    still = bool(np.ptp(path, axis=0).max() < 0.02)
    return _Playing(effect.kind, entry, seed, start, end, path[:1] if still else path)


def _drawn(playing: _Playing, emitter: Emitter, seed: int, time: float, view: View, wind: float) -> Sprites:
    there = alive(emitter, seed, time, playing.start, playing.end)
    position, velocity = positions(emitter, seed, there, playing.where(time - there.age), wind, view)
    return painted(emitter, seed, there.birth, there.over, there.age, position, velocity, view)


def _lamp(playing: _Playing, lamp: LampEntry, time: float) -> Lamp:
    """Flickers as a sum of slow sines, never fast enough to trouble the eye."""
    phase = dice(playing.seed, np.arange(1), 3)[0] * 6.28
    waver = sum(np.sin(2 * np.pi * rate * time + p) for rate, p in zip((1.7, 2.9, 0.8), phase, strict=True)) / 3
    x, y, z = playing.where(np.array([time]))[0]
    red, green, blue = (c * (1 - lamp.flicker * (0.5 + 0.5 * float(waver))) for c in lamp.colour)
    return Lamp((float(x), float(y), float(z) + lamp.above), (red, green, blue), lamp.reach)


def _flash(playing: _Playing, time: float) -> float:
    """A strike lights up within a frame or two and dies away, with one weaker stroke after it."""
    if not playing.entry.flashes:
        return 0.0
    struck = burst_times(playing.entry.flashes, playing.seed, playing.start, playing.end, time)
    age = time - struck[-1][1] if struck else np.inf
    return float(min(age / 0.05, 1.0) * np.exp(-age / 0.16) + 0.35 * max(0.0, 1 - abs(age - 0.42) / 0.12)) if age < 2 else 0.0
