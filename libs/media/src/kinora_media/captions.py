"""WebVTT captions with voice tags (W3C WebVTT: The Web Video Text Tracks Format)."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

_TIMING = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})")
_VOICE = re.compile(r"<v ([^>]*)>(.*)", re.DOTALL)
_WORD_STAMP = re.compile(r"<\d+:\d\d:\d\d\.\d{3}>")


@dataclass(frozen=True)
class Cue:
    """Seconds from the start of the video; the speaker may be empty. `words` say when each word of the text is spoken, where known."""

    start: float
    end: float
    speaker: str
    text: str
    words: tuple[tuple[float, str], ...] = ()


def webvtt(cues: Iterable[Cue]) -> str:
    """Writes the cues that have a text, in the given order, times rounded to milliseconds."""
    return "\n\n".join(["WEBVTT", *(_cue(cue) for cue in cues if _lines(cue.text))]) + "\n"


def parse_webvtt(text: str) -> list[Cue]:
    """Reads back what `webvtt` wrote, but for the words' times; not a reader for other people's files."""
    return [_read(block) for block in text.rstrip("\n").split("\n\n")[1:]]


def _cue(cue: Cue) -> str:
    voice = f"<v {_escape(' '.join(cue.speaker.split()))}>" if cue.speaker.split() else ""
    return f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{voice}{_timed(cue)}"


def _timed(cue: Cue) -> str:
    """The text with a timestamp before each word that is found in it in order and spoken after the cue's beginning."""
    text, done, written, last = _lines(cue.text), 0, "", _stamp(cue.start)
    for time, word in cue.words:
        at = text.find(word, done) if word else -1
        if at > 0 and last < _stamp(time) < _stamp(cue.end):
            written += f"{_escape(text[done:at])}<{_stamp(time)}>"
            done, last = at, _stamp(time)
    return written + _escape(text[done:])


def _lines(text: str) -> str:
    # An empty line would end the cue.
    return "\n".join(line.strip() for line in re.split(r"[\r\n]+", text) if line.strip())


def _escape(text: str) -> str:
    return html.escape(text, quote=False).replace("\0", "\N{REPLACEMENT CHARACTER}")


def _stamp(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _read(block: str) -> Cue:
    head, _, body = block.partition("\n")
    timing = _TIMING.fullmatch(head)
    if timing is None:
        raise ValueError(f"{head!r} is no cue timing.")
    numbers = [int(part) for part in timing.groups()]
    start, end = _seconds(*numbers[:4]), _seconds(*numbers[4:])
    voice = _VOICE.fullmatch(body)
    speaker, text = voice.groups() if voice else ("", body)
    return Cue(start, end, html.unescape(speaker), html.unescape(_WORD_STAMP.sub("", text)))


def _seconds(hours: int, minutes: int, seconds: int, milliseconds: int) -> float:
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) / 1000
