"""The process in which a decoded clip is analysed: `analysis ATTEMPT <decoded >verdict`; started by `sandbox.run`."""

import json
import sys
from dataclasses import asdict

import cv2
from kinora_media.clip import read

from kinora_faces.analysis.gates import decide
from kinora_faces.analysis.measuring import measure
from kinora_faces.challenge import Attempt


def main(attempt: Attempt) -> None:
    cv2.setNumThreads(1)
    json.dump(asdict(decide(measure(read(sys.stdin.buffer), attempt), attempt)), sys.stdout)


if __name__ == "__main__":
    main(Attempt.from_json(sys.argv[1]))
