"""Short animations out, without sound: GIF and WebP. Both repeat for ever."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import av
import av.filter
from PIL import Image

from kinora_media.image import Rgb

_QUALITY = 72
_DITHER = "dither=bayer:bayer_scale=3:diff_mode=rectangle"  # error diffusion boils from picture to picture, and stores twice as much


def gif(pictures: Iterable[Rgb], fps: int, path: Path) -> None:
    """One palette of 256 colours drawn from all pictures, which wait in memory for it; what stands still is stored once."""
    left = iter(pictures)
    first = next(left)
    palette = _Palette(first, fps)
    with av.open(str(path), "w", format="gif") as container:
        stream = container.add_stream("gif", rate=fps)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "pal8"
        for number, picture in enumerate(chain([first], left)):
            palette.push(number, picture)
        for frame in palette.reduced():
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def webp(pictures: Iterable[Rgb], fps: int, path: Path) -> None:
    """Holds a picture at a time."""
    frames = (Image.fromarray(picture) for picture in pictures)
    first = next(frames)
    first.save(path, "WEBP", save_all=True, append_images=frames, duration=round(1000 / fps), loop=0, quality=_QUALITY, method=3)


class _Palette:
    """FFmpeg's palettegen and paletteuse over the same pictures."""

    def __init__(self, picture: Rgb, fps: int) -> None:
        height, width = picture.shape[:2]
        self._graph = graph = av.filter.Graph()
        self._source = graph.add("buffer", f"video_size={width}x{height}:pix_fmt=rgb24:time_base=1/{fps}:frame_rate={fps}/1")
        split, palette, use = graph.add("split"), graph.add("palettegen", "stats_mode=full"), graph.add("paletteuse", _DITHER)
        self._sink = graph.add("buffersink")
        self._source.link_to(split)
        split.link_to(palette, 0, 0)
        split.link_to(use, 1, 0)
        palette.link_to(use, 0, 1)
        use.link_to(self._sink)
        graph.configure()

    def push(self, number: int, picture: Rgb) -> None:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        self._source.push(frame)

    def reduced(self) -> Iterator[av.VideoFrame]:
        """All that was pushed, in the palette's colours."""
        self._source.push(None)
        while True:
            try:
                frame = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if isinstance(frame, av.VideoFrame):
                yield frame
