"""espeak-ng in a process of its own: JSON lines come in, speech goes out. Started as a script; knows nothing of the rest of the engine.

The synthesiser is GPL and keeps global state, so it lives behind a pipe. One request line is
`{"text", "voice", "rate", "pitch", "range"}`; the answer is a 4-byte little-endian length, that many bytes of JSON header
`{"rate", "bytes", "phonemes": [[ms, ipa]], "words": [[ms, character, length]], "error"}`, then the 16-bit mono samples.
"""

import ctypes
import json
import resource
import struct
import sys
from typing import Any, ClassVar

import espeakng_loader

_RETRIEVAL = 2  # samples come to the callback, nothing is played
_PHONEMES, _IPA = 1, 2  # options: phoneme events, in IPA
_WORD_EVENT, _PHONEME_EVENT = 1, 7
_UTF8, _END_PAUSE = 0x1, 0x1000  # neither markup (0x10) nor phoneme input (0x100): text is only ever text
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(ctypes.Union):
    _fields_: ClassVar = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Synthesiser:
    """The one synthesiser of this process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
        self._callback = _CALLBACK(self._hear)
        self._samples = bytearray()
        self._phonemes: list[tuple[int, str]] = []
        self._words: list[tuple[int, int, int]] = []
        self._rate = self._library.espeak_Initialize(_RETRIEVAL, 0, str(espeakng_loader.get_data_path()).encode(), _PHONEMES | _IPA)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        self._samples, self._phonemes, self._words = bytearray(), [], []
        if self._library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
            return {"error": f"no voice {request['voice']!r}"}, b""
        for parameter, name in ((_RATE, "rate"), (_PITCH, "pitch"), (_RANGE, "range")):
            self._library.espeak_SetParameter(parameter, int(request[name]), 0)
        self._library.espeak_ng_SetRandSeed(1)  # else seeded by the clock: a voice's flutter would differ from run to run
        text = request["text"].replace("\0", " ").encode("utf-8", "replace")
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8 | _END_PAUSE, None, None)
        self._library.espeak_Synchronize()
        header = {"rate": self._rate, "bytes": len(self._samples), "phonemes": self._phonemes, "words": self._words}
        return header, bytes(self._samples)

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._samples.extend(ctypes.string_at(samples, count * 2))
        for event in iter_events(events):
            if event.type == _PHONEME_EVENT:
                self._phonemes.append((event.audio_position, event.id.string.decode("utf-8", "ignore")))
            elif event.type == _WORD_EVENT:
                self._words.append((event.audio_position, event.text_position - 1, event.length))
        return 0


def iter_events(events: Any) -> Any:
    """Events up to the terminator, whose type is 0."""
    index = 0
    while events[index].type != 0:
        yield events[index]
        index += 1


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    synthesiser = Synthesiser()
    for line in sys.stdin.buffer:
        header, samples = synthesiser.say(json.loads(line))
        packed = json.dumps(header).encode()
        sys.stdout.buffer.write(struct.pack("<I", len(packed)) + packed + samples)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
