"""What is measured in a clip, before anything is judged."""

from dataclasses import dataclass

from kinora_faces.landmarks import F8
from kinora_faces.listening import Heard
from kinora_faces.moves import Made


@dataclass(frozen=True)
class Measures:
    """Per kept frame (n,), NaN or 0 where no face was seen; then what concerns the clip."""

    times: F8
    faces: F8  # how many
    yaw: F8  # degrees
    pitch: F8
    lips: F8  # `landmarks.lips_apart`
    eyes: F8  # `landmarks.eyes_open`
    width: F8  # of the face, in picture widths
    light: F8  # mean brightness of the face, 0-255
    inside: F8  # share of the face within the picture

    seconds: float
    intervals: F8  # between all frames that came, seconds
    moves: tuple[Made, ...]
    depth: tuple[float, ...]  # `parallax.residual` of each move seen
    heard: tuple[Heard, ...]  # one for each word of the challenge
    loudness: F8  # every 20 ms
    vectors: F8  # (k, 128), `recogniser.face_vector` of frontal frames
    pattern: float  # the grid of a filmed screen: peak over surroundings of the spectrum
