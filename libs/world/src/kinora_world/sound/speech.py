"""Lines of dialogue to samples, mouth shapes and word times, placed on the clip's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from kinora_world.scene import SAMPLE_RATE, SpokenLine
from kinora_world.sound import visemes
from kinora_world.sound.engines import Choir, Engine
from kinora_world.sound.producing import produced
from kinora_world.sound.talker import Utterance
from kinora_world.sound.voices import Delivery, cast_voices, delivery_of
from kinora_world.storyboard import Character, Line, Shot, Storyboard

_LEAD_S, _PAUSE_S, _TAIL_S = 0.25, 0.15, 0.05
_HURRIES = (1.0, 1.12, 1.24, 1.35)
_FADE_S = 0.06


def speak(storyboard: Storyboard) -> tuple[SpokenLine, ...]:
    """Every line, in the order of the storyboard. A line that will not fit its shot is spoken up to 1.35 times faster, then cut off softly.

    Raises SpeechFailed when the synthesiser does.
    """
    if not any(shot.dialogue for shot in storyboard.shots):
        return ()
    people = {c.id: c for c in storyboard.characters}
    voices = cast_voices(storyboard)
    spoken: list[SpokenLine] = []
    with Choir() as engine:
        begin = 0.0
        for number, shot in enumerate(storyboard.shots):
            lines = [line for line in shot.dialogue if line.speaker in people]
            spoken.extend(_speak_shot(engine, number, begin, shot, lines, people, voices))
            begin += shot.duration
    return tuple(spoken)


def _speak_shot(
    engine: Engine,
    number: int,
    begin: float,
    shot: Shot,
    lines: Sequence[Line],
    people: Mapping[str, Character],
    voices: Mapping[str, str],
) -> list[SpokenLine]:
    """The slowest pace at which every line ends within the shot."""
    for hurry in _HURRIES:
        cast = [delivery_of(people[line.speaker], voices[line.speaker], line, hurry=hurry) for line in lines]
        takes = [_trimmed(engine.say(line.text, delivery)) for line, delivery in zip(lines, cast, strict=True)]
        starts = _starts(lines, takes)
        if all(start + _length(take) <= shot.duration - _TAIL_S for start, take in zip(starts, takes, strict=True)):
            break
    return [
        _spoken(number, begin, start, shot.duration, line, take, delivery)
        for line, take, delivery, start in zip(lines, takes, cast, starts, strict=True)
        if start < shot.duration - _FADE_S
    ]


def _trimmed(take: Utterance) -> Utterance:
    """Without the silence at the end, so that the next line follows closely."""
    loud = np.flatnonzero(np.abs(take.samples) > 0.004)
    end = min(len(take.samples), int(loud[-1]) + take.rate // 25) if len(loud) else 0
    phonemes = tuple((time, ipa) for time, ipa in take.phonemes if time * take.rate < end)
    return Utterance(take.samples[:end], take.rate, phonemes, tuple(w for w in take.words if w[0] * take.rate < end))


def _first(take: Utterance, seconds: float) -> Utterance:
    """What of it can be heard, and a moment more to fade in."""
    return replace(take, samples=take.samples[: int((seconds + _FADE_S) * take.rate)])


def _length(take: Utterance) -> float:
    return len(take.samples) / take.rate


def _starts(lines: Sequence[Line], takes: Sequence[Utterance]) -> list[float]:
    starts: list[float] = []
    free = _LEAD_S
    for line, take in zip(lines, takes, strict=True):
        starts.append(line.start if line.start is not None else free)
        free = starts[-1] + _length(take) + _PAUSE_S
    return starts


def _spoken(number: int, begin: float, start: float, duration: float, line: Line, take: Utterance, delivery: Delivery) -> SpokenLine:
    room = int((duration - start) * SAMPLE_RATE)
    samples = produced(_first(take, duration - start), line.text, delivery)
    if len(samples) > room:
        samples = samples[:room].copy()
        fade = min(room, int(_FADE_S * SAMPLE_RATE))
        samples[room - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    end = len(samples) / SAMPLE_RATE
    mouth = tuple(key for key in visemes.timeline(take) if key[0] < end)
    return SpokenLine(
        shot=number,
        speaker=line.speaker,
        text=line.text,
        language=line.language,
        start=begin + start,
        samples=samples,
        visemes=(*mouth, (end, visemes.NEUTRAL)),
        words=tuple(word for word in take.words if word[0] < end),
    )
