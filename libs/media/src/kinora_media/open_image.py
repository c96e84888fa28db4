"""The small process in which a stranger's picture is opened: `open_image KIND WIDTH HEIGHT MAX_SIDE <picture >png`.

Exit status 2 with a message for people when the picture is refused; anything else but 0 means that it broke the decoder or its limits.
"""

import io
import resource
import sys

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 5


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
    shown = picture.size[::-1] if turned else picture.size
    if shown != (width, height):
        _refuse(f"The picture is {shown[0]}x{shown[1]}; it must be {width}x{height} like the video.")
    # A new picture carries no metadata over.
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    clean.save(sys.stdout.buffer, "PNG", compress_level=1)


def _refuse(message: str) -> None:
    sys.stderr.write(message)
    raise SystemExit(2)


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
