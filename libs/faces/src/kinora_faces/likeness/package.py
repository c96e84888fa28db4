"""What is kept of a person's likeness, and its one form as bytes: a ZIP of `about.json`, PNG pictures and arrays of numpy.

For engines, which need nothing of this library to read it: `landmarks` (468, 3), `uv` (468, 2) and `triangles` are the face as a textured
mesh, in the numbering of MediaPipe's face mesh and the frame of `geometry`; `texture` is its skin, and skin that no view showed has
`certainty` 0. Every likeness of one `layout` has the same uv and triangles, so what was fitted to one head fits all.
"""

import io
import json
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray
from PIL import Image

from kinora_faces.landmarks import F8, MESH
from kinora_faces.likeness import layout

VERSION = 1
FORMAT = "kinora-likeness"
PERSON, THING = "person", "thing"  # kinds
_LARGEST = 2048  # pixels a side, of any picture within
UNPACKED = 64 * 1024 * 1024
BROKEN = (  # what ZIP, JSON, PNG and numpy raise for bytes that are none
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, TypeError, ValueError, OSError, EOFError, RuntimeError, SyntaxError,
    ArithmeticError,
)  # fmt: skip


class BadLikeness(ValueError):
    """The bytes are no likeness, or one of another version."""


@dataclass(frozen=True)
class Voice:
    """vector (256) of `voices.voice_vector`; the middle of the pitch in Hz and its 80% range."""

    vector: tuple[float, ...]
    pitch_hz: float
    pitch_range_hz: float


@dataclass(frozen=True)
class View:
    """A square crop around the head, and how the head was turned, in degrees as in `landmarks.angles`, from rest."""

    picture: Rgb
    yaw: float
    pitch: float


@dataclass(frozen=True)
class Likeness:
    """A person, as far as a clip shows them. Biometric through and through: encrypt it at rest.

    vector (128): `recogniser.face_vector`, mean of frontal frames. views: the first is frontal. cutout (height, width): the person in the
    first view, 255 inside. landmarks (468, 3): the face at rest in the frame of `geometry`. texture (512, 512, 3) and certainty (512, 512).
    Colours are "#rrggbb"; hair is that of what covers the head. voice is None where it was not consented to, or not heard.
    """

    vector: tuple[float, ...]
    views: tuple[View, ...]
    cutout: NDArray[np.uint8]
    landmarks: F8
    texture: Rgb
    certainty: NDArray[np.uint8]
    skin: str
    hair: str
    clothes: tuple[str, ...]
    voice: Voice | None = None

    @property
    def frontal(self) -> Rgb:
        return self.views[0].picture

    def to_bytes(self) -> bytes:
        about = {
            "format": FORMAT,
            "version": VERSION,
            "kind": PERSON,
            "layout": layout.VERSION,
            "vector": self.vector,
            "views": [(view.yaw, view.pitch) for view in self.views],
            "skin": self.skin,
            "hair": self.hair,
            "clothes": self.clothes,
            "voice": None if self.voice is None else (self.voice.vector, self.voice.pitch_hz, self.voice.pitch_range_hz),
        }
        pictures = {"cutout": self.cutout, "texture": self.texture, "certainty": self.certainty}
        pictures |= {f"view{number}": view.picture for number, view in enumerate(self.views)}
        arrays: dict[str, NDArray[Any]] = {"landmarks": self.landmarks, "uv": layout.layout().uv, "triangles": layout.layout().triangles}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("about.json", json.dumps(about))
            for name, array in arrays.items():
                archive.writestr(f"{name}.npy", _npy(array))
            for name, picture in pictures.items():
                archive.writestr(f"{name}.png", _png(picture))
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Reads what `to_bytes` wrote. Raises BadLikeness."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return cls._read(archive)
        except BROKEN as error:
            raise BadLikeness(f"These bytes are no likeness: {error}") from error

    @classmethod
    def _read(cls, archive: zipfile.ZipFile) -> Self:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
            raise BadLikeness(f"it unpacks to more than {UNPACKED} bytes")
        about: dict[str, Any] = json.loads(archive.read("about.json"))
        if about["kind"] != PERSON:
            raise BadLikeness(f"a likeness of kind {about['kind']!r}; {PERSON!r} is read")
        if (about["format"], about["version"], about["layout"]) != (FORMAT, VERSION, layout.VERSION):
            raise BadLikeness(
                f"a likeness of version {about['version']} on layout {about['layout']}; {VERSION} and {layout.VERSION} are read"
            )
        mesh = np.load(io.BytesIO(archive.read("landmarks.npy")), allow_pickle=False).astype(np.float64)
        skin, certainty = _picture(archive, "texture"), _picture(archive, "certainty")
        if mesh.shape != (MESH, 3) or skin.shape != (layout.SIDE, layout.SIDE, 3) or certainty.shape != skin.shape[:2]:
            raise BadLikeness("its arrays have other shapes")
        voice = about["voice"]
        return cls(
            vector=tuple(about["vector"]),
            views=tuple(View(_picture(archive, f"view{n}"), *angles) for n, angles in enumerate(about["views"])),
            cutout=_picture(archive, "cutout"),
            landmarks=mesh,
            texture=skin,
            certainty=certainty,
            skin=about["skin"],
            hair=about["hair"],
            clothes=tuple(about["clothes"]),
            voice=None if voice is None else Voice(tuple(voice[0]), *voice[1:]),
        )


def _npy(array: NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, array.astype(np.int32 if array.dtype.kind == "i" else np.float32), allow_pickle=False)
    return out.getvalue()


def _png(picture: NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _picture(archive: zipfile.ZipFile, name: str) -> NDArray[np.uint8]:
    picture = Image.open(io.BytesIO(archive.read(f"{name}.png")), formats=["PNG"])
    if max(picture.size) > _LARGEST:
        raise BadLikeness(f"{name} is {picture.size[0]}x{picture.size[1]}; no side may exceed {_LARGEST}")
    return np.asarray(picture)
