"""Pets and objects: cut out of a picture by a box and strokes of keep and remove. A human face in what is kept is refused."""

import io

import cv2
import numpy as np
from kinora_media.image import Rgb
from kinora_media.sandbox import refuse
from PIL import Image, ImageOps

from kinora_faces.likeness import colours
from kinora_faces.likeness.cutout import Mask, grown
from kinora_faces.likeness.looking import STILL_SIDE
from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.thing import SIDE, Thing
from kinora_faces.mesh import FaceDetector

_LARGEST = 8192
_LEAST = 0.002  # of the picture
_A_PERSON = 0.73  # sureness; seen: people at any angle 0.85 at least, of 25 pixels 0.74; a cat 0.71, a clock 0.70, stars 0.70, cells 0.72


def shown(data: bytes) -> bytes:
    """In the sandbox: the whole picture as JPEG. Refuses in words."""
    picture = _opened(data, STILL_SIDE)
    _refuse_people(picture, picture)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90)
    return out.getvalue()


def cut(data: bytes, strokes: Strokes) -> bytes:
    """In the sandbox: the thing as `thing` packs it, cropped to what is kept. Refuses in words."""
    picture = _opened(data, SIDE)
    mask = grown(picture, _trimap(picture, strokes))
    inside = mask > 127
    if inside.mean() < _LEAST:
        refuse("NOTHING_KEPT: Nothing is left inside the outline. Draw the box around the whole thing, and mark what to keep.")
    down, across = np.nonzero(inside)
    part = (slice(down.min(), down.max() + 1), slice(across.min(), across.max() + 1))
    _refuse_people(picture, picture[part])
    alone = np.where(mask[..., None] > 0, picture, 0).astype(np.uint8)  # what was around it is nobody's business
    return Thing(_png(np.dstack([alone, mask])[part]), colours.main_tones(picture, mask)).to_bytes()


def _opened(data: bytes, side: int) -> Rgb:
    try:
        picture = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
        if max(picture.size) > _LARGEST:
            refuse(f"PICTURE_TOO_LARGE: The picture is {picture.size[0]}x{picture.size[1]}; no side may exceed {_LARGEST}.")
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        refuse(f"NOT_A_PICTURE: The file is no JPEG, PNG or WebP picture, or it is broken ({type(error).__name__}).")
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(upright)


def _trimap(picture: Rgb, strokes: Strokes) -> Mask:
    height, width = picture.shape[:2]
    trimap = np.full((height, width), cv2.GC_BGD, np.uint8)
    left, top, right, bottom = (round(share * size) for share, size in zip(strokes.box, (width, height) * 2, strict=True))
    trimap[max(0, top) : bottom, max(0, left) : right] = cv2.GC_PR_FGD
    brush = max(1, round(strokes.breadth * width))
    for lines, label in ((strokes.keep, cv2.GC_FGD), (strokes.remove, cv2.GC_BGD)):
        for line in lines:
            points = np.round(np.array(line) * [width, height]).astype(np.int32)
            cv2.polylines(trimap, [points.reshape(-1, 1, 2)], isClosed=False, color=int(label), thickness=brush)
    return trimap


def _refuse_people(picture: Rgb, kept: Rgb) -> None:
    """Looked for in the whole picture, in what is kept, and in its quarters, where a small face is large enough to be seen."""
    detector = FaceDetector()
    if any(detector.sureness(view) > _A_PERSON for view in (picture, kept, *_quarters(kept))):
        refuse("HUMAN_FACE: A person's face is in the picture. People enter by enrolling themselves; take another picture.")


def _quarters(picture: Rgb) -> list[Rgb]:
    """Overlapping, each three fifths of a side."""
    height, width = (round(0.6 * side) for side in picture.shape[:2])
    return [picture[rows, columns] for rows in (slice(height), slice(-height, None)) for columns in (slice(width), slice(-width, None))]


def _png(rgba: Mask) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgba).save(out, "PNG")
    return out.getvalue()
