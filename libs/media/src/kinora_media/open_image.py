"""The small process in which a stranger's picture is opened: `open_image KIND WIDTH HEIGHT MAX_SIDE <picture >png`.

Exit status 2 with a message for people when the picture is refused; anything else but 0 means that it broke the decoder or its limits.
"""

import io
import resource
import sys

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 5
ENLARGED = 8  # times at most
KEPT = 0.25  # of the picture at least, when it is cropped to the video's shape
_MIDDLE = (0.5, 0.4)  # of what is kept: faces are above the middle


def main(kind: str, width: int, height: int, max_side: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from PIL import Image, ImageOps  # noqa: PLC0415 - not before the limits hold

    # Only the header is read here; the pixels wait for load().
    picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=[kind])
    if max(picture.size) > max_side:
        _refuse(f"The picture is {picture.size[0]}x{picture.size[1]}; no side may exceed {max_side}.")
    turned = picture.getexif().get(0x0112, 1) >= 5  # orientations 5-8 lie on their side
    _check_shape(*(picture.size[::-1] if turned else picture.size), width, height)
    shown = picture.point(lambda value: value / 256).convert("L") if picture.mode.startswith("I") else picture  # 16 bits of grey
    fitted = ImageOps.fit(ImageOps.exif_transpose(shown).convert("RGBA"), (width, height), Image.Resampling.LANCZOS, centering=_MIDDLE)
    on_white = Image.alpha_composite(Image.new("RGBA", fitted.size, "white"), fitted).convert("RGB")
    # A new picture carries no metadata over.
    clean = Image.frombytes("RGB", on_white.size, on_white.tobytes())
    clean.save(sys.stdout.buffer, "PNG", compress_level=1)


def _check_shape(wide: int, high: int, width: int, height: int) -> None:
    """The picture must cover the video without being blown up to mush or cut down to a sliver."""
    if max(width / wide, height / high) > ENLARGED:
        least = f"{-(-width // ENLARGED)}x{-(-height // ENLARGED)}"
        _refuse(f"The picture is {wide}x{high}; for a video of {width}x{height} it must be at least {least}.")
    if min(wide * height / (high * width), high * width / (wide * height)) < KEPT:
        _refuse(f"The picture is {wide}x{high}, too long and narrow for a video of {width}x{height}; crop it nearer to that shape.")


def _refuse(message: str) -> None:
    sys.stderr.write(message)
    raise SystemExit(2)


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
