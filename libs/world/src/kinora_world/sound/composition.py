"""What a file of the catalogue `music` may say, and a piece made of it: chords that lead on, a tune that repeats itself, bass and drums.

Time is in beats until the very end. Pitches are MIDI numbers, 69 = 440 Hz.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic_minor": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
}
_MIDDLE = 62  # around which chords lie


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Voice(_Part):
    instrument: str
    gain: float = 1.0


class Chords(Voice):
    style: Literal["held", "broken", "beats", "offbeats", "strummed", "pulse"]


class Melody(Voice):
    """`rhythms` are bars of note lengths in beats, negative for rests; `octave` lifts the tune over the chords."""

    rhythms: Annotated[tuple[tuple[float, ...], ...], Field(min_length=1)]
    octave: int = 1


class Bass(Voice):
    style: Literal["roots", "fifths", "walking", "drone"] = "roots"


class MusicEntry(_Part):
    """`drums` has a string per instrument that fills a bar: 1 to 9 for how hard, a dot for not."""

    description: str
    words: tuple[str, ...]
    moods: tuple[str, ...] = ()
    level: float = Field(default=1.0, description="Times the usual loudness.")
    tempo: tuple[float, float] = (90, 110)
    metre: Literal[3, 4] = 4
    scale: str = "major"
    tonics: tuple[int, ...] = (60,)
    progressions: tuple[tuple[int, ...], ...] = ((1,),)
    sevenths: bool = False
    swing: float = Field(default=0.0, description="How late the second half of a beat comes, as a share of it.")
    chords: Chords | None = None
    melody: Melody | None = None
    bass: Bass | None = None
    drums: dict[str, str] = {}


class Played(NamedTuple):
    """A note: beats from the start of the piece, MIDI number, beats long, 0..1 hard, -1..1 left to right."""

    instrument: str
    beat: float
    midi: float
    length: float
    strength: float
    pan: float


class Span(NamedTuple):
    """One chord's time, in beats; `following` is the next one's degree, the first's after the last."""

    begin: float
    length: float
    degree: int
    following: int
    chord: tuple[int, ...]
    final: bool


def compose(entry: MusicEntry, n_beats: int, rng: np.random.Generator, *, ends: bool = True) -> list[Played]:
    """The whole piece. With `ends` it comes home to the first degree; else it leads back to its beginning."""
    tonic = int(rng.choice(entry.tonics))
    spans = list(_spans(entry, tonic, n_beats, rng, ends=ends))
    notes = [note for span in spans for note in (*_accompany(entry, span), *_bass(entry, tonic, span))]
    notes += _tune(entry, tonic, spans, rng)
    notes += _drums(entry, spans[-1].begin if ends else n_beats)
    return [note._replace(beat=_swung(note.beat, entry.swing)) for note in notes]


def _spans(entry: MusicEntry, tonic: int, n_beats: int, rng: np.random.Generator, *, ends: bool) -> Iterator[Span]:
    """A chord a bar, in short pieces two."""
    each = entry.metre if n_beats >= 4 * entry.metre or entry.metre == 3 else 2
    degrees = _degrees(entry, -(-n_beats // each), rng, ends=ends)
    chords = _led([_chord(entry, tonic, degree) for degree in degrees])
    for k, (degree, chord) in enumerate(zip(degrees, chords, strict=True)):
        final = ends and k == len(degrees) - 1
        yield Span(k * each, min(each, n_beats - k * each), degree, degrees[(k + 1) % len(degrees)], chord, final)


def _degrees(entry: MusicEntry, count: int, rng: np.random.Generator, *, ends: bool) -> list[int]:
    progression = entry.progressions[int(rng.integers(len(entry.progressions)))]
    degrees = list(np.resize(progression, count))
    if ends:
        degrees[-1] = 1
        if count > 2 and degrees[-2] == 1:
            degrees[-2] = 5 if len(progression) > 1 else 1
    return [int(degree) for degree in degrees]


def pitch(entry: MusicEntry, tonic: int, step: int) -> int:
    """The MIDI number of a step of the scale, 0 = the tonic; the leading note before the octave is the scale's own."""
    octave, degree = divmod(step, 7)
    return tonic + 12 * octave + SCALES[entry.scale][degree]


def _chord(entry: MusicEntry, tonic: int, degree: int) -> tuple[int, ...]:
    """Pitch classes from the root up."""
    steps = (0, 2, 4, 6) if entry.sevenths else (0, 2, 4)
    return tuple(pitch(entry, tonic, degree - 1 + step) % 12 for step in steps)


def _led(chords: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Each chord in the position whose notes are nearest to the last chord's: smooth voices, no jumps."""
    found: list[tuple[int, ...]] = []
    before: tuple[int, ...] | None = None
    for chord in chords:
        places = [[note for note in range(_MIDDLE - 8, _MIDDLE + 9) if note % 12 == pitch_class] for pitch_class in chord]
        ways = [tuple(sorted(way)) for way in product(*places) if len(set(way)) == len(way)]
        target = before or tuple(_MIDDLE - 4 + 4 * k for k in range(len(chord)))
        before = min(ways, key=lambda way: (sum(abs(a - b) for a, b in zip(way, target, strict=True)), abs(sum(way) / len(way) - _MIDDLE)))
        found.append(before)
    return found


def _accompany(entry: MusicEntry, span: Span) -> Iterator[Played]:
    part = entry.chords
    if part is None:
        return
    for beat, chosen, held, strength in _figure("held" if span.final else part.style, span.length, span.chord):
        for number, midi in enumerate(chosen):
            late = 0.03 * number if part.style == "strummed" or span.final else 0.0
            yield Played(part.instrument, span.begin + beat + late, midi, held, strength * part.gain, -0.35 + 0.7 * (midi % 5) / 4)


def _figure(style: str, length: float, notes: tuple[int, ...]) -> Iterator[tuple[float, Sequence[int], float, float]]:
    """(beat, notes, length, strength) of one chord."""
    if style == "held":
        yield 0.0, notes, length, 0.6
    elif style == "broken":
        order = [*notes, *notes[-2:0:-1]]
        for k in range(int(length * 2)):
            yield k / 2, (order[k % len(order)],), 1.2, 0.55 if k % 2 else 0.7
    elif style == "pulse":
        for k in range(int(length * 2)):
            yield k / 2, notes, 0.35, 0.6 if k % 2 else 0.8
    elif style == "strummed":
        for beat, strength in ((0, 0.8), (1, 0.5), (1.5, 0.6), (2.5, 0.5), (3, 0.65)):
            if beat < length:
                yield beat, notes if strength > 0.55 else notes[1:], 0.7, strength
    else:
        first = 0.5 if style == "offbeats" else 0.0
        for k in range(int(length)):
            yield k + first, notes, 0.4 if style == "offbeats" else 0.9, 0.6


def _bass(entry: MusicEntry, tonic: int, span: Span) -> Iterator[Played]:
    part = entry.bass
    if part is None:
        return
    root, third, fifth = (pitch(entry, tonic, span.degree - 1 + step) for step in (0, 2, 4))
    lift = _low(root) - root
    to = _low(pitch(entry, tonic, span.following - 1))
    if part.style == "drone":
        walk = [_low(tonic)]
    elif part.style == "roots" or span.final or span.length < 2:
        walk = [root + lift]
    elif part.style == "fifths":
        walk = [root + lift, fifth + lift] * 2
    else:
        walk = [root + lift, third + lift, fifth + lift, to + (1 if to < fifth + lift else -1)][:: 1 if span.length == 4 else 3]
    length = span.length if len(walk) == 1 else 1
    for k, midi in enumerate(walk[: int(span.length)] or walk):
        yield Played(part.instrument, span.begin + k, midi, length * 0.9, part.gain * (0.8 if k % 2 else 1), 0.0)


def _low(midi: int) -> int:
    return 36 + (midi - 36) % 12


def _tune(entry: MusicEntry, tonic: int, spans: Sequence[Span], rng: np.random.Generator) -> Iterator[Played]:
    """One bar's motif, said again over each chord, answered by another every fourth bar; at the end it comes to rest on the tonic."""
    part = entry.melody
    if part is None:
        return
    motifs = [_motif(part, rng) for _ in (0, 1)]
    for bar, span in enumerate(spans):
        motif = [(span.length, 0)] if span.final else motifs[1 if bar % 4 == 3 else 0]
        base = 12 * part.octave
        root = span.degree - 1 if span.degree < 5 else span.degree - 8
        beat = 0.0
        for lasts, step in motif:
            if lasts > 0 and beat < span.length:
                strength = (0.85 if beat % 1 == 0 else 0.65) * part.gain
                held = min(lasts, span.length - beat) * 0.95
                yield Played(part.instrument, span.begin + beat, base + pitch(entry, tonic, root + step), held, strength, 0.15)
            beat += abs(lasts)


def _motif(part: Melody, rng: np.random.Generator) -> list[tuple[float, int]]:
    """(beats, steps above the chord's root): notes of the chord on the beat, small steps between."""
    step, beat, found = int(rng.choice((2, 4, 4))), 0.0, []
    for lasts in part.rhythms[int(rng.integers(len(part.rhythms)))]:
        found.append((float(lasts), step))
        beat += abs(lasts)
        step += int(rng.choice((-1, 1, -2, 1)))
        if beat % 1 == 0:
            step = min((0, 2, 4, 7), key=lambda tone: abs(tone - step))
    return found


def _drums(entry: MusicEntry, until: float) -> Iterator[Played]:
    for instrument, pattern in entry.drums.items():
        hits = [(k * entry.metre / len(pattern), int(mark) / 9) for k, mark in enumerate(pattern) if mark != "."]
        for bar in range(-(-int(until) // entry.metre)):
            for beat, strength in hits:
                if bar * entry.metre + beat < until:
                    yield Played(
                        instrument, bar * entry.metre + beat, 60, 0.25, strength, {"hat": 0.3, "shaker": -0.3}.get(instrument, 0.0)
                    )


def _swung(beat: float, swing: float) -> float:
    whole, part = divmod(beat, 1)
    return float(whole + (part + swing * 0.5 if abs(part - 0.5) < 0.01 else part))
