"""`python -m kinora_world "two friends play basketball" -o clip.mp4`: the engine by itself, for its developers."""

import argparse
import io
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

import numpy as np
from kinora_media.image import BadImage, check_image
from PIL import Image

from kinora_world import meaning, output
from kinora_world.director import direct
from kinora_world.render import prepare
from kinora_world.scene import U1
from kinora_world.storyboard import Storyboard, Style


def main() -> None:
    """Direct, render, and say what was understood and how long it took."""
    options = _options()
    if options.storyboard:
        storyboard = Storyboard.model_validate_json(options.storyboard.read_text())
    else:
        seconds, style = options.seconds, options.style
        width, height = options.size
        near = meaning.load() if options.meaning else None
        directed = direct(
            options.prompt, seconds=seconds, width=width, height=height, seed=options.seed, style=style, nearest=near,
            picture=options.picture is not None,
        )  # fmt: skip
        storyboard = directed.storyboard
        sys.stderr.write("".join(f"note: {note}\n" for note in directed.notes))
    if options.show:
        sys.stdout.write(storyboard.model_dump_json(indent=2, exclude_defaults=True) + "\n")
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        clip = prepare(storyboard, width=options.size[0], height=options.size[1], first_frame=_picture(options), on_progress=_told)
        files = output.write(clip, Path(folder))
        suffixes = {files.spritesheet: ".sheet.jpg", files.descriptions: ".descriptions.vtt"}
        for made in (files.video, files.thumbnail, files.spritesheet, files.captions, files.descriptions, files.events):
            shutil.copyfile(made, options.output.with_suffix(suffixes.get(made, made.suffix)))
        for made in (output.write_passes(clip, Path(folder), options.passes) if options.passes else {}).values():
            shutil.copyfile(made, options.output.with_suffix(f".{made.name}"))
    sys.stderr.write("".join(f"\nnote: {note}" for note in files.notes))
    sys.stderr.write(f"\n{options.output}: {clip.n_frames} frames in {time.monotonic() - began:.1f} s\n")


def _told(fraction: float, stage: str, _frame: U1 | None) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{fraction:4.0%} {stage:60}")


def _picture(options: argparse.Namespace) -> U1 | None:
    if options.picture is None:
        return None
    width, height = options.size
    try:
        clean = check_image(options.picture.read_bytes(), width=width, height=height)
    except (OSError, BadImage) as error:
        raise SystemExit(f"--picture: {error}") from error
    return np.asarray(Image.open(io.BytesIO(clean)))


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kinora_world", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("prompt", nargs="?")
    what.add_argument("--storyboard", type=Path, help="a storyboard's JSON instead of a prompt")
    parser.add_argument("-o", "--output", type=Path, default=Path("out.mp4"))
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--size", type=_size, default=(1280, 720), metavar="WxH")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--style", choices=get_args(Style))
    parser.add_argument("--picture", type=Path, help="a JPEG, PNG or WebP to open on; it is the world of the clip")
    parser.add_argument("--passes", nargs="+", default=(), choices=output.KINDS, help="what to write beside the film")
    parser.add_argument("--meaning", action="store_true", help="find stand-ins by meaning, where the model is built")
    parser.add_argument("--show", action="store_true", help="print the storyboard and stop")
    return parser.parse_args()


if __name__ == "__main__":
    main()
