"""What is heard in finished MP4s: blows on time, lips on time, loudness, and what the sound costs.

    .venv/bin/python bench/bench_sound.py [--keep FOLDER]

Films are made by the engine at 320x180 and decoded again with PyAV. A blow's onset is where the sound rises most sharply near its contact;
the control looks at 200 random moments. Loudness is measured by libebur128 in FFmpeg, beside ours.
"""

import argparse
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av import logging as av_logging
from kinora_world import output, render, sound
from kinora_world.scene import FPS, SAMPLE_RATE
from kinora_world.sound import foley
from kinora_world.sound.mastering import loudness, peaks
from kinora_world.storyboard import Storyboard
from rich.console import Console
from rich.table import Table
from scipy.signal import butter, sosfiltfilt

FRAME_S = 1 / FPS
HOP_S = 0.001
NEAR_S = 0.09  # how far from a contact an onset is looked for
RISE_DB = 4.0  # by which the sound must grow within 8 ms
ALONE_S = 0.1  # blows nearer than this to the one before cannot be told apart
MASKED_S = 0.5  # for which a blow six times as hard drowns another
PEOPLE = [{"id": "maya", "name": "Maya", "feminine": 1}, {"id": "leo", "name": "Leo", "feminine": 0}]
MARKS = [{"character": "maya", "position": [-0.7, 0], "facing": 60}, {"character": "leo", "position": [0.7, 0], "facing": -60}]
BALLS = ("basketball", "football", "tennis_ball", "beach_ball")
HEAVY = ("crate", "bottle", "brick", "trash_can")


class Film(NamedTuple):
    name: str
    clip: render.Clip
    heard: np.ndarray  # (n, 2), as decoded from the MP4
    cpu_s: float  # of speech and mix


def falling(kinds: Sequence[str], place: str) -> list[dict[str, Any]]:
    """A shot for each thing that falls."""
    return [
        {"duration": 2.5, "place": place, "props": [{"id": f"p{n}", "kind": kind, "position": [0.1, 0.2, 1.4]}]}
        for n, kind in enumerate(kinds)
    ]


def talk(seconds: float = 6.0, **parts: Any) -> dict[str, Any]:
    lines = [
        {"speaker": "maya", "text": "My mother made a beautiful apple pie."},
        {"speaker": "leo", "text": "Maybe we should buy more milk."},
    ]
    return {"duration": seconds, "place": "park", "marks": MARKS, "dialogue": lines} | parts


def films() -> dict[str, dict[str, Any]]:
    """Storyboards by name."""
    walk = [{"actor": "maya", "verb": "walk", "to": [2, 0]}, {"actor": "leo", "verb": "clap", "start": 1}]
    shots: dict[str, dict[str, Any] | list[dict[str, Any]]] = {
        "balls, indoors": falling(BALLS, "room"),
        "balls, court": falling(BALLS, "court"),
        "heavy things, street": falling(HEAVY, "street"),
        "heavy things, beach": falling(HEAVY, "beach"),
        "talk": talk(),
        "talk, music, rain": talk(mood="sad", weather="rain"),
        "whisper and shout": talk(
            dialogue=[
                {"speaker": "maya", "text": "Maybe a boat, maybe a bear.", "manner": "whisper"},
                {"speaker": "leo", "text": "Obama! Barbara! Remember me!", "manner": "shout"},
            ]
        ),
        "French": talk(dialogue=[{"speaker": "maya", "text": "Papa a un beau bateau et maman aime la pomme.", "language": "fr"}]),
        "steps and claps": {"duration": 4, "place": "street", "marks": MARKS, "actions": walk},
        "storm": {"duration": 5, "place": "park", "weather": "storm"},
        "fireworks, joyful": {
            "duration": 5,
            "place": "beach",
            "time_of_day": "night",
            "mood": "joyful",
            "effects": [{"kind": "fireworks"}],
        },
        "music alone": {"duration": 6, "place": "park", "mood": "calm"},
    }
    return {name: {"seed": 7, "characters": PEOPLE, "shots": shot if isinstance(shot, list) else [shot]} for name, shot in shots.items()}


def cpu_s() -> float:
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def made(name: str, board: dict[str, Any], folder: Path) -> Film:
    spent = [0.0]

    def counted(work: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            began = cpu_s()
            result = work(*arguments, **options)
            spent[0] += cpu_s() - began
            return result

        return call

    speak, mix = sound.speak, sound.mix
    sound.speak, sound.mix = counted(speak), counted(mix)
    clip = render.prepare(Storyboard.model_validate(board), width=320, height=180)
    sound.speak, sound.mix = speak, mix
    where = folder / re.sub(r"\W+", "_", name)
    where.mkdir(parents=True, exist_ok=True)
    files = output.write(clip, where)
    return Film(name, clip, decoded(files.video), spent[0])


def decoded(path: Path) -> np.ndarray:
    """(n, 2), the encoder's delay taken off by the file's own times."""
    with av.open(str(path)) as film:
        pieces = [frame.to_ndarray() for frame in film.decode(audio=0)]
    return np.concatenate(pieces, axis=1).T.astype(np.float64)


def levels(heard: np.ndarray) -> np.ndarray:
    """Decibels every millisecond, of what is above 100 Hz."""
    power = sosfiltfilt(butter(2, 100, "highpass", fs=SAMPLE_RATE, output="sos"), heard, axis=0) ** 2
    hop = int(HOP_S * SAMPLE_RATE)
    power = power.sum(axis=1)[: len(power) // hop * hop].reshape(-1, hop).mean(axis=1)
    return 10 * np.log10(power + 1e-9)


def onset(db: np.ndarray, time_s: float) -> float | None:
    """Seconds from `time_s` to the sharpest rise near it; None when nothing rises."""
    rise = np.array([db[k : k + 8].max() - np.median(db[max(0, k - 25) : max(1, k)]) if k > 0 else 0.0 for k in range(len(db))])
    first, last = max(0, int((time_s - NEAR_S) / HOP_S)), int((time_s + NEAR_S) / HOP_S)
    window = rise[first:last]
    if not len(window) or window.max() < RISE_DB:
        return None
    loudest = first + int(np.argmax(window))
    jumps = np.diff(db[loudest : loudest + 10])
    return (loudest + (int(np.argmax(jumps)) + 1 if len(jumps) else 0)) * HOP_S - time_s


def blows(film: Film) -> Iterator[float]:
    """Times of the clip of every blow that stands alone and is not lost in the ringing of a much harder one."""
    found = [(scene.start + c.time, c.impulse) for scene in film.clip.scenes for c in foley.audible(scene.motion.contacts)]
    for at, impulse in sorted(found):
        alone = all(other == at or abs(other - at) > ALONE_S for other, _ in found)
        masked = any(0 < at - other < MASKED_S and hard > 6 * impulse for other, hard in found)
        if alone and not masked and at < film.clip.n_frames / FPS - 0.05:
            yield at


def contacts_table(found: Sequence[Film]) -> Table:
    table = Table("film", "blows", "heard", "mean ms", "largest ms", "within 1/24 s", "control: at random", title="Blows in the MP4")
    for film in found:
        times = list(blows(film))
        if times and film.name.startswith(("balls", "heavy")):
            db = levels(film.heard)
            offsets = [onset(db, at) for at in times]
            heard = [abs(offset) for offset in offsets if offset is not None]
            anywhere = np.random.default_rng(1).uniform(0.2, film.clip.n_frames / FPS - 0.2, 200)
            strays = np.mean([abs(onset(db, at) or 1.0) <= FRAME_S for at in anywhere])
            ok = np.mean([offset is not None and abs(offset) <= FRAME_S for offset in offsets])
            row = (len(times), len(heard), f"{1000 * np.mean(heard):.0f}", f"{1000 * max(heard):.0f}", f"{ok:.0%}", f"{strays:.0%}")
            table.add_row(film.name, *map(str, row))
    return table


def lips(film: Film) -> tuple[float, list[float]]:
    """Seconds by which the jaw as drawn lags the voice as heard, and by which each closing of the lips misses its dip in the sound."""
    voice = np.sqrt(np.mean(sosfiltfilt(butter(2, (150, 3500), "bandpass", fs=SAMPLE_RATE, output="sos"), film.heard, axis=0) ** 2, axis=1))
    step = SAMPLE_RATE // 240
    envelope = np.convolve(voice[: len(voice) // step * step].reshape(-1, step).mean(axis=1), np.ones(3) / 3, "same")
    jaw, misses = np.zeros(len(envelope)), []
    for line in film.clip.lines:
        scene = film.clip.scenes[line.shot]
        first, last = int(line.start * 240), min(len(jaw), int(line.end * 240))
        faces = [scene.performances[line.speaker].pose(k / 240 - scene.start).face for k in range(first, last)]
        jaw[first:last] = [face.get("jawOpen", 0.0) for face in faces]
        shut = np.array([face.get("mouthPressLeft", 0.0) for face in faces])
        misses += closings(line, shut, envelope[first:last])
    return best_lag(jaw, envelope), misses


def closings(line: Any, shut: np.ndarray, envelope: np.ndarray) -> list[float]:
    """Seconds between each drawn closing between vowels and the sound's quietest moment, from 40 ms before its phoneme to 40 ms after."""
    found = []
    for (_, before), (at, weights), (until, after) in zip(line.visemes, line.visemes[1:], line.visemes[2:], strict=False):
        shuts = weights.get("mouthPressLeft", 0) > 0.5
        between_vowels = before.get("jawOpen", 0) > 0.25 and after.get("jawOpen", 0) > 0.25
        if between_vowels and shuts and at > 0.1 and until < len(line.samples) / SAMPLE_RATE - 0.1:
            first, last = int((at - 0.04) * 240), int((until + 0.04) * 240)
            drawn, dip = first + np.argmax(shut[first:last]), first + np.argmin(envelope[first:last])
            found.append(abs(int(drawn) - int(dip)) / 240)
    return found


def best_lag(jaw: np.ndarray, envelope: np.ndarray) -> float:
    reach = 60
    jaw, envelope = jaw - jaw.mean(), np.minimum(envelope, np.percentile(envelope, 95)) - envelope.mean()
    lags = range(-reach, reach + 1)
    match = [float(np.dot(np.roll(jaw, -lag)[reach:-reach], envelope[reach:-reach])) for lag in lags]
    return (int(np.argmax(match)) - reach) / 240


def lips_table(found: Sequence[Film]) -> Table:
    table = Table("film", "jaw behind voice, ms", "closings of p, b, m", "mean ms", "largest ms", title="Lips")
    for film in found:
        if film.clip.lines:
            lag, misses = lips(film)
            table.add_row(film.name, f"{1000 * lag:+.0f}", str(len(misses)), *(f"{1000 * f(misses or [0]):.0f}" for f in (np.mean, max)))
    return table


def ebur128(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP by FFmpeg's own meter."""
    graph = av.filter.Graph()
    with av.open(str(path)) as film, av_logging.Capture(local=False) as log:
        av_logging.set_level(av_logging.INFO)
        source = graph.add_abuffer(template=film.streams.audio[0])
        meter, sink = graph.add("ebur128", "peak=true"), graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        for frame in film.decode(audio=0):
            graph.push(frame)
            with suppress(BlockingIOError):  # until the meter has gathered a block
                graph.pull()
        del graph, source, meter, sink  # the meter's summary is written when it goes
    av_logging.set_level(av_logging.PANIC)
    text = "".join(message for _, _, message in log)
    return tuple(float(re.findall(rf"{word}:\s+(-?[\d.]+|-inf)", text)[-1]) for word in ("I", "Peak"))  # type: ignore[return-value]


def levels_table(found: Sequence[Film], folder: Path) -> Table:
    table = Table("film", "LUFS, FFmpeg", "LUFS, ours", "true peak dBTP, FFmpeg", "ours", "CPU s per second", title="Loudness, target -16")
    for film in found:
        theirs, peak = ebur128(folder / re.sub(r"\W+", "_", film.name) / "raw.mp4")
        ours, top = loudness(film.heard), 20 * np.log10(peaks(film.heard).max())
        cost = film.cpu_s / (film.clip.n_frames / FPS)
        table.add_row(film.name, f"{theirs:.1f}", f"{ours:.1f}", f"{peak:.1f}", f"{top:.1f}", f"{cost:.3f}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="leave the films here")
    parser.add_argument("--only", default="", help="films whose name holds this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        began = time.monotonic()
        made("loads what is loaded once", films()["talk, music, rain"], Path(scratch))
        found = [made(name, board, folder) for name, board in films().items() if options.only in name]
        console = Console()
        for table in (contacts_table(found), lips_table(found), levels_table(found, folder)):
            console.print(table)
        console.print(f"{len(found)} films in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
