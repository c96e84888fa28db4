"""The process in which likenesses are taken, standard input to standard output.

`likeness person VOICE`: a decoded clip to a likeness; `likeness still ""`: a picture to a JPEG; `likeness thing STROKES`: one to a thing.
"""

import sys

import cv2
from kinora_media.clip import read
from kinora_media.sandbox import refuse

from kinora_faces.likeness.extracting import extract
from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.things import cut, shown
from kinora_faces.likeness.views import NoFace


def main(what: str, argument: str) -> None:
    cv2.setNumThreads(1)
    try:
        if what == "person":
            made = extract(read(sys.stdin.buffer), voice=argument == "voice").to_bytes()
        elif what == "still":
            made = shown(sys.stdin.buffer.read())
        else:
            made = cut(sys.stdin.buffer.read(), Strokes.from_json(argument))
    except NoFace as missing:
        refuse(f"NO_FACE: {missing}")
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
