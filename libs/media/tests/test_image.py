import io
import struct
import time
import zlib

import numpy as np
import pytest
from kinora_media.image import MAX_BYTES, BadImage, check_image, spritesheet, webp
from PIL import Image


def encoded(picture, kind="PNG", **options):
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, **options)
    return out.getvalue()


def png_claiming(width, height, body=b""):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def test_a_thumbnail_fits_its_box_and_is_never_enlarged(picture):
    assert Image.open(io.BytesIO(webp(picture(), 160))).size == (160, 90)
    assert Image.open(io.BytesIO(webp(picture(), 4000))).size == (320, 180)


def test_a_sprite_sheet_holds_the_frames_row_by_row():
    greys = [np.full((90, 160, 3), level, np.uint8) for level in (10, 80, 150, 220, 250)]
    sheet = np.asarray(Image.open(io.BytesIO(spritesheet(greys, columns=2, tile_width=80))))
    assert sheet.shape == (3 * 45, 160, 3)
    assert [round(sheet[45 * (n // 2) + 22, 80 * (n % 2) + 40].mean(), -1) for n in range(5)] == [10, 80, 150, 220, 250]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_good_picture_becomes_a_clean_png(picture, kind):
    clean = Image.open(io.BytesIO(check_image(encoded(picture(), kind, quality=95), width=320, height=180)))
    assert (clean.format, clean.size, clean.mode) == ("PNG", (320, 180), "RGB")
    assert np.abs(np.asarray(clean).astype(int) - picture()).mean() < 12


def test_a_turned_photograph_stands_upright_and_loses_its_metadata(picture):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "camera"
    clean = Image.open(io.BytesIO(check_image(encoded(picture(), "JPEG", exif=exif), width=180, height=320)))
    assert clean.size == (180, 320)
    assert not clean.getexif()


def test_a_picture_of_another_size_is_refused(picture):
    with pytest.raises(BadImage, match="320x180; it must be 1280x720"):
        check_image(encoded(picture()), width=1280, height=720)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BadImage):
        check_image(data, width=64, height=64)


def webp_claiming(width, height):
    body = b"VP8L" + struct.pack("<IBI", 64, 0x2F, (width - 1) | (height - 1) << 14) + bytes(59)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def jpeg_claiming(width, height):
    small = encoded(np.zeros((64, 64, 3), np.uint8), "JPEG")
    size_at = small.index(b"\xff\xc0") + 5
    return small[:size_at] + struct.pack(">HH", height, width) + small[size_at + 4 :]


def test_bombs_are_refused_within_a_second():
    check_image(png_claiming(1, 1, b"\0\0\0\0"), width=1, height=1)  # starts the process once, so that disk caches are warm
    for bomb in (png_claiming(60_000, 60_000), webp_claiming(16_384, 16_384), jpeg_claiming(65_000, 65_000)):
        started = time.monotonic()
        with pytest.raises(BadImage, match=r"no side may exceed 4096|too much memory"):
            check_image(bomb, width=64, height=64)
        assert time.monotonic() - started < 1


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(BadImage, match="bytes"):
        check_image(b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES), width=64, height=64)


def test_a_truncated_picture_is_refused(picture):
    with pytest.raises(BadImage, match="broken"):
        check_image(encoded(picture())[:-200], width=320, height=180)
