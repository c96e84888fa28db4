"""A leased video as its engine is asked for it."""

from collections.abc import Sequence

from kinora.engine.v1 import engine_pb2 as engine
from kinora.engine.v1.engine_pb2 import CastLikeness, Conditioning, RenderRequest

from .domain import Source, Video
from .engines import Engine

_SOURCES = {
    Source.REMIX: engine.CONDITIONING_KIND_REMIX,
    Source.EXTEND: engine.CONDITIONING_KIND_EXTEND,
    Source.FINISH: engine.CONDITIONING_KIND_FINISH,
}


def of(video: Video, by: Engine, likenesses: Sequence[CastLikeness], traceparent: str) -> RenderRequest:
    """An engine that minds no negative prompt itself is told none: the director has minded it."""
    return RenderRequest(
        attempt_id=video.attempt_id,
        storyboard_json=video.storyboard,
        width=video.width,
        height=video.height,
        fps=video.fps,
        output_prefix=video.attempt_folder,
        conditioning=_conditioning(video),
        traceparent=traceparent,
        passes=video.passes,
        likenesses=likenesses,
        negative_prompt=video.negative_prompt if by.sheet.negative_prompt else "",
        draft=bool(video.full_size),
        guidance=video.guidance,
        loras=video.loras,
    )


def _conditioning(video: Video) -> list[Conditioning]:
    pictures = [
        Conditioning(kind=engine.CONDITIONING_KIND_FIRST_FRAME, key=video.first_frame_key),
        *(
            Conditioning(kind=engine.CONDITIONING_KIND_KEYFRAME, key=frame.key, at_s=frame.at_s, strength=frame.strength)
            for frame in video.keyframes
        ),
        Conditioning(kind=engine.CONDITIONING_KIND_LAST_FRAME, key=video.last_frame_key),
    ]
    takes = [Conditioning(kind=_SOURCES[video.source], key=video.source_key)] if video.source_key else []
    return [each for each in (*pictures, *takes) if each.key]
