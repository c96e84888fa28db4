"""The face through time: speech, blinks, eyes, mood. Weights are of ARKit face shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.cast.shape import chance
from kinora_world.motion.timeline import Doing
from kinora_world.motion.track import RATE, smooth
from kinora_world.scene import F8, SpokenLine
from kinora_world.storyboard import Shot

_BOTH = ("Left", "Right")
MOODS: dict[str, dict[str, float]] = {
    "neutral": {},
    "smile": {"mouthSmile": 0.55, "cheekSquint": 0.25, "eyeSquint": 0.15},
    "joy": {"mouthSmile": 0.85, "cheekSquint": 0.5, "eyeSquint": 0.3, "jawOpen": 0.22, "browInnerUp": 0.3},
    "effort": {"browDown": 0.5, "eyeSquint": 0.35, "mouthPress": 0.4, "noseSneer": 0.2},
    "surprise": {"browInnerUp": 0.7, "browOuterUp": 0.7, "eyeWide": 0.6, "jawOpen": 0.25},
    "anger": {"browDown": 0.9, "eyeSquint": 0.4, "noseSneer": 0.45, "mouthPress": 0.5, "mouthFrown": 0.3},
    "fear": {"browInnerUp": 0.9, "eyeWide": 0.9, "mouthStretch": 0.6, "jawOpen": 0.18},
    "disgust": {"noseSneer": 0.8, "browDown": 0.5, "mouthUpperUp": 0.4, "mouthFrown": 0.4, "eyeSquint": 0.3},
    "pain": {"browDown": 0.6, "browInnerUp": 0.5, "eyeSquint": 0.8, "mouthStretch": 0.5, "noseSneer": 0.4},
    "love": {"mouthSmile": 0.5, "browInnerUp": 0.35, "eyeSquint": 0.25, "cheekSquint": 0.2},
    "think": {"browDown": 0.25, "browInnerUp": 0.2, "mouthPress": 0.3, "mouthLeft": 0.25},
    "asleep": {"eyeBlink": 1.0, "mouthSmile": 0.1},
    # the storyboard's moods
    "joyful": {"mouthSmile": 0.8, "cheekSquint": 0.45, "eyeSquint": 0.2, "browInnerUp": 0.2},
    "playful": {"mouthSmile": 0.6, "mouthLeft": 0.2, "browOuterUp": 0.35, "cheekSquint": 0.2},
    "calm": {"mouthSmile": 0.2, "eyeSquint": 0.1, "eyeBlink": 0.08},
    "romantic": {"mouthSmile": 0.42, "browInnerUp": 0.35, "eyeBlink": 0.15, "eyeSquint": 0.12},
    "sad": {"mouthFrown": 0.6, "browInnerUp": 0.8, "mouthShrugLower": 0.3, "eyeBlink": 0.12},
    "tense": {"browDown": 0.5, "mouthPress": 0.5, "eyeSquint": 0.25, "noseSneer": 0.1},
    "scary": {"browInnerUp": 0.85, "eyeWide": 0.85, "mouthStretch": 0.45, "jawOpen": 0.15},
    "mysterious": {"browDown": 0.25, "eyeSquint": 0.35, "mouthSmile": 0.15, "mouthPress": 0.15},
    "epic": {"browDown": 0.4, "eyeSquint": 0.2, "mouthPress": 0.25},
    # its feelings
    "surprised": {"browInnerUp": 0.9, "browOuterUp": 0.9, "eyeWide": 0.9, "jawOpen": 0.3, "mouthFunnel": 0.35},
    "disgusted": {"noseSneer": 0.95, "browDown": 0.6, "mouthUpperUp": 0.6, "mouthFrown": 0.6, "eyeSquint": 0.5, "mouthShrugLower": 0.3},
    "sleepy": {"eyeBlink": 0.55, "browInnerUp": 0.35, "mouthFrown": 0.15, "jawOpen": 0.06},
    "proud": {"mouthSmile": 0.5, "browOuterUp": 0.25, "eyeSquint": 0.25, "eyeBlink": 0.12, "mouthPress": 0.2},
    "shy": {"mouthSmile": 0.4, "mouthPress": 0.35, "browInnerUp": 0.6, "eyeLookDown": 0.5, "eyeBlink": 0.15},
    "confused": {
        "browDownLeft": 0.7,
        "browInnerUp": 0.4,
        "browOuterUpRight": 0.9,
        "eyeSquintLeft": 0.35,
        "mouthRight": 0.45,
        "mouthFrown": 0.3,
    },
}
_PLAIN = ("jawOpen", "browInnerUp", "mouthLeft", "mouthRight", "mouthPucker", "mouthFunnel", "cheekPuff", "mouthShrugLower", "tongueOut",
          "mouthClose", "jawForward")  # fmt: skip
_EYES = np.radians(32)  # a look shape's full reach


@dataclass(frozen=True, slots=True)
class Mood:
    name: str
    start: float
    end: float
    weight: float = 1.0


def moods_of(
    shot: Shot, person: str, doings: Sequence[Doing], lines: Sequence[SpokenLine], asleep: Sequence[tuple[float, float]]
) -> tuple[Mood, ...]:
    """What a face shows when: the shot's mood a little, an action's or line's own fully; the eyes of sleepers (start, end) are closed."""
    told: list[tuple[str, float, float]] = [
        (action.mood, doing.start, doing.end + 0.6) for doing in doings if (action := doing.action).mood != "neutral"
    ]
    seen = [doing.action for doing in doings]
    quiet = [a for a in shot.actions if a.actor == person and a.mood != "neutral" and a not in seen]  # who stands there feels it too
    told += [(a.mood, a.start, a.end if a.end is not None else shot.duration + 2.0) for a in quiet]
    spoken = [line for line in lines if line.speaker == person]
    written = [line.mood for line in shot.dialogue if line.speaker == person]
    told += [(mood, said.start - 0.2, said.end + 0.5) for mood, said in zip(written, spoken, strict=False) if mood != "neutral"]
    own = [(d.kind.mood, d.start, d.end + 0.6) for d in doings if d.kind.mood != "neutral" and d.action.mood == "neutral"]
    own += [("asleep", start, end) for start, end in asleep]
    found = [Mood(name, start if start > 0 else -1.0, end) for name, start, end in [*told, *own]]
    if shot.mood not in {"neutral", *(mood.name for mood in found)}:
        found.append(Mood(shot.mood, -1.0, shot.duration + 2.0, 0.25 if found else 0.65))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """Callable: seconds from the start of the shot to face-shape weights."""

    person: str
    lines: tuple[SpokenLine, ...]
    moods: tuple[Mood, ...]
    eyes: F8  # (k, 2) yaw (left) and pitch (up) at RATE
    blinks: tuple[float, ...]
    doings: tuple[Doing, ...] = ()

    def __call__(self, time: float) -> Mapping[str, float]:
        weights: dict[str, float] = {}
        _add(weights, {"mouthSmileLeft": 0.15, "mouthSmileRight": 0.15})  # a resting face is friendly
        for mood in self.moods:
            _add(weights, _sided(MOODS[mood.name]), mood.weight * _rise(time, mood.start, mood.end))
        for doing in self.doings:
            _add(weights, _sided(_expression(doing, time)))
        shares = [_rise(time, line.start - 0.1, line.end + 0.12, 0.1, 0.12) for line in self.lines]
        _yield_to_words(weights, max(shares, default=0.0))
        for line, share in zip(self.lines, shares, strict=True):
            if share > 0:
                _add(weights, mouth(line, time - line.start), share)
        _add(weights, self._gaze(time))
        lid = max((_lid(time - at) for at in self.blinks), default=0.0)
        for side in _BOTH:
            weights[f"eyeBlink{side}"] = max(weights.get(f"eyeBlink{side}", 0.0), lid)
        return {name: min(weight, 1.0) for name, weight in weights.items() if weight > 1e-3}

    def _gaze(self, time: float) -> dict[str, float]:
        place = min(max(time * RATE, 0.0), len(self.eyes) - 1.0)
        yaw, pitch = self.eyes[min(round(place), len(self.eyes) - 1)] / _EYES
        found = {"eyeLookOutLeft": yaw, "eyeLookInRight": yaw, "eyeLookInLeft": -yaw, "eyeLookOutRight": -yaw}
        found |= {f"eyeLookUp{side}": pitch for side in _BOTH} | {f"eyeLookDown{side}": -pitch for side in _BOTH}
        return {name: float(np.clip(weight, 0, 1)) for name, weight in found.items() if weight > 0}


def _expression(doing: Doing, time: float) -> dict[str, float]:
    """The face shapes that an action keys."""
    keyed = [(key.at, key.face) for key in doing.kind.keys if key.face is not None]
    if not keyed or not doing.start - 0.2 <= time <= doing.end + 0.2:
        return {}
    natural = float(doing.natural(np.array([time]))[0])
    share = _rise(time, doing.start - 0.2, doing.end + 0.2, 0.2, 0.2)
    names = sorted({name for _, face in keyed for name in face})
    at = [moment for moment, _ in keyed]
    return {name: share * float(np.interp(natural, at, [face.get(name, 0.0) for _, face in keyed])) for name in names}


def _add(into: dict[str, float], weights: Mapping[str, float], share: float = 1.0) -> None:
    for name, weight in weights.items():
        into[name] = into.get(name, 0.0) + weight * share


def _sided(weights: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, weight in weights.items():
        found |= {name: weight} if name in _PLAIN or name.endswith(_BOTH) else {f"{name}{side}": weight for side in _BOTH}
    return found


def _rise(time: float, start: float, end: float, up: float = 0.35, down: float = 0.45) -> float:
    return float(smooth(np.array((time - start) / up)) * smooth(np.array((end - time) / down)))


def _lid(since: float) -> float:
    """Closing takes 70 ms, opening 140 ms."""
    return float(smooth(np.array(since / 0.07 if since < 0.07 else 1 - (since - 0.07) / 0.14))) if 0 <= since <= 0.21 else 0.0


def mouth(line: SpokenLine, time: float) -> dict[str, float]:
    """The mouth `time` seconds into a line. Every sound is reached at its middle; between two, the mouth moves on smoothly."""
    starts = [at for at, _ in line.visemes]
    if not starts:
        return {}
    ends = [*starts[1:], len(line.samples) / 48_000 if len(line.samples) else starts[-1] + 0.1]
    middles = [start + 0.45 * min(end - start, 0.24) for start, end in zip(starts, ends, strict=True)]
    after = int(np.searchsorted(middles, time))
    if after == 0:
        return dict(line.visemes[0][1])
    if after == len(middles):
        return dict(line.visemes[-1][1])
    share = float(smooth(np.array((time - middles[after - 1]) / max(middles[after] - middles[after - 1], 1e-4))))
    found: dict[str, float] = {}
    _add(found, line.visemes[after - 1][1], 1 - share)
    _add(found, line.visemes[after][1], share)
    return found


def _yield_to_words(weights: dict[str, float], speaking: float) -> None:
    """While someone speaks, the words have the jaw, and a smile may not hold the lips apart."""
    weights["jawOpen"] = weights.get("jawOpen", 0.0) * (1 - speaking)
    for side in _BOTH:
        weights[f"mouthSmile{side}"] *= 1 - 0.5 * speaking


def blink_times(person: str, duration: float) -> tuple[float, ...]:
    """Every two to five seconds."""
    found, at = [], 0.4 + 2.5 * chance(person, "blink")
    while at < duration:
        found.append(at)
        at += 1.9 + 3.0 * chance(person, f"blink{len(found)}")
    return tuple(found)
