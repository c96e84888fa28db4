"""`python -m kinora_diffusion.tiny OUT [ltx2] [cosmos3]`: random weights in OUT, of both families or those named."""

import argparse
from pathlib import Path

from kinora_diffusion.tiny import FAMILIES, ensure


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m kinora_diffusion.tiny", description="Random weights, for tests: all they make is noise."
    )
    parser.add_argument("out", type=Path, help="folder to put them in, one folder per family")
    parser.add_argument("family", nargs="*", default=FAMILIES, help=f"{' or '.join(FAMILIES)}; both when absent")
    asked = parser.parse_args()
    if unknown := set(asked.family) - set(FAMILIES):
        parser.error(f"there is no family {unknown.pop()!r}: it is {' or '.join(FAMILIES)}")
    ensure(asked.out, asked.family)


if __name__ == "__main__":
    main()
