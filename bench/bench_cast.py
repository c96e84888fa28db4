"""What people cost: CPU-seconds to dress one, its triangles and parts, and milliseconds to move a crowd.

The plainest outfit is the baseline.
"""

import time

from kinora_world.cast import build_body
from kinora_world.crowd import gather
from kinora_world.stage import build_stage
from kinora_world.storyboard import Character, Clothes, Garment, Hair, Shot

OUTFITS = {
    "T-shirt and trousers": {"top": "tshirt", "bottom": "trousers"},
    "dress": {"top": "dress", "shoes": "heels"},
    "suit and tie": {"top": "shirt", "over": "blazer", "neck": "tie", "eyewear": "glasses", "shoes": "dress_shoes"},
    "coat, scarf and hat": {"top": "sweater", "over": "coat", "neck": "scarf", "hat": "beanie", "shoes": "boots"},
}


def main() -> None:
    """Prints the table."""
    build_body(Character(id="first", name="First"), "realistic")  # reads the assets
    print(f"{'outfit':24}{'hair':>8}{'CPU-s':>8}{'triangles':>11}{'parts':>7}")
    for name, kinds in OUTFITS.items():
        for style in ("short", "long"):
            worn = Clothes(**{slot: Garment(kind=kind, colour="#445566") for slot, kind in kinds.items()})
            begun = time.process_time()
            body = build_body(Character(id=name[:1].lower(), name="Somebody", clothes=worn, hair=Hair(style=style)), "realistic")
            spent = time.process_time() - begun
            print(f"{name:24}{style:>8}{spent:8.2f}{sum(len(p.triangles) for p in body.parts):11}{len(body.parts):7}")
    mass = gather(Shot(duration=1, place="park", crowd=20), build_stage("park", "day", "realistic", 0), 0)
    if mass is not None:
        begun = time.process_time()
        for frame in range(48):
            mass.at(frame / 24)
        per_frame = (time.process_time() - begun) / 48 * 1000
        triangles = sum(len(p.triangles) for p in mass.parts)
        print(f"a crowd of {len(mass.people)}: {triangles} triangles in {len(mass.parts)} parts, moved in {per_frame:.1f} ms a frame")


if __name__ == "__main__":
    main()
