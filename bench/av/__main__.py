"""Measures of films with sound, without any trained model, for films of any engine. They tell that something broke or changed: no quality.

    .venv/bin/python bench/av                                        # a film known to be good, and the same film broken in known ways
    .venv/bin/python bench/av measure FOLDER                         # finished MP4s
    .venv/bin/python bench/av make FOLDER --model kinora-1           # a suite's films, by an engine of a running platform; then as above
    .venv/bin/python bench/av make FOLDER --suite vbench --prompts VBench_full_info.json --model …

`make` asks $KINORA_URL (http://127.0.0.1:8000) with the key $KINORA_API_KEY, and goes on where it was cut off. The folder is laid out as
the suite's own scoring scripts expect it (suites.py says how), beside it FOLDER.json with the seeds.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import av
import controls
import engines
import suites
from kinora_media.measures import Measures, measure
from openai import OpenAI
from rich.console import Console
from rich.table import Table

WARNING = "Regression checks, not quality: they cannot tell whether a film shows what was asked, or whether anyone would like it."
COLUMNS = {
    "s": "{0.duration_s:.2f}",
    "fps": "{0.fps:.2f}",
    "uneven ms": "{0.unevenness_ms:.0f}",
    "sound longer ms": "{0.sound_longer_ms:.0f}",
    "A/V offset ms": "{1}",
    "clarity": "{0.av_clarity:.1f}",
    "flicker": "{0.flicker:.2f}",
    "smooth": "{0.smoothness:.2f}",
    "subject": "{0.consistency:.2f}",
    "dead": "{0.dead_frames:.0%}",
    "freeze s": "{0.longest_freeze_s:.2f}",
    "cuts": "{0.cuts}",
    "LUFS": "{0.loudness_lufs:.1f}",
    "silent": "{0.silence:.0%}",
}


def main() -> None:
    options = _options()
    if options.what == "measure":
        _tell(_measured({path.name: path for path in sorted(options.folder.glob("*.mp4"))}), options.json)
    elif options.what == "make":
        _make(options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            film = controls.good(Path(folder))
            _tell(_measured({"world engine": film, **controls.made(film, Path(folder))}), options.json)


def _make(options: argparse.Namespace) -> None:
    try:
        suite = suites.read(options.suite, options.prompts)[: options.first]
    except suites.BadSuite as error:
        sys.exit(str(error))
    client = OpenAI(base_url=f"{options.url.rstrip('/')}/v1", api_key=options.key)
    order = engines.Order(options.model, options.seconds, options.size, options.seed, options.at_once)
    failed = engines.make(client, order, suite, options.folder)
    _tell(_measured({wanted.name: options.folder / wanted.name for wanted in suite if wanted.name not in failed}), options.json)
    for name, problem in failed.items():
        print(f"{name}: {problem}", file=sys.stderr)
    sys.exit(bool(failed))


def _measured(films: Mapping[str, Path]) -> dict[str, Measures]:
    found = {}
    for name, path in films.items():
        try:
            found[name] = measure(path)
        except (av.FFmpegError, ValueError) as error:
            print(f"{name}: it cannot be measured: {error}", file=sys.stderr)
    return found


def _tell(found: Mapping[str, Measures], file: Path | None) -> None:
    table = Table("film", *COLUMNS, caption=WARNING)
    for name, measures in found.items():
        offset = "unclear" if measures.av_offset_ms is None else f"{measures.av_offset_ms:+.0f}"
        table.add_row(name, *(shown.format(measures, offset) for shown in COLUMNS.values()))
    Console(width=170).print(table)
    if file:
        file.write_text(json.dumps({"note": WARNING, "films": {name: asdict(measures) for name, measures in found.items()}}, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/av", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parts = parser.add_subparsers(dest="what")
    parts.add_parser("measure", help="finished films").add_argument("folder", type=Path)
    make = parts.add_parser("make", help="films of a suite, then measured")
    make.add_argument("folder", type=Path)
    make.add_argument("--suite", choices=suites.KINDS, default="plain")
    make.add_argument("--prompts", type=Path, default=suites.OURS, help="the suite's file")
    make.add_argument("--first", type=int, help="only so many films")
    make.add_argument("--model", required=True, help="as /v1/models calls it")
    make.add_argument("--url", default=os.environ.get("KINORA_URL", "http://127.0.0.1:8000"))
    make.add_argument("--key", default=os.environ.get("KINORA_API_KEY"))
    make.add_argument("--seconds", type=int, default=4)
    make.add_argument("--size", default="1280x720")
    make.add_argument("--seed", type=int, default=1)
    make.add_argument("--at-once", type=int, default=1)
    options = parser.parse_args()
    if options.what == "make" and not options.key:
        parser.error("a key is needed: --key, or KINORA_API_KEY")
    return options


if __name__ == "__main__":
    main()
