"""What an export costs by format beside a plain transcode of the same pictures, how large it is, and whether the film's marks come back.

    OMP_NUM_THREADS=1 .venv/bin/python bench/bench_export.py [--clips realistic,portrait] [--side 360]

Clips are those of bench_provenance, four seconds, with noise to hear; each is sealed as a master is (marked, encoded, signed) and then
exported. "plain" is PyAV alone: decode, scale, the same encoder with the same settings, no marks and no signature. CPU seconds are per
second of film, of all threads.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("SVT_LOG", "1")

import av
import cv2
import numpy as np
from kinora_marks.keys import Key, KeyRing
from kinora_marks.picture import find_mark, frames_of
from kinora_marks.sound import detect
from kinora_marks.visible import VisibleMark
from kinora_media.encode import Mp4Writer
from kinora_media.film import Picture, film
from kinora_media.probe import samples
from kinora_provenance import ca, manifest, signing, soft_binding
from kinora_provenance.credentials import Credentials
from kinora_provenance.delivering import deliver
from kinora_provenance.domain import Film
from kinora_provenance.exports import claims, encoding
from kinora_provenance.exports.create_export import facts as facts_of
from kinora_provenance.exports.cutting import cut
from kinora_provenance.exports.domain import Export, Facts, Format, size
from kinora_provenance.signing import Parent
from provenance_clips import CLIPS, FPS, SECONDS, clip
from rich.console import Console
from rich.table import Table

RING = KeyRing((Key(1, b"a key for the bench"),))
IDENTITY = 0x9E37_79B9_7F4A_7C15
NOW = datetime.now(UTC)
FILM = Film("video_1", "att_1", "acct_ada", "", "", "world", "1", False, "A bench", "", identity=IDENTITY)


def sealed(name: str, folder: Path, credentials: Credentials) -> Path:
    """The film as it is kept: marked, encoded for delivery, signed."""
    pictures = clip(name)
    width, height = pictures[0].shape[1], pictures[0].shape[0] * 2 // 3
    with Mp4Writer(folder / "raw.mp4", width, height, FPS, crf=12, preset="ultrafast") as out:
        out.audio(np.random.default_rng(1).normal(0, 0.1, (48_000 * SECONDS, 2)).astype(np.float32))
        for picture in pictures:
            out.frame(picture)
    deliver(folder / "raw.mp4", folder / "delivered.mp4", IDENTITY, RING)
    definition = manifest.definition(FILM, with_parent=False, marks=soft_binding.ALGORITHMS)
    signing.sign(definition, folder / "delivered.mp4", folder / "film.mp4", credentials)
    return folder / "film.mp4"


def asked(kind: Format, facts: Facts, side: int) -> Export:
    side = min(side or facts.short_side, 270 if kind.is_preview else 10_000)
    wish = kind, 0.0, facts.seconds, side, True, "@ada"
    return Export("export_1", "acct_ada", "video_1", "", *wish, "running", "", "", "", 0, "", "", 0, NOW, None, None)


def made(path: Path, export: Export, facts: Facts, folder: Path, credentials: Credentials) -> Path:
    to = size(facts, export.short_side)
    parts = cut(path, facts, export, VisibleMark(export.credit, *to))
    encoding.encode(parts, export.format, folder / "encoded", facts, to, sound=True)
    if not export.format.bears_c2pa:
        return folder / "encoded"
    definition = claims.definition(
        export, facts, {"identity": IDENTITY, "trained": False}, "A bench", soft_binding.ALGORITHMS, "notAllowed"
    )
    signing.sign(definition, folder / "encoded", folder / "signed", credentials, parent=Parent("video_1", path))
    return folder / "signed"


def plain(path: Path, kind: Format, to: tuple[int, int], target: Path) -> None:
    """FFmpeg's libraries alone."""
    webm = kind is Format.WEBM
    with av.open(str(path)) as source, av.open(str(target), "w", format="webm" if webm else "mp4") as out:
        video = out.add_stream("libsvtav1" if webm else "libx264", rate=FPS)
        video.width, video.height = to
        video.pix_fmt, video.codec_context.thread_count, video.codec_context.gop_size = "yuv420p", 1, 48
        x264 = {"crf": str(encoding.CRF), "preset": encoding.PRESET}
        av1 = {"crf": str(encoding.WEBM_CRF), "preset": str(encoding.WEBM_PRESET), "svtav1-params": "lp=1"}
        video.codec_context.options = av1 if webm else x264
        audio = out.add_stream("libopus" if webm else "aac", rate=48_000, layout="stereo")
        for frame in source.decode(video=0, audio=0):
            if isinstance(frame, av.VideoFrame):
                scaled = frame.reformat(*to)
                scaled.pict_type = 0
                out.mux(video.encode(scaled))
            else:
                frame.pts = None
                out.mux(audio.encode(frame))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))


def visible_ms(path: Path) -> float:
    """CPU milliseconds a picture."""
    pictures = [part.planes for part in film(path) if isinstance(part, Picture)]
    mark = VisibleMark("@ada", pictures[0].shape[1], pictures[0].shape[0] * 2 // 3)
    began = time.process_time()
    for number, picture in enumerate(pictures):
        mark.put(picture, number / FPS)
    return 1000 * (time.process_time() - began) / len(pictures)


def read(path: Path, kind: Format) -> str:
    """What came back, of picture and sound."""
    if kind.is_preview:
        return "-"
    seen, heard = find_mark(frames_of(path), RING).mark, detect(samples(path), 48_000, RING).found
    return " ".join("●" if found and found.identity == IDENTITY else "○" for found in (seen, heard[0] if heard else None))


def spent(work: Callable[[], Path | None]) -> tuple[float, Path]:
    """CPU seconds per second of film, and the result."""
    began = time.process_time()
    result = work()
    return (time.process_time() - began) / SECONDS, result or Path()


def main() -> None:
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="realistic,snow,motorcycle,portrait,1080p")
    parser.add_argument("--formats", default=",".join(Format))
    parser.add_argument("--side", type=int, default=0, help="short side in pixels; the film's own when 0")
    asked_for = parser.parse_args()
    names = list(CLIPS) if asked_for.clips == "all" else asked_for.clips.split(",")
    table = Table("clip", "film KB", "visible ms/picture", "format", "size", "KB", "CPU s/s", "plain CPU s/s", "marks (picture sound)")
    with tempfile.TemporaryDirectory() as place:
        credentials = ca.development(Path(place) / "ca")
        for name in names:
            folder = Path(place) / name
            folder.mkdir()
            path = sealed(name, folder, credentials)
            facts, cost = facts_of(path), f"{visible_ms(path):.2f}"
            head = [name, f"{path.stat().st_size // 1000}", cost]
            for kind in map(Format, asked_for.formats.split(",")):
                export = asked(kind, facts, asked_for.side)
                to = size(facts, export.short_side)
                cpu, result = spent(lambda export=export: made(path, export, facts, folder, credentials))  # noqa: B023
                alone = "-" if kind.is_preview else f"{spent(lambda: plain(path, kind, to, folder / 'plain'))[0]:.2f}"  # noqa: B023
                row = [kind.value, f"{to[0]}x{to[1]}", f"{result.stat().st_size // 1000}", f"{cpu:.2f}", alone, read(result, kind)]
                table.add_row(*head, *row)
                print(*head, *row, flush=True)
                head = ["", "", ""]
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
