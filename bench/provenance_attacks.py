"""What becomes of videos on their way: filters and encoders, one pass each, through PyAV."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.filter import Graph
from kinora_marks.picture import Pose

EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"
SCREEN = (
    "scale=iw*0.92:-2:flags=bilinear,pad=iw/0.92:ih/0.92:47:31,gblur=sigma=1.0,noise=alls=12:allf=t,lutyuv=y=gammaval(0.85),scale=1600:-2"
)


@dataclass(frozen=True)
class Attack:
    """Filters as ffmpeg writes them, then an encode. `needed`: in so many of a hundred clips the id must come back; 0 where none is named.
    `start_s` and `seconds` cut an excerpt. `tilt_deg` turns the picture about its upright middle line before a viewer two widths away.
    `search` is what the search must be told beyond its defaults.
    """

    filters: str = ""
    needed: int = 99
    crf: int = 23
    start_s: float = 0
    seconds: float = 60
    codec: str = "libx264"
    tilt_deg: float = 0
    search: dict[str, tuple[Any, ...]] = field(default_factory=dict)


ATTACKS = {
    "none (CRF 18)": Attack(crf=18),
    "CRF 23": Attack(),
    "CRF 28": Attack(crf=28),
    "CRF 33": Attack(crf=33),
    "CRF 40": Attack(crf=40, needed=90),
    "480p": Attack("scale=-2:480"),
    "360p": Attack("scale=-2:360"),
    "240p": Attack("scale=-2:240", needed=90),
    "crop to 90%": Attack(f"crop=iw*.9:ih*.9:iw*.04:ih*.07,{EVEN}"),
    "crop to 75%": Attack(f"crop=iw*.75:ih*.75:iw*.1:ih*.15,{EVEN}"),
    "crop to 50%": Attack(f"crop=iw*.5:ih*.5:iw*.2:ih*.3,{EVEN}"),
    "colour": Attack("lutyuv=y=gammaval(0.8),lutyuv=y=(val-126)*1.25+140:u=(val-128)*1.3+128:v=(val-128)*1.3+128"),
    "blur": Attack("gblur=sigma=1.5"),
    "noise": Attack("noise=alls=24:allf=t", crf=26),
    "15 frames a second": Attack("fps=15"),
    "25% faster": Attack("setpts=PTS/1.25"),
    "25% slower": Attack("setpts=PTS*1.25"),
    "flip": Attack("hflip"),
    "overlay": Attack("drawbox=x=40:y=40:w=300:h=80:color=white:t=fill,drawbox=x=0:y=ih*.78:w=iw:h=ih*.15:color=black@.8:t=fill"),
    "letterbox": Attack("scale=iw*.75:ih*.75,pad=iw/.75:ih/.75:(ow-iw)/2:(oh-ih)/2"),
    "3 s excerpt": Attack(start_s=1, seconds=3),
    "1 s excerpt, CRF 33": Attack(start_s=2, seconds=1, crf=33, needed=80),
    "screen capture": Attack(SCREEN, crf=26),
    "crop to 90%, flip, 480p, CRF 28": Attack("crop=iw*.9:ih*.9:iw*.05:ih*.05,hflip,scale=-2:480", needed=95, crf=28),
    "360p, CRF 30": Attack("scale=-2:360", needed=95, crf=30),
    "crop to 75%, CRF 28": Attack(f"crop=iw*.75:ih*.75:iw*.1:ih*.1,{EVEN}", needed=95, crf=28),
    "letterbox, noise": Attack("scale=iw*.75:ih*.75,pad=iw/.75:ih/.75:(ow-iw)/2:(oh-ih)/2,noise=alls=16:allf=t", needed=95, crf=26),
    "picture in picture, 40%": Attack("scale=iw*.4:ih*.4,pad=iw/.4:ih/.4:iw*.9:ih*.9:color=gray", needed=90),
    "turned by 2 degrees": Attack("rotate=2*PI/180", needed=90, search={"poses": (Pose(), Pose(-2), Pose(2))}),
    "turned by 5 degrees": Attack("rotate=5*PI/180", needed=90, search={"poses": (Pose(), Pose(-5), Pose(5))}),
    "tilted by 10 degrees": Attack(tilt_deg=10, needed=90, search={"poses": (Pose(), Pose(tilted=-8), Pose(tilted=8))}),
    "stretched to 4:3": Attack("scale=ih*4/3:ih", needed=0, search={"aspects": (1.0, 0.75, 1.3333)}),
    "H.265 CRF 32": Attack(codec="libx265", crf=32, needed=0),
}


def apply(attack: Attack, source: Path, target: Path) -> None:
    """Writes `target`, a Matroska file."""
    with av.open(str(source)) as clip, av.open(str(target), "w", format="matroska") as out:
        shown = clip.streams.video[0]
        graph, stream, last = _graph(attack, shown), None, -1
        for frame in (*clip.decode(shown), None):  # None lets go of what filters hold back
            if frame and not attack.start_s <= frame.time < attack.start_s + attack.seconds:
                continue
            graph.push(frame)
            for changed in _pulled(graph):
                if stream is None:
                    stream = _stream(out, attack, changed, shown)
                if attack.tilt_deg:
                    changed = _tilted(changed, attack.tilt_deg)  # noqa: PLW2901
                # Milliseconds: any rate of frames fits.
                last = max(round(changed.pts * changed.time_base * 1000), last + 1)
                changed.pts, changed.time_base, changed.pict_type = last, Fraction(1, 1000), 0
                out.mux(stream.encode(changed))
        out.mux(stream.encode(None))


def _graph(attack: Attack, shown: av.VideoStream) -> Graph:
    graph = Graph()
    nodes = [graph.add_buffer(template=shown)]
    for written in [*filter(None, attack.filters.split(",")), "format=yuv420p"]:
        name, _, arguments = written.partition("=")
        nodes.append(graph.add(name, arguments))
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


def _pulled(graph: Graph) -> list[av.VideoFrame]:
    frames = []
    while True:
        try:
            frames.append(graph.pull())
        except (BlockingIOError, EOFError):
            return frames


def _stream(out: av.container.OutputContainer, attack: Attack, first: av.VideoFrame, shown: av.VideoStream) -> av.VideoStream:
    options = {"crf": str(attack.crf), "preset": "veryfast"} | (
        {"x265-params": "log-level=error:pools=1"} if attack.codec == "libx265" else {}
    )
    stream = out.add_stream(attack.codec, rate=24, options=options)
    stream.width, stream.height, stream.pix_fmt, stream.time_base = first.width, first.height, "yuv420p", Fraction(1, 1000)
    stream.codec_context.time_base, stream.codec_context.thread_count = Fraction(1, 1000), 1
    # What colours mean goes with them: who reads marks in red, green and blue would see others.
    for told in ("colorspace", "color_range", "color_primaries", "color_trc"):
        setattr(stream.codec_context, told, getattr(shown.codec_context, told))
    return stream


def _tilted(frame: av.VideoFrame, degrees: float) -> av.VideoFrame:
    height, planes, angle = frame.height, frame.to_ndarray(), np.radians(degrees)
    turned = []
    for plane in (planes[:height], *planes[height:].reshape(2, height // 2, -1)):
        rows, columns = plane.shape
        corners = np.array([(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]) * (columns, rows)
        away = 1 + corners[:, :1] * np.sin(angle) / (2 * columns)
        seen = corners * (np.cos(angle), 1) / away
        matrix = cv2.getPerspectiveTransform(*((part + np.array((columns / 2, rows / 2))).astype(np.float32) for part in (corners, seen)))
        turned.append(cv2.warpPerspective(plane, matrix, (columns, rows), borderMode=cv2.BORDER_REPLICATE))
    whole = np.concatenate([turned[0], np.stack(turned[1:]).reshape(height // 2, -1)])
    made = av.VideoFrame.from_ndarray(whole, format="yuv420p")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made
