"""Packages of likenesses for tests of what is made with them: people taken from made clips, pets and objects drawn here."""

import io
import json
import zipfile
from functools import cache

import numpy as np
from kinora_faces.challenge import Challenge, Item, Move
from kinora_faces.likeness import Likeness, take_likeness
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from kinora_testkit.enrolment import Take, genuine

_SIDE = 400  # pixels
_ITEMS = (Item(0.8, "banana"), Item(1.9, move=Move.LEFT), Item(3.3, move=Move.RIGHT), Item(4.6, "window"), Item(5.8, "potato"))
RED, BROWN = "#c83232", "#a06a3a"


@cache
def taken(person: str, *, voice: bool = False) -> Likeness:
    """Of one of `enrolment.people.PEOPLE`, from a made clip: about five seconds of work, once."""
    clip = genuine(Challenge("en", _ITEMS, 7.0, 3.0), Take(seed=5, person=person, voice="en-us+m3", fps=12)).clip
    return take_likeness(clip, voice=voice)


def packed(picture: NDArray[np.uint8], *colours: str) -> bytes:
    """The package of a cut-out (h, w, 4)."""
    about = {"format": "kinora-likeness", "version": 1, "kind": "thing", "colours": colours}
    png, out = io.BytesIO(), io.BytesIO()
    Image.fromarray(picture).save(png, "PNG")
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("about.json", json.dumps(about))
        archive.writestr("cutout.png", png.getvalue())
    return out.getvalue()


def pet() -> NDArray[np.uint8]:
    """A sitting brown dog with a white chest and a red collar, (h, w, 4), cropped to it."""
    return _drawn(
        ("ellipse", (110, 150, 290, 390), BROWN),
        ("ellipse", (150, 210, 250, 380), "#f0ead8"),
        ("ellipse", (120, 340, 185, 395), BROWN),
        ("ellipse", (215, 340, 280, 395), BROWN),
        ("ellipse", (120, 30, 280, 200), BROWN),
        ("ellipse", (95, 40, 145, 150), "#5a3a1e"),
        ("ellipse", (255, 40, 305, 150), "#5a3a1e"),
        ("ellipse", (150, 110, 250, 195), "#f0ead8"),
        ("ellipse", (182, 118, 218, 145), "#181412"),
        ("ellipse", (150, 80, 172, 104), "#181412"),
        ("ellipse", (228, 80, 250, 104), "#181412"),
        ("rectangle", (140, 190, 260, 206), RED),
    )


def ball() -> NDArray[np.uint8]:
    """A red ball with a white stripe, (h, w, 4), cropped to it."""
    return _drawn(("ellipse", (50, 50, 350, 350), RED), ("rectangle", (60, 180, 340, 220), "#ffffff"))


def _drawn(*shapes: tuple[str, tuple[int, int, int, int], str]) -> NDArray[np.uint8]:
    picture = Image.new("RGBA", (_SIDE, _SIDE))
    pen = ImageDraw.Draw(picture)
    for shape, box, colour in shapes:
        getattr(pen, shape)(box, fill=colour)
    return np.asarray(picture.crop(picture.getbbox()))
