"""The client's side of the speech process: sends text, receives samples and timings."""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np

from kinora_world.scene import F4

_SCRIPT = Path(__file__).with_name("espeak.py")
_PATIENCE_S = 30.0


class SpeechFailed(RuntimeError):
    """The speech process died, hung or does not know the voice."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Raw speech at the synthesiser's own rate. Times are seconds from the first sample."""

    samples: F4  # (n,) in -1..1
    rate: int
    phonemes: tuple[tuple[float, str], ...]  # IPA, ascending; "" or "_" is silence
    words: tuple[tuple[float, str], ...]


class Talker:
    """One speech process, for the time of a `with` block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-I", str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def say(self, text: str, *, voice: str, rate: int, pitch: int, span: int = 50) -> Utterance:
        """Raises SpeechFailed. `rate` is words a minute, `pitch` and `span` (liveliness) 0-100 as in espeak-ng."""
        watchdog = threading.Timer(_PATIENCE_S, self._process.kill)
        watchdog.start()
        try:
            header, pcm = self._exchange({"text": text, "voice": voice, "rate": rate, "pitch": pitch, "range": span})
        except (OSError, EOFError) as error:
            raise SpeechFailed(f"the speech process ended before it had spoken {text[:40]!r}") from error
        finally:
            watchdog.cancel()
        if "error" in header:
            raise SpeechFailed(header["error"])
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        phonemes = tuple((ms / 1000, ipa) for ms, ipa in header["phonemes"])
        return Utterance(samples, header["rate"], phonemes, tuple(_words(text, header["words"])))

    def _exchange(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        inlet, outlet = self._process.stdin, self._process.stdout
        if inlet is None or outlet is None:
            raise EOFError
        inlet.write(json.dumps(request).encode() + b"\n")
        inlet.flush()
        (length,) = struct.unpack("<I", _read(outlet, 4))
        header = json.loads(_read(outlet, length))
        return header, _read(outlet, header.get("bytes", 0))


def _words(text: str, events: list[tuple[int, int, int]]) -> Iterator[tuple[float, str]]:
    """The synthesiser runs small words together ("tout le monde"): each event owns the text up to the next."""
    for index, (ms, at, _) in enumerate(events):
        until = events[index + 1][1] if index + 1 < len(events) else len(text)
        yield ms / 1000, text[at:until].strip()


def _read(source: IO[bytes], count: int) -> bytes:
    data = source.read(count)
    if len(data) != count:
        raise EOFError
    return data
