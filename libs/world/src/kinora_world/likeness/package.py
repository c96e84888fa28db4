"""What an engine reads of a likeness: the ZIP that `kinora_faces.likeness.package` documents and writes, read without that library."""

import io
import json
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import TypeAdapter

from kinora_world.scene import F8, U1
from kinora_world.storyboard import Colour

VERSION, LAYOUT = 1, 1
LANDMARKS = 468
_UNPACKED = 64 * 1024 * 1024
_SIDE = 2048  # pixels, at most
_COLOUR: TypeAdapter[str] = TypeAdapter(Colour)
_BROKEN = (  # what ZIP, JSON, PNG and numpy raise for bytes that are none
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, TypeError, ValueError, OSError, EOFError, RuntimeError, SyntaxError,
    ArithmeticError,
)  # fmt: skip


class BadLikeness(ValueError):
    """The bytes are no likeness, or one of another version."""


@dataclass(frozen=True, eq=False)  # compared and hashed by identity
class Likeness:
    """landmarks (468, 3) in the numbering of MediaPipe's face mesh: x to the person's left, y down, z away from who looks at them, one unit
    between the eyes' outer corners; uv (468, 2) where they lie on the texture, v down; skin (h, w, 4): its alpha is how surely it was seen.
    """

    landmarks: F8
    uv: F8
    skin: U1
    complexion: str  # "#rrggbb", as hair: of the cheeks, and of what covers the head
    hair: str
    clothes: tuple[str, ...]  # their main colours, the largest first
    pitch_hz: float | None  # of the voice; None where it was not consented to


@dataclass(frozen=True, eq=False)
class Thing:
    """A pet or an object, cut out of a picture: picture (h, w, 4) in sRGB, cropped tight; its main colours, the largest first."""

    picture: U1
    colours: tuple[str, ...]


def read_likeness(data: bytes) -> Likeness | Thing:
    """A person's, or that of a pet or an object. Raises BadLikeness."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _BROKEN as error:
        raise BadLikeness(f"These bytes are no likeness: {error}") from error


def _read(archive: zipfile.ZipFile) -> Likeness | Thing:
    if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED:
        raise BadLikeness(f"it unpacks to more than {_UNPACKED} bytes")
    about: dict[str, Any] = json.loads(archive.read("about.json"))
    if (about["format"], about["version"]) != ("kinora-likeness", VERSION):
        raise BadLikeness(f"a {about['format']} of version {about['version']}; a kinora-likeness of version {VERSION} is read")
    return _thing(archive, about) if about["kind"] == "thing" else _person(archive, about)


def _person(archive: zipfile.ZipFile, about: dict[str, Any]) -> Likeness:
    if about["layout"] != LAYOUT:
        raise BadLikeness(f"a face on layout {about['layout']}; {LAYOUT} is read")
    landmarks, uv = _array(archive, "landmarks", 3), _array(archive, "uv", 2)
    texture, certainty = _picture(archive, "texture", "RGB"), _picture(archive, "certainty", "L")
    hair, complexion = (_COLOUR.validate_python(about[name]) for name in ("hair", "skin"))
    voice = about["voice"]
    pitch = None if voice is None else float(voice[1])
    return Likeness(landmarks, uv, np.dstack([texture, certainty]), complexion, hair, _colours(about["clothes"]), pitch)


def _thing(archive: zipfile.ZipFile, about: dict[str, Any]) -> Thing:
    picture = _picture(archive, "cutout", "RGBA")
    if not (picture[..., 3] > 127).any():
        raise BadLikeness("its cutout shows nothing")
    return Thing(picture, _colours(about["colours"]))


def _colours(told: Any) -> tuple[str, ...]:
    return tuple(_COLOUR.validate_python(colour) for colour in told)


def _array(archive: zipfile.ZipFile, name: str, width: int) -> F8:
    found = np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False).astype(np.float64)
    if found.shape != (LANDMARKS, width) or not np.isfinite(found).all():
        raise BadLikeness(f"its {name} are no {LANDMARKS} places")
    return np.asarray(found)


def _picture(archive: zipfile.ZipFile, name: str, mode: str) -> NDArray[np.uint8]:
    picture = Image.open(io.BytesIO(archive.read(f"{name}.png")), formats=["PNG"])
    if max(picture.size) > _SIDE:
        raise BadLikeness(f"its {name} has {picture.size[0]}x{picture.size[1]} pixels; no side may exceed {_SIDE}")
    return np.asarray(picture.convert(mode))
