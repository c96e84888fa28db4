"""What can speak: espeak-ng always; piper's neural voices where an operator has put them."""

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from kinora_world.scene import F4
from kinora_world.sound.talker import SpeechFailed, Talker, Utterance
from kinora_world.sound.voices import Delivery

_LOG = logging.getLogger(__name__)
_SETTING = "KINORA_PIPER_VOICES"  # a folder of piper's *.onnx with their *.onnx.json
_PATIENCE_S = 60.0
_USUAL_RATE = 165.0  # words a minute at piper's own pace
_QUIET = 0.01


class Engine(Protocol):
    """Speaks lines. Times of phonemes and words count from the first sample; an empty text is an empty utterance or a silent one."""

    def say(self, text: str, delivery: Delivery) -> Utterance:
        """Raises SpeechFailed."""
        ...


class Espeak:
    """A formant synthesiser: every language, any pace, exact times."""

    def __init__(self, talker: Talker) -> None:
        self._talker = talker

    def say(self, text: str, delivery: Delivery) -> Utterance:
        voice = f"{delivery.language}+{delivery.variant}"
        return self._talker.say(text, voice=voice, rate=round(max(80, delivery.rate)), pitch=50, span=55)


class Piper:
    """One neural voice, as a program of its own. It tells no times: those of espeak for the same text are stretched to fit."""

    def __init__(self, program: str, model: Path, timing: Engine) -> None:
        self._program, self._model, self._timing = program, model, timing
        self._rate = int(json.loads(model.with_name(model.name + ".json").read_text())["audio"]["sample_rate"])

    def say(self, text: str, delivery: Delivery) -> Utterance:
        pace = str(round(_USUAL_RATE / delivery.rate, 3))
        command = [self._program, "--model", str(self._model), "--output-raw", "--length-scale", pace]
        try:
            done = subprocess.run(command, input=" ".join(text.split()).encode(), capture_output=True, timeout=_PATIENCE_S, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise SpeechFailed(f"piper could not speak with {self._model.name}") from error
        samples = np.frombuffer(done.stdout[: len(done.stdout) // 2 * 2], "<i2").astype(np.float32) / np.float32(32768)
        return _timed(samples, self._rate, self._timing.say(text, delivery))


def _timed(samples: F4, rate: int, model: Utterance) -> Utterance:
    """The model's times, moved so that both begin and end to be heard together."""
    begin, end = _heard(samples, rate)
    first, last = _heard(model.samples, model.rate)
    stretch = (end - begin) / max(last - first, 1e-6)

    def moved(time: float) -> float:
        return float(np.clip(begin + (time - first) * stretch, 0, len(samples) / rate))

    phonemes = tuple((moved(time), ipa) for time, ipa in model.phonemes)
    return Utterance(samples, rate, phonemes, tuple((moved(time), word) for time, word in model.words))


def _heard(samples: F4, rate: int) -> tuple[float, float]:
    """Seconds at which sound begins and ends."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return (float(loud[0]) / rate, float(loud[-1]) / rate) if len(loud) else (0.0, len(samples) / rate)


class Choir:
    """Every engine there is, for the time of a `with` block: the best for each line's language, espeak where that fails."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._talker = Talker()
        self._espeak = Espeak(self._talker)
        self._pipers = dict(_pipers(environment, self._espeak))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._talker.__exit__(kind, error, trace)

    def say(self, text: str, delivery: Delivery) -> Utterance:
        """Raises SpeechFailed when nothing can speak."""
        voices = self._pipers.get(delivery.language.partition("-")[0], [])
        if voices:
            voice = voices[sum(delivery.speaker.encode()) % len(voices)]
            try:
                return voice.say(text, delivery)
            except SpeechFailed as error:
                _LOG.warning("%s; espeak speaks instead", error)
        return self._espeak.say(text, delivery)


def _pipers(environment: Mapping[str, str], timing: Engine) -> Mapping[str, list[Piper]]:
    """Piper's voices by language ("en_US-amy-medium.onnx" → "en"); none without the program."""
    folder, program = environment.get(_SETTING), shutil.which("piper", path=environment.get("PATH"))
    found: dict[str, list[Piper]] = {}
    if not folder:
        return found
    if program is None:
        _LOG.warning("%s is set but there is no program `piper`; espeak speaks instead", _SETTING)
        return found
    for model in sorted(Path(folder).glob("*.onnx")):
        if model.with_name(model.name + ".json").is_file():
            found.setdefault(model.name.partition("_")[0].partition("-")[0], []).append(Piper(program, model, timing))
    return found
