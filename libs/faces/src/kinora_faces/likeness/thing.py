"""A pet or an object, and its one form as bytes: a ZIP as a person's, of `about.json` and `cutout.png`.

`about.json` is `{"format": "kinora-likeness", "version": 1, "kind": "thing", "colours": ["#rrggbb", …]}`. The picture is RGBA, cropped to
the thing, no side above 1,024 pixels. Engines read it without this library.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Self

from kinora_faces.likeness.package import BROKEN, FORMAT, THING, UNPACKED, VERSION, BadLikeness

SIDE = 1024  # at most; GrabCut takes seconds above
_COLOUR = re.compile("#[0-9a-f]{6}")


@dataclass(frozen=True)
class Thing:
    """A cut-out as PNG with alpha, which is also its preview; its main colours, "#rrggbb", the most frequent first."""

    png: bytes
    colours: tuple[str, ...]

    def to_bytes(self) -> bytes:
        about = {"format": FORMAT, "version": VERSION, "kind": THING, "colours": self.colours}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("about.json", json.dumps(about))
            archive.writestr("cutout.png", self.png)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Reads what `to_bytes` wrote, the picture unopened. Raises BadLikeness."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return cls._read(archive)
        except BROKEN as error:
            raise BadLikeness(f"These bytes are no likeness: {error}") from error

    @classmethod
    def _read(cls, archive: zipfile.ZipFile) -> Self:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
            raise BadLikeness(f"it unpacks to more than {UNPACKED} bytes")
        about = json.loads(archive.read("about.json"))
        if (about["format"], about["version"], about["kind"]) != (FORMAT, VERSION, THING):
            raise BadLikeness(f"a likeness of version {about['version']} and kind {about['kind']!r}; {VERSION} and {THING!r} are read")
        if not all(_COLOUR.fullmatch(colour) for colour in about["colours"]):
            raise BadLikeness("its colours are no #rrggbb")
        return cls(archive.read("cutout.png"), tuple(about["colours"]))
