"""Kinds of files, by their first bytes, whatever they call themselves. Nothing else is ever given to a decoder."""

from dataclasses import dataclass

HEAD = 16  # bytes that tell
_SOUND_BRANDS = {b"M4A ", b"M4B "}
_STARTS = (
    (b"\x1aE\xdf\xa3", "video", "", "matroska"),
    (b"\xff\xd8\xff", "image", "image/jpeg", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "image", "image/png", "PNG"),
    (b"GIF87a", "image", "image/gif", "GIF"),
    (b"GIF89a", "image", "image/gif", "GIF"),
    (b"ID3", "audio", "audio/mpeg", "mp3"),
    (b"OggS", "audio", "", "ogg"),
)


class BadContent(Exception):
    """The file cannot be looked at; `reason` is one of those below, the message tells people what would be right.

    EMPTY, UNKNOWN_KIND, TOO_LARGE, TOO_LONG, TOO_MANY_FRAMES, PICTURE_TOO_LARGE, UNKNOWN_CODEC, NOTHING_IN_IT, CUT_OFF, TOO_HEAVY.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Kind:
    """`name` is video, image or audio; `mime` as C2PA readers call it, empty where no manifest can be; `opener` as FFmpeg or Pillow do."""

    name: str
    mime: str
    opener: str


def kind_of(head: bytes) -> Kind:
    """Of the first HEAD bytes. Raises BadContent."""
    if not head:
        raise BadContent("EMPTY", "The file is empty.")
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"WAVE"}:
        return Kind("image", "image/webp", "WEBP") if head[8:12] == b"WEBP" else Kind("audio", "audio/wav", "wav")
    for start, *kind in _STARTS:
        if head.startswith(start):
            return Kind(*kind)
    if head[0] == 0xFF and len(head) > 1 and head[1] & 0xE6 == 0xE2:  # a frame of MPEG audio, layer III
        return Kind("audio", "audio/mpeg", "mp3")
    raise BadContent("UNKNOWN_KIND", "Send a video (MP4, WebM, MOV), a picture (JPEG, PNG, WebP, GIF) or sound (MP3, M4A, WAV, Ogg).")


def _of_brand(brand: bytes) -> Kind:
    if brand in _SOUND_BRANDS:
        return Kind("audio", "audio/mp4", "mp4")
    return Kind("video", "video/quicktime" if brand == b"qt  " else "video/mp4", "mp4")
