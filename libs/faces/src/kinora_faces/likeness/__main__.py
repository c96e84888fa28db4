"""The process in which likenesses are taken: `likeness person VOICE <decoded >likeness`, `likeness thing STROKES <picture >likeness`."""

import sys

import cv2
from kinora_media.clip import read
from kinora_media.sandbox import refuse

from kinora_faces.likeness.extracting import extract
from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.things import cut
from kinora_faces.likeness.views import NoFace


def main(what: str, argument: str) -> None:
    cv2.setNumThreads(1)
    try:
        if what == "person":
            made = extract(read(sys.stdin.buffer), voice=argument == "voice").to_bytes()
        else:
            made = cut(sys.stdin.buffer.read(), Strokes.from_json(argument))
    except NoFace as missing:
        refuse(f"NO_FACE: {missing}")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
