"""The mark in the sound: which ids are read after what, on the engine's own soundtracks; what it costs and whether it can be heard.

    .venv/bin/python bench/bench_sound_mark.py [--only REGEX] [--trials N] [--unmarked N] [--keep FOLDER] [--listen]

`--listen` asks ViSQOL (Hines et al., EURASIP J. Audio Speech Music Process. 2015) how alike marked and unmarked sound are to an ear, from 1
to 5, beside AAC at 128k; it takes a minute a sound and `uv pip install visqol-python` beforehand.

Every change but noise and rooms is made to a stretch of 3 s, from a random moment of a longer marked sound. Noise and rooms are tried on
the first 4 s. A room is Polack's: the direct sound, then noise that dies away by 60 dB in 0.3 to 0.6 s; the direct sound is as much louder
as the critical distance in 40 m3 says for half a metre and a loudspeaker of 3 dB directivity.
"""

import argparse
import importlib
import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from bench_sound import MARKS, PEOPLE, talk
from kinora_marks.keys import Key, KeyRing
from kinora_marks.payload import Carriers
from kinora_marks.sound import Embedder, detect, masking
from kinora_marks.sound.grid import CARRIERS, HOP, PILOTS, RATE, WINDOW
from kinora_marks.sound.listening import Listening
from kinora_marks.sound.restraint import BLOCK
from kinora_marks.sound.weighing import Heard, folded
from kinora_world import render
from kinora_world.storyboard import Storyboard
from rich.console import Console
from rich.table import Table
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

F4 = np.ndarray[Any, np.dtype[np.float32]]
Change = Callable[[F4, np.random.Generator], tuple[F4, int]]
EXCERPT_S, WHOLE_S = 3.0, 4.0
RING = KeyRing((Key(1, b"a benchmark's key"),))


def said(speaker: str, text: str, **more: Any) -> dict[str, Any]:
    return {"speaker": speaker, "text": text} | more


def boards() -> dict[str, dict[str, Any]]:
    """Shots by name; those with talk begin with it."""
    pie, milk = said("maya", "My mother made a beautiful apple pie."), said("leo", "I told you we should buy more milk today.")
    keys = said("maya", "Where did you put the keys?"), said("leo", "Under the blue pot, next to the door."), said("maya", "They are gone.")
    bateau = said("maya", "Papa a un beau bateau et maman aime la pomme.", language="fr")
    loud = said("maya", "Maybe a boat, maybe a bear.", manner="whisper"), said("leo", "Obama! Barbara! Remember me!", manner="shout")
    return {
        "talk, park, 4 s": talk(4.0, dialogue=[pie]),
        "talk, room, 4 s": talk(4.0, place="room", dialogue=[milk]),
        "talk, two, 6 s": talk(6.0),
        "talk, music, rain, 6 s": talk(6.0, mood="sad", weather="rain"),
        "talk, French, 5 s": talk(5.0, dialogue=[bateau]),
        "whisper, shout, 7 s": talk(7.0, dialogue=list(loud)),
        "talk, street, 12 s": talk(12.0, place="street", dialogue=list(keys)),
        "steps, claps, 4 s": {
            "duration": 4,
            "place": "street",
            "marks": MARKS,
            "actions": [{"actor": "maya", "verb": "walk", "to": [2, 0]}, {"actor": "leo", "verb": "clap", "start": 1}],
        },
        "storm, 5 s": {"duration": 5, "place": "park", "weather": "storm"},
        "fireworks, 5 s": {"duration": 5, "place": "beach", "time_of_day": "night", "mood": "joyful", "effects": [{"kind": "fireworks"}]},
        "music, calm, 6 s": {"duration": 6, "place": "park", "mood": "calm"},
        "music, tense, 4 s": {"duration": 4, "place": "room", "mood": "tense"},
    }


def soundtrack(shot: dict[str, Any]) -> F4:
    board = Storyboard.model_validate({"seed": 7, "characters": PEOPLE, "shots": [shot]})
    return render.prepare(board, width=320, height=180).audio.astype(np.float32)


def marked(sound: F4, identity: int) -> F4:
    embedder = Embedder(identity, RING, sound.shape[1])
    return np.concatenate([*(embedder.push(sound[k : k + RATE]) for k in range(0, len(sound), RATE)), embedder.finish()])


def coded(sound: F4, codec: str, kind: str, kbps: int) -> F4:
    """(n, channels), one or two, through an encoder and back."""
    file, layout = io.BytesIO(), "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(file, "w", format=kind) as container:
        stream: Any = container.add_stream(codec, rate=RATE, layout=layout)
        stream.bit_rate = 1000 * kbps
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32).reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as container:
        out = av.AudioResampler("flt", layout, RATE)
        pieces = [part for frame in container.decode(audio=0) for part in out.resample(frame)] + out.resample(None)
        return np.concatenate([piece.to_ndarray().reshape(-1, sound.shape[1]) for piece in pieces])


def filtered(sound: F4, name: str, arguments: str) -> F4:
    """(n, 2) through one of FFmpeg's filters."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="stereo")
    chain = [source, graph.add(name, arguments), graph.add("aformat", "sample_fmts=flt:channel_layouts=stereo"), graph.add("abuffersink")]
    graph.link_nodes(*chain).configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound).reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts = RATE, 0
    graph.push(frame)
    graph.push(None)
    pieces = []
    while True:
        try:
            pieces.append(graph.pull().to_ndarray().reshape(-1, 2))
        except (av.BlockingIOError, av.EOFError):
            return np.concatenate(pieces)


def faster(sound: F4, speed: float) -> F4:
    """Played faster, pitch and all."""
    fine = resample_poly(sound, 4, 1, axis=0)
    times = np.arange(int(len(sound) / speed)) * speed * 4
    return np.stack([np.interp(times, np.arange(len(fine)), channel) for channel in np.atleast_2d(fine.T)]).T.astype(np.float32)


def below(sound: F4, hertz: float) -> F4:
    return sosfilt(butter(8, hertz, fs=RATE, output="sos"), sound, axis=0).astype(np.float32)


def with_noise(sound: F4, db: float, random: np.random.Generator) -> F4:
    return (sound + random.normal(size=sound.shape) * np.sqrt(np.square(sound).mean() * 10 ** (-db / 10))).astype(np.float32)


def in_a_room(sound: F4, random: np.random.Generator) -> F4:
    """Played by a loudspeaker, 150 Hz to 8 kHz, heard half a metre away by a microphone, 100 Hz to 9 kHz, whose clock is 0.03% off."""
    reverberation_s = random.uniform(0.3, 0.6)
    distance_db = 20 * np.log10(0.057 * np.sqrt(40 / reverberation_s) / 0.5) + 3
    played = sosfilt(butter(2, (150, 8000), "bandpass", fs=RATE, output="sos"), faster(sound, 1.0003).mean(1))
    count = int(reverberation_s * RATE)
    tail = random.normal(size=count) * 10 ** (-3 * np.arange(count) / count)
    tail[: RATE // 500] = 0
    tail *= 10 ** (-distance_db / 20) / np.linalg.norm(tail)
    tail[0] = 1
    heard = sosfilt(butter(2, (100, 9000), "bandpass", fs=RATE, output="sos"), fftconvolve(played, tail))
    return with_noise(heard, 25, random)


def mono(sound: F4) -> F4:
    return sound.mean(1, keepdims=True)


def excerpt(sound: F4, random: np.random.Generator) -> F4:
    start = random.integers(0, len(sound) - int(EXCERPT_S * RATE) + 1)
    return sound[start : start + int(EXCERPT_S * RATE)]


def changes() -> dict[str, Change]:
    """What is done to a stretch of 3 s; each gives samples and their rate."""
    three = lambda s: coded(coded(coded(s, "aac", "mp4", 96), "aac", "mp4", 64), "libmp3lame", "mp3", 96)  # noqa: E731
    alone: dict[str, Callable[[F4], F4]] = {
        "nothing": lambda s: s,
        "AAC 128k": lambda s: coded(s, "aac", "mp4", 128),
        "AAC 64k, mono": lambda s: coded(mono(s), "aac", "mp4", 64),
        "AAC 64k, stereo": lambda s: coded(s, "aac", "mp4", 64),
        "Opus 32k, mono": lambda s: coded(mono(s), "libopus", "ogg", 32),
        "Opus 32k, stereo": lambda s: coded(s, "libopus", "ogg", 32),
        "MP3 96k": lambda s: coded(s, "libmp3lame", "mp3", 96),
        "AAC 96k, 64k, MP3": three,
        "the same, mono": lambda s: three(mono(s)),
        "below 4 kHz": lambda s: below(s, 4000),
        "-20 dB": lambda s: s * np.float32(0.1),
        "to mono": mono,
        "5% faster": lambda s: faster(s, 1.05),
        "5% slower": lambda s: faster(s, 1 / 1.05),
        "tempo +4%": lambda s: filtered(s, "atempo", "1.04"),
        "compressor": lambda s: filtered(s, "acompressor", "threshold=0.1:ratio=4:attack=5:release=80:makeup=2"),
    }
    found: dict[str, Change] = {name: lambda s, r, change=change: (change(excerpt(s, r)), RATE) for name, change in alone.items()}
    found["44.1 kHz"] = lambda s, r: (resample_poly(excerpt(s, r), 147, 160, axis=0), 44_100)
    found["16 kHz, mono"] = lambda s, r: (resample_poly(excerpt(s, r).mean(1), 1, 3), 16_000)
    found["noise, 20 dB (4 s)"] = lambda s, r: (with_noise(s[: int(WHOLE_S * RATE)], 20, r), RATE)
    found["a room (4 s)"] = lambda s, r: (in_a_room(s[: int(WHOLE_S * RATE)], r), RATE)
    found["a room (whole)"] = lambda s, r: (in_a_room(s, r), RATE)
    return found


class Trial(NamedTuple):
    right: bool
    wrong: bool
    cpu_s: float
    score: float


def tried(sound: F4, rate: int, identity: int) -> Trial:
    began = time.process_time()
    found = detect(sound, rate, RING).found
    spent = time.process_time() - began
    right = any(mark.identity == identity for mark in found)
    return Trial(right, any(mark.identity != identity for mark in found), spent, max((mark.score for mark in found), default=0.0))


def attacks_table(sounds: dict[str, F4], trials: int) -> Table:
    table = Table("after", *sounds, "all", "lowest score", "CPU s", title=f"Ids read, of {trials} each")
    rows: dict[str, list[list[Trial]]] = {name: [] for name in changes()}
    for number, sound in enumerate(sounds.values()):
        for trial in range(trials):
            random = np.random.default_rng([number, trial])
            identity = int(random.integers(2**63))
            after = marked(sound, identity)
            for name, change in changes().items():
                if trial == 0:
                    rows[name].append([])
                rows[name][-1].append(tried(*change(after, random), identity))
    for name, cells in rows.items():
        every = [trial for cell in cells for trial in cell]
        assert not any(trial.wrong for trial in every)
        counts = [str(sum(trial.right for trial in cell)) for cell in cells]
        lowest = min((trial.score for trial in every if trial.right), default=0.0)
        table.add_row(name, *counts, f"{np.mean([t.right for t in every]):.0%}", f"{lowest:.0f}", f"{max(t.cpu_s for t in every):.2f}")
    return table


def spectra(sound: F4) -> F4:
    """Power of each bin in each frame, (bins, frames)."""
    windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
    return np.square(np.abs(np.fft.rfft(windows * np.hanning(WINDOW), axis=1))).T.astype(np.float32)


def noise_to_mask(sound: F4, after: F4) -> np.ndarray:
    """Decibels by which what was added exceeds the masked threshold, of every critical band and frame above -80 dB of full scale."""
    power, added = spectra(sound), spectra(after - sound)
    heard = masking.band_powers(power) > 1e-8 * WINDOW**2 / 16
    return 10 * np.log10(masking.band_powers(added)[heard] / masking.threshold(power)[heard] + 1e-12)


def before_attacks(sound: F4, after: F4) -> str:
    """Decibels of what was added over the sound itself in 5 ms, of those that 20 dB more follow within 32 ms: the worst of 20."""
    own, added = (np.square(s[: len(s) // BLOCK * BLOCK]).mean(1).reshape(-1, BLOCK).mean(1) + 1e-12 for s in (sound, after - sound))
    loudest = np.max([np.roll(own, -later) for later in range(2, 7)], axis=0)
    attacks = np.flatnonzero((loudest > 100 * own) & (loudest > 1e-4))
    return f"{np.percentile(10 * np.log10(added[attacks] / own[attacks]), 95):.1f}" if len(attacks) else "none"


def alike(sound: F4, other: F4) -> float:
    """ViSQOL's mean opinion score."""
    api = importlib.import_module("visqol").VisqolApi()
    api.create(mode="audio")
    return float(api.measure_from_arrays(sound.mean(1).astype(float), other[: len(sound)].mean(1).astype(float), RATE).moslqo)


def listening_table(sounds: dict[str, F4]) -> Table:
    table = Table("sound", "marked", "AAC 128k", "itself", title="ViSQOL")
    for name, sound in sounds.items():
        table.add_row(name, *(f"{alike(sound, other):.2f}" for other in (marked(sound, 99), coded(sound, "aac", "mp4", 128), sound)))
    return table


def unheard_table(sounds: dict[str, F4]) -> Table:
    columns = "SNR dB", "noise to mask, mean dB", "above the mask", "by at most (99.9%)", "before attacks, dB", "times real time"
    table = Table("sound", *columns, title="Unheard")
    for name, sound in sounds.items():
        began = time.process_time()
        after = marked(sound, 99)
        speed = len(sound) / RATE / (time.process_time() - began)
        snr = 10 * np.log10(np.square(sound).sum() / np.square(after - sound).sum())
        ratios = noise_to_mask(sound[:, 0], after[:, 0])
        masked = f"{ratios.mean():.1f}", f"{(ratios > 0).mean():.2%}", f"{np.percentile(ratios, 99.9):.1f}"
        table.add_row(name, f"{snr:.1f}", *masked, before_attacks(sound, after), f"{speed:.0f}")
    return table


def unmarked_table(sounds: dict[str, F4], count: int) -> Table:
    """Readings at places and under keys chosen at random, every one decoded, whatever its pilots say."""
    random, ids, highest = np.random.default_rng(1), 0, 0.0
    heard = [Listening(sound, RATE) for sound in sounds.values()]
    for number in range(count):
        if number % 50 == 0:
            carriers = Carriers(Key(number, random.bytes(16)), "sound", CARRIERS, PILOTS)
        speed = random.uniform(0.95, 1.05)
        values = Heard.of(heard[number % len(heard)].cells(random.uniform(0, 0.5), speed, speed)).values
        values = np.roll(folded(values), random.integers(64), axis=0).ravel()
        highest = max(highest, abs(carriers.pilot_score(values)))
        ids += carriers.read(values) is not None
    searches = [(tried(sound, RATE, 0).cpu_s / len(sound) * RATE * 10, detect(sound, RATE, RING).found) for sound in sounds.values()]
    table = Table("readings", "ids", "highest score of pilots", "whole searches", "ids", "CPU s for 10 s", title="Without a mark")
    slowest = max(spent for spent, _ in searches)
    table.add_row(
        str(count), str(ids), f"{highest:.1f}", str(len(searches)), str(sum(len(found) for _, found in searches)), f"{slowest:.2f}"
    )
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="sounds whose name holds this regular expression")
    parser.add_argument("--trials", type=int, default=4)
    parser.add_argument("--unmarked", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="soundtracks are kept here, and taken from here")
    parser.add_argument("--listen", action="store_true")
    options = parser.parse_args()
    sounds = {}
    for name, shot in boards().items():
        if re.search(options.only, name):
            kept = options.keep / f"{name}.npy" if options.keep else None
            sounds[name] = np.load(kept) if kept and kept.exists() else soundtrack(shot)
            if kept and not kept.exists():
                np.save(kept, sounds[name])
    console = Console(width=200)
    console.print(unheard_table(sounds))
    if options.listen:
        console.print(listening_table(sounds))
    if options.trials:
        console.print(attacks_table(sounds, options.trials))
    if options.unmarked:
        console.print(unmarked_table(sounds, options.unmarked))


if __name__ == "__main__":
    main()
