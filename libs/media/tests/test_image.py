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


def opened(data, width, height):
    return np.asarray(Image.open(io.BytesIO(check_image(data, width=width, height=height))))


def saved(picture, kind="PNG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def test_a_picture_of_another_shape_is_cropped_to_cover_the_video():
    striped = np.zeros((180, 320, 3), np.uint8)
    striped[:, 110:210] = 255
    assert opened(encoded(striped), 100, 180).min() > 250
    assert opened(encoded(striped), 640, 360).shape == (360, 640, 3)


@pytest.mark.parametrize(
    ("size", "told"), [((20, 20), "20x20; for a video of 1280x720 it must be at least 160x90"), ((3000, 300), "too long and narrow")]
)
def test_a_picture_that_would_be_mush_or_a_sliver_is_refused(size, told):
    with pytest.raises(BadImage, match=told):
        check_image(saved(Image.new("RGB", size)), width=1280, height=720)


def test_pictures_of_all_modes_are_seen_as_they_look():
    clear = Image.new("RGBA", (64, 64), (200, 0, 0, 0))
    deep = Image.fromarray(np.full((64, 64), 32_768, np.uint16))
    blinking = saved(Image.new("RGB", (64, 64), "red"), "WEBP", save_all=True, append_images=[Image.new("RGB", (64, 64), "blue")])
    assert opened(saved(clear), 64, 64).min() == 255
    assert opened(saved(deep), 64, 64).mean() == pytest.approx(128, abs=1)
    assert opened(saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG"), 64, 64).mean((0, 1)) == pytest.approx([255, 0, 0], abs=12)
    assert opened(blinking, 64, 64).mean((0, 1)) == pytest.approx([255, 0, 0], abs=12)


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
