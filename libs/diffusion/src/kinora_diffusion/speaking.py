"""When lines are spoken, as far as words alone can tell: engines that make sound by themselves do not say when they let whom speak."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kinora_media.captions import Cue
from kinora_world.catalogue import base_language
from kinora_world.director.language import seconds
from kinora_world.sound.library import entry_of
from kinora_world.storyboard import Line, Shot, Storyboard

SHORTEST_S = 0.4
_SOUND_S = 1.2


class Spoken(NamedTuple):
    """Seconds of the shot, or of the clip."""

    start: float
    end: float
    line: Line


def spoken(shot: Shot) -> list[Spoken]:
    """Lines in turn. Those without a start share the shot's time evenly, each as long as its letters take at the language's usual pace;
    what is too long for the shot is said faster.
    """
    lengths = [max(SHORTEST_S, seconds(line.text, base_language(line.language) or "en")) for line in shot.dialogue]
    pause = max(0.0, shot.duration - sum(lengths)) / (len(lengths) + 1)
    hurry = min(1.0, shot.duration / sum(lengths)) if lengths else 1.0
    found, free = [], 0.0
    for line, length in zip(shot.dialogue, lengths, strict=True):
        start = free + pause if line.start is None else max(free, min(line.start, shot.duration))
        end = min(start + length * hurry, shot.duration)
        found.append(Spoken(min(start, end), end, line))
        free = end
    return found


def lines(storyboard: Storyboard) -> list[Spoken]:
    """Of the whole clip."""
    begin, found = 0.0, []
    for shot in storyboard.shots:
        found += [Spoken(begin + start, begin + end, line) for start, end, line in spoken(shot)]
        begin += shot.duration
    return found


def cues(storyboard: Storyboard, said: Sequence[Spoken]) -> list[Cue]:
    """What is spoken, with the speakers' names, and in brackets the sounds that the storyboard asks for."""
    names = {character.id: character.name for character in storyboard.characters}
    found = [Cue(start, end, names.get(line.speaker, ""), line.text) for start, end, line in said]
    return sorted([*found, *_sounds(storyboard)], key=lambda cue: cue.start)


def _sounds(storyboard: Storyboard) -> Iterator[Cue]:
    begin = 0.0
    for shot in storyboard.shots:
        for sound in shot.sounds:
            start = begin + sound.start
            yield Cue(start, min(start + _SOUND_S, storyboard.duration), "", f"[{entry_of(sound.kind).caption}]")
        begin += shot.duration


def words(said: Sequence[Spoken]) -> list[dict[str, object]]:
    """For the events: each word's time, spread evenly over its line."""
    found: list[dict[str, object]] = []
    for start, end, line in said:
        parts = line.text.split()
        for number, word in enumerate(parts):
            time = start + (end - start) * number / len(parts)
            found.append({"time": round(time, 4), "speaker": line.speaker, "word": word, "estimated": True})
    return found
