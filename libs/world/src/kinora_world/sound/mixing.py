"""Everything heard, placed in stereo around the camera and brought to an even loudness."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from kinora_world.scene import F4, F8, SAMPLE_RATE, SpokenLine
from kinora_world.sound import ambience, foley, library
from kinora_world.sound.happenings import Happening, far_ahead, happenings
from kinora_world.sound.mastering import mastered
from kinora_world.sound.rooms import reverb
from kinora_world.sound.rubbing import rubs
from kinora_world.sound.score import score
from kinora_world.sound.space import gains, heard, placed
from kinora_world.sound.types import ShotSound
from kinora_world.storyboard import Storyboard

_CROSSFADE = int(0.05 * SAMPLE_RATE)
_LOOPED = int(0.5 * SAMPLE_RATE)  # over which the end of an endless sound leads into its beginning
_SPARE = int(4.0 * SAMPLE_RATE)  # what rings on after the end
_DUCK, _MUSIC_DUCK = 0.55, 0.6  # how much of ambience and music gives way to speech


def mix(storyboard: Storyboard, lines: Sequence[SpokenLine], shots: Sequence[ShotSound]) -> F4:
    """The clip's sound, (n, 2) at SAMPLE_RATE with n = duration x rate. Same input, same samples."""
    count = round(storyboard.duration * SAMPLE_RATE)
    speech, effects = np.zeros((count + _SPARE, 2)), np.zeros((count + _SPARE, 2))
    for line in lines:
        _add(speech, _voice(line, shots[line.shot]), line.start)
    for number, shot in enumerate(shots):
        _add_effects(effects, shot, storyboard.seed + number)
    foreground = speech + effects
    for shot in shots:
        _add_room(foreground, speech + effects, shot, storyboard.seed)
    presence = _presence(speech)[:, None]
    beds = _beds(storyboard, shots, count + _LOOPED) * (1 - _DUCK * presence[: count + _LOOPED])
    music = score(storyboard, shots, count + _SPARE) * (1 - _MUSIC_DUCK * presence)
    return mastered(_cut(foreground + music, count, loop=storyboard.loop), _joined(beds, count, loop=storyboard.loop), loop=storyboard.loop)


def effects(shots: Sequence[ShotSound], seed: int, count: int) -> F8:
    """(count, 2) blows, steps and what else happens, dry, as `mix` has them, without voices, air and music."""
    track = np.zeros((count + _SPARE, 2))
    for number, shot in enumerate(shots):
        _add_effects(track, shot, seed + number)
    return track[:count]


def _cut(track: F8, count: int, *, loop: bool) -> F8:
    """What rings on after the end is heard over the beginning, or not at all."""
    whole = track[:count].copy()
    for begin in range(count, len(track) if loop else 0, count):
        rest = track[begin : begin + count]
        whole[: len(rest)] += rest
    return whole


def _joined(bed: F8, count: int, *, loop: bool) -> F8:
    """(count, 2); looped, it begins as what would follow its end, and crosses over."""
    whole = bed[:count].copy()
    if loop:
        fade = min(_LOOPED, count)
        share = np.sqrt(np.linspace(0, 1, fade))[:, None]
        whole[:fade] = whole[:fade] * share + bed[count : count + fade] * share[::-1]
    return whole


def _add(track: F8, sound: F8, time: float) -> None:
    start = max(0, round(time * SAMPLE_RATE))
    sound = sound[: max(0, len(track) - start)]
    track[start : start + len(sound)] += sound


def _near(distance: float) -> float:
    """Dialogue keeps its level: a film's microphone follows the actor."""
    return float(np.clip((2.5 / max(distance, 0.5)) ** 0.3, 0.6, 1.15))


def _far(distance: float) -> float:
    return float(np.clip((5 / max(distance, 0.5)) ** 0.7, 0.18, 1.6))


def _voice(line: SpokenLine, shot: ShotSound) -> F8:
    def where(seconds: float) -> tuple[float, float]:
        time = line.start - shot.start + seconds
        return heard(shot.speaker_positions(line.speaker, time), shot.listener(time))

    return placed(line.samples, where, _near)


def _add_effects(track: F8, shot: ShotSound, seed: int) -> None:
    """A sound that begins in a shot may ring on into the next, as on film."""
    for number, contact in enumerate(foley.audible(shot.contacts)):
        rng = np.random.default_rng([seed, 1, number])
        _add(track, _at(foley.impact(contact, rng), contact.position, contact.time, shot), shot.start + contact.time)
    for number, step in enumerate(shot.footfalls):
        rng = np.random.default_rng([seed, 2, number])
        sound = foley.footstep(step, shot.stage.ground_material, rng)
        _add(track, _at(sound, step.position, step.time, shot), shot.start + step.time)
    for time, sound, position in rubs(shot, seed):
        _add(track, _at(sound, position, time, shot), shot.start + time)
    for number, happening in enumerate(happenings(shot)):
        _add(track, _happening(happening, shot, seed + number), shot.start + happening.time)


def _at(sound: F8, position: Sequence[float] | F8, time: float, shot: ShotSound) -> F8:
    pan, distance = heard(np.array(position), shot.listener(time))
    return np.asarray(sound[:, None] * gains(np.array(pan), np.array(_far(distance))))


def _happening(happening: Happening, shot: ShotSound, seed: int) -> F8:
    once = happening.gain * library.sound(happening.sound, seed, happening.pitch)
    sound = once if happening.until is None else _going_on(once, happening.until - happening.time)
    where = happening.where or (lambda time: far_ahead(shot, time))

    def place(seconds: float) -> tuple[float, float]:
        return heard(where(happening.time + seconds), shot.listener(min(shot.duration, happening.time + seconds)))

    return placed(sound, place, _far)


def _going_on(once: F8, seconds: float) -> F8:
    """Again and again, overlapping a little, until it is told to end; then it fades."""
    count = max(int(seconds * SAMPLE_RATE), _CROSSFADE)
    step = max(1, len(once) - int(0.12 * len(once)))
    total = np.zeros(count + len(once))
    for start in range(0, count, step):
        total[start : start + len(once)] += once
    fade = min(count, int(0.15 * SAMPLE_RATE))
    total[count - fade : count] *= np.linspace(1, 0, fade)
    return total[:count]


def _add_room(track: F8, dry: F8, shot: ShotSound, seed: int) -> None:
    """The place's reflections of what sounds during the shot; they ring on after it."""
    room = ambience.entry_of(shot.stage.ambience).room
    first, window = _window(shot, len(dry))
    inside = dry[first : first + len(window)] * window
    if not inside.any():
        return
    reflected = reverb(inside, room.size, room.seconds, room.wet, seed)[: len(track) - first]
    track[first : first + len(reflected)] += reflected


def _beds(storyboard: Storyboard, shots: Sequence[ShotSound], count: int) -> F8:
    """The air of each place; a bed goes on when the film comes back to it."""
    total = np.zeros((count, 2))
    airs = [
        ambience.Air(sound.stage.ambience, shot.time_of_day, shot.weather, shot.crowd, sound.stage.indoor)
        for shot, sound in zip(storyboard.shots, shots, strict=True)
    ]
    for air in dict.fromkeys(airs):
        bed = ambience.bed(air, (storyboard.seed + crc32(air.place.encode())) % 2**63, count)
        for sound in (sound for sound, own in zip(shots, airs, strict=True) if own == air):
            first, window = _window(sound, count, ends=sound is not shots[-1])
            total[first : first + len(window)] += bed[first : first + len(window)] * window
    return total


def _window(shot: ShotSound, count: int, *, ends: bool = True) -> tuple[int, F8]:
    """The first sample and (n, 1) gains: 1 during the shot, crossing over in 50 ms around its cuts so that neighbours sum to 1."""
    begin, end = shot.start * SAMPLE_RATE, (shot.start + shot.duration) * SAMPLE_RATE
    first, last = max(0, int(begin) - _CROSSFADE), min(count, int(end) + _CROSSFADE) if ends else count
    clock = np.arange(first, last)
    rise = np.clip((clock - begin) / _CROSSFADE + 0.5, 0, 1) if begin > 0 else np.ones(len(clock))
    fall = np.clip((end - clock) / _CROSSFADE + 0.5, 0, 1) if ends else np.ones(len(clock))
    return first, np.asarray(np.minimum(rise, fall)[:, None])


def _presence(speech: F8) -> F8:
    """(n,) 0..1 how much is being said, held for a moment and eased in and out."""
    loud = np.minimum(1, np.abs(speech).max(axis=1) / 0.08)
    return np.asarray(uniform_filter1d(maximum_filter1d(loud, int(0.25 * SAMPLE_RATE)), int(0.15 * SAMPLE_RATE)))
