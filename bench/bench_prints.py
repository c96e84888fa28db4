"""What is found by fingerprint after what, what is wrongly found, and what a look-up costs; in a real Postgres.

    .venv/bin/python bench/bench_prints.py [--films 16] [--only WORDS] [--rows 100000 1000000]

Every film of `print_films` is in the index. Some are attacked and looked up: by their pictures without any sound, by their sound
without pictures, at last by both. A false match is any other film that is named. Rows are random; among them are the films, and one of
them is looked up.
For the comparison: uv pip install --target .cache/baselines --no-deps faiss-cpu==1.13.2
"""

import argparse
import asyncio
import io
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

import av
import cv2
import numpy as np
import psutil
from kinora_cli.embedded.postgres import Postgres
from kinora_kit.db import Database, migrate
from kinora_marks.picture import frames_of
from kinora_marks.prints import Printer, Prints, Queries, queries
from kinora_media.probe import samples
from kinora_provenance import main as provenance
from kinora_provenance import prints
from print_films import NAMES, film
from provenance_attacks import EVEN, Attack, apply
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

BASELINES = Path(__file__).parents[1] / ".cache/baselines"
RATE = 48_000
DETAILS = 24
Sound = np.ndarray[Any, np.dtype[np.float32]]

PICTURE = {
    "none (CRF 23)": Attack(),
    "CRF 40": Attack(crf=40),
    "180p": Attack("scale=-2:180"),
    "colour": Attack("lutyuv=y=gammaval(0.8),lutyuv=y=(val-126)*1.25+140:u=(val-128)*1.3+128:v=(val-128)*1.3+128"),
    "mirror": Attack("hflip"),
    "crop to 90%": Attack(f"crop=iw*.9:ih*.9:iw*.04:ih*.07,{EVEN}"),
    "crop to 75%": Attack(f"crop=iw*.75:ih*.75:iw*.1:ih*.15,{EVEN}"),
    "crop to 50%": Attack(f"crop=iw*.5:ih*.5:iw*.2:ih*.3,{EVEN}"),
    "crop to 9:16": Attack(f"crop=ih*9/16:ih,{EVEN}"),
    "letterbox": Attack("pad=iw:iw:0:(oh-ih)/2"),
    "picture in picture, 60%": Attack("scale=iw*.6:ih*.6,pad=iw/.6:ih/.6:iw*.5:ih*.3:color=gray"),
    "25% faster": Attack("setpts=PTS/1.25"),
    "overlay": Attack("drawbox=x=20:y=20:w=150:h=40:color=white:t=fill,drawbox=x=0:y=ih*.78:w=iw:h=ih*.15:color=black@.8:t=fill"),
    "3 s excerpt": Attack(start_s=1.13, seconds=3),
    "screen capture": Attack(
        "scale=iw*0.92:-2:flags=bilinear,pad=iw/0.92:ih/0.92:23:15,gblur=sigma=0.7,noise=alls=12:allf=t,lutyuv=y=gammaval(0.85),scale=800:-2",
        crf=26,
    ),
    "crop to 75%, mirror, CRF 33": Attack(f"crop=iw*.75:ih*.75:iw*.1:ih*.15,{EVEN},hflip", crf=33),
}


def coded(sound: Sound, codec: str, bits: int) -> Sound:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as out:
        stream = out.add_stream(codec, rate=RATE, layout="stereo")
        stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.reshape(1, -1), np.float32), format="flt", layout="stereo")
        frame.sample_rate, frame.pts = RATE, 0
        resampler = av.AudioResampler(stream.format.name, "stereo", RATE, frame_size=stream.codec_context.frame_size or 960)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    resampler = av.AudioResampler("flt", "stereo", RATE)
    with av.open(io.BytesIO(file.getvalue())) as clip:
        parts = [part.to_ndarray() for frame in clip.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(parts, 1).reshape(-1, 2)


def noisy(sound: Sound) -> Sound:
    level = np.sqrt(np.mean(sound**2)) / 10
    return (sound + np.random.default_rng(1).normal(0, level, sound.shape)).astype(np.float32)


SOUND: dict[str, Callable[[Sound], Sound]] = {
    "AAC 64k": lambda sound: coded(sound, "aac", 64_000),
    "Opus 32k": lambda sound: coded(sound, "libopus", 32_000),
    "noise, 20 dB": noisy,
    "3 s excerpt": lambda sound: sound[RATE : 4 * RATE],
    "5 s excerpt": lambda sound: sound[RATE // 2 : 11 * RATE // 2],
    "5 s excerpt, Opus 32k": lambda sound: coded(sound[RATE // 2 : 11 * RATE // 2], "libopus", 32_000),
    "5% faster": lambda sound: sound[np.arange(0, len(sound), 1.05).astype(int)],
}


def printed(path: Path | None, sound: Sound | None = None, details: int = DETAILS) -> Prints:
    printer = Printer(details=details)
    for frame in frames_of(path, per_second=24) if path else ():
        printer.luma(frame.time_s, frame.luma)
    if sound is not None:
        printer.sound(sound, RATE)
    return printer.finish()


@asynccontextmanager
async def indexed(folder: Path) -> AsyncIterator[Database]:
    postgres = Postgres(folder / "data")
    await postgres.start()
    await migrate(postgres.url, "provenance", Path(provenance.__file__).parent / "migrations")
    database = Database(postgres.url, "provenance")
    began = time.process_time()
    kept = {name: printed(film(name), samples(film(name)), 8) for name in NAMES}
    print(f"{(time.process_time() - began) / len(kept):.2f} CPU s a film with decoding")
    async with database.begin() as tx:
        for name, looks in kept.items():
            await prints.add(tx, name, looks)
    try:
        yield database
    finally:
        await database.close()
        await postgres.stop()


async def named(database: Database, looks: Prints) -> list[str]:
    async with database.begin() as tx:
        return [match.video_id for match in await prints.find(tx, queries(looks))]


async def attacked(database: Database, names: list[str], only: str, folder: Path) -> Table:
    table = Table("attack", "found", "false", "lost", "wrongly named", title=f"{len(names)} films looked up of {len(NAMES)}")
    runs: dict[str, Callable[[str], Prints]] = {}
    for told, attack in PICTURE.items():
        runs[told] = lambda name, attack=attack: (apply(attack, film(name), folder / "a.mkv"), printed(folder / "a.mkv"))[1]
    for told, change in SOUND.items():
        runs[f"sound alone: {told}"] = lambda name, change=change: printed(None, change(samples(film(name))))
    for told in ("none (CRF 23)", "180p"):
        runs[f"{told}, with its sound in AAC 64k"] = lambda name, attack=PICTURE[told]: (
            apply(attack, film(name), folder / "a.mkv"),
            printed(folder / "a.mkv", SOUND["AAC 64k"](samples(film(name)))),
        )[1]
    for told, run in runs.items():
        if only not in told:
            continue
        results = {name: await named(database, run(name)) for name in names}
        lost = [name for name, found in results.items() if name not in found]
        false = [f"{name}: {other}" for name, found in results.items() for other in found if other != name]
        row = told, f"{len(names) - len(lost)}", f"{len(false)}", ", ".join(lost), ", ".join(false)
        print(*row, sep=" | ", flush=True)
        table.add_row(*row)
    return table


_FILL = (
    "insert into frame_prints select 'r' || (i / 40), i % 40, null,"
    " cast('x' || md5(random()::text) || md5(random()::text) as bit(256)) from generate_series(1, :rows) i"
)
_WORDS = (
    "insert into sound_prints select (random() * 4294967295 - 2147483648)::int, 'r' || (i / 60), i % 60 from generate_series(1, :rows) i"
)


async def filled(database: Database, rows: int) -> float:
    """Seconds until so many more are in, index and all."""
    began = time.perf_counter()
    async with database.begin() as tx:
        await tx.execute(text("set local maintenance_work_mem = '1500MB'"))
        await tx.execute(text("drop index frame_prints_near"))
        await tx.execute(text(_FILL), {"rows": rows})
        await tx.execute(text("create index frame_prints_near on frame_prints using hnsw (bits public.bit_hamming_ops)"))
        await tx.execute(text(_WORDS), {"rows": rows})
    async with database.begin() as tx:
        await tx.execute(text("analyze"))
    return time.perf_counter() - began


async def timed(database: Database, asked: Queries, *settings: str) -> tuple[float, list[str]]:
    """Milliseconds of CPU here and in Postgres, the median of three, and who is found."""
    spent, found = [], []
    for _ in range(4):
        async with database.begin() as tx:
            for setting in settings:
                await tx.execute(text(f"set local {setting}"))
            server = psutil.Process((await tx.execute(text("select pg_backend_pid()"))).scalar_one())
            began = sum(server.cpu_times()[:2]) + time.process_time()
            found = [match.video_id for match in await prints.find(tx, asked)]
            spent.append(1000 * (sum(server.cpu_times()[:2]) + time.process_time() - began))
    return median(spent[1:]), found


def flat(asked: Queries, rows: int) -> float | None:
    """CPU milliseconds of faiss's exact search for the same pictures among as many; None where it is not installed."""
    sys.path.append(str(BASELINES))
    try:
        import faiss  # noqa: PLC0415
    except ImportError:
        return None
    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryFlat(256)
    index.add(np.random.default_rng(1).integers(0, 256, (rows, 32), np.uint8))
    wanted = np.array([np.frombuffer(query.bits, np.uint8) for query in asked.pictures])
    began = time.process_time()
    index.search(wanted, 12)
    return 1000 * (time.process_time() - began)


async def sized(database: Database, name: str, sizes: list[int], folder: Path) -> Table:
    apply(PICTURE["crop to 90%"], film(name), folder / "a.mkv")
    looks = printed(folder / "a.mkv", samples(film(name)))
    asked, thorough = queries(looks), queries(looks, thorough=True)
    few = asked._replace(pictures=asked.pictures[:4])
    title = f"CPU milliseconds of a look-up: {name}, cropped to 90%, {len(asked.pictures)} pictures and details, {len(asked.sound)} words"
    table = Table("rows", "filled, s", "look-up", "thorough", "4 hashes", "4 hashes, exact scan", "all, faiss flat", title=title)
    there = 0
    for rows in sizes:
        spent = await filled(database, rows - there)
        there = rows
        runs = [await timed(database, asked), await timed(database, thorough), await timed(database, few)]
        exact = await timed(database, few, "enable_indexscan = off")
        baseline = flat(asked, rows)
        cells = [f"{took:.0f}{'' if name in found else ' (lost)'}" for took, found in runs]
        row = f"{rows:,}", f"{spent:.0f}", *cells, f"{exact[0]:.0f}", f"{baseline:.0f}" if baseline else "-"
        print(*row, sep=" | ", flush=True)
        table.add_row(*row)
    return table


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--films", type=int, default=len(NAMES), help="so many are attacked, spread over all")
    parser.add_argument("--only", default="", help="attacks with these words in their name")
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000, 1_000_000])
    said = parser.parse_args()
    cv2.setNumThreads(1)
    chosen = [NAMES[round(at)] for at in np.linspace(0, len(NAMES) - 1, said.films)]
    with tempfile.TemporaryDirectory(prefix="kinora-") as name:
        async with indexed(Path(name)) as database:
            Console(width=160).print(await attacked(database, chosen, said.only, Path(name)))
            if said.rows:
                Console(width=160).print(await sized(database, "realistic", said.rows, Path(name)))


if __name__ == "__main__":
    asyncio.run(main())
