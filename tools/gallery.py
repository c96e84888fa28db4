"""Renders the showcase of tools/gallery.yaml into out/gallery: a clip, its captions and notes each, and a contact sheet.

.venv/bin/python tools/gallery.py [name …]
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import av
import yaml
from kinora_world import output
from kinora_world.director import direct
from kinora_world.render import prepare
from PIL import Image, ImageDraw

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "gallery"
FRAMES, WIDTH, HEIGHT, LINE = 6, 320, 180, 22


@dataclass(frozen=True)
class Showcase:
    name: str
    prompt: str
    seed: int
    seconds: float = 4
    size: str = "1280x720"


def render(case: Showcase) -> str:
    """One clip into OUT; says what it took and what the director noted."""
    began, cpu = time.monotonic(), time.process_time()
    width, height = (int(side) for side in case.size.split("x"))
    directed = direct(case.prompt, seconds=case.seconds, width=width, height=height, seed=case.seed)
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        files = output.write(prepare(directed.storyboard, width=width, height=height), Path(folder))
        shutil.copyfile(files.video, OUT / f"{case.name}.mp4")
        shutil.copyfile(files.captions, OUT / f"{case.name}.vtt")
    (OUT / f"{case.name}.json").write_text(directed.storyboard.model_dump_json(indent=1, exclude_defaults=True))
    (OUT / f"{case.name}.txt").write_text("\n".join((case.prompt, "", *directed.notes)) + "\n")
    return f"{case.name}: {time.monotonic() - began:.0f} s, {(time.process_time() - cpu) / case.seconds:.1f} CPU-s per second"


def frames(film: Path) -> Iterator[Image.Image]:
    """FRAMES pictures, evenly through the film."""
    with av.open(str(film)) as opened:
        pictures = [frame.to_image() for frame in opened.decode(video=0)]
    for number in range(FRAMES):
        yield pictures[int((number + 0.5) / FRAMES * len(pictures))]


def sheet(cases: list[Showcase]) -> Path:
    picture = Image.new("RGB", (FRAMES * WIDTH, len(cases) * (HEIGHT + LINE)), "white")
    draw = ImageDraw.Draw(picture)
    for row, case in enumerate(cases):
        top = row * (HEIGHT + LINE)
        draw.text((6, top + 4), f"{case.name}: {case.prompt}", fill="black")
        for column, frame in enumerate(frames(OUT / f"{case.name}.mp4")):
            frame.thumbnail((WIDTH, HEIGHT))
            picture.paste(frame, (column * WIDTH + (WIDTH - frame.width) // 2, top + LINE))
    picture.save(OUT / "contact_sheet.png")
    return OUT / "contact_sheet.png"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    names = parser.parse_args().names
    entries = yaml.safe_load((HERE / "gallery.yaml").read_text())
    everything = [Showcase(seed=number, **entry) for number, entry in enumerate(entries, 1)]
    cases = [case for case in everything if not names or case.name in names]
    OUT.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        for told in pool.map(render, cases):
            print(told, flush=True)
    print(sheet([case for case in everything if (OUT / f"{case.name}.mp4").exists()]))


if __name__ == "__main__":
    main()
