"""The small process in which a stranger's clip is decoded: `open_clip KIND LIMITS <clip >pictures`; started by `sandbox.run`.

Standard output gets the kept pictures, then the sound, then a line about them in JSON and its length (8 bytes).
"""

import json
import sys
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from kinora_media.clip import SAMPLE_RATE, ClipLimits
from kinora_media.sandbox import refuse

_PICTURES = {"h264", "hevc", "vp8", "vp9", "av1", "libdav1d"}
_SOUNDS = {"aac", "opus", "vorbis"}
_MISSING = 0.2  # of the length that the headers promise


def main(kind: str, limits: ClipLimits) -> None:
    try:
        with av.open(sys.stdin.buffer, "r", format=kind) as container:
            _check_headers(container, limits)
            moment = _moment(container, limits) if limits.still else None
        sys.stdin.seek(0)
        with av.open(sys.stdin.buffer, "r", format=kind) as container:
            about = _decode(container, limits, moment, sys.stdout.buffer)
    except (av.FFmpegError, ValueError):
        refuse("CUT_OFF: The clip is cut off or broken.")
    line = json.dumps(about).encode()
    sys.stdout.buffer.write(line + len(line).to_bytes(8, "little"))


def _check_headers(container: InputContainer, limits: ClipLimits) -> None:
    """Everything that can be known before a single picture is decoded."""
    if not container.streams.video:
        refuse("NO_PICTURE: The clip has no picture.")
    video = container.streams.video[0]
    if not container.streams.audio and limits.sound:
        refuse("NO_SOUND: The clip has no sound; allow the microphone.")
    sounds = {stream.codec_context.name for stream in container.streams.audio[:1]}
    if video.codec_context.name not in _PICTURES or sounds - _SOUNDS:
        refuse("UNKNOWN_CODEC: The clip must be H.264, HEVC, VP8, VP9 or AV1 with AAC, Opus or Vorbis.")
    _check_size(video.width, video.height, limits)
    if (container.duration or 0) / av.time_base > limits.seconds:
        refuse(f"CLIP_TOO_LONG: The clip is longer than {limits.seconds:.0f} s.")
    if video.frames > limits.frames:
        refuse(f"TOO_MANY_FRAMES: The clip has more than {limits.frames} frames.")


def _check_size(width: int, height: int, limits: ClipLimits) -> None:
    if max(width, height) > limits.side:
        refuse(f"PICTURE_TOO_LARGE: The picture is {width}x{height}; no side may exceed {limits.side}.")


def _moment(container: InputContainer, limits: ClipLimits) -> int:
    """The time stamp of the one picture to keep. Nothing is decoded; recorders leave a clip's length out of its header."""
    stamps: list[int] = []
    for packet in container.demux(container.streams.video[0]):
        if packet.pts is not None and not packet.is_discard:
            stamps.append(packet.pts)
        if len(stamps) > limits.frames:
            refuse(f"TOO_MANY_FRAMES: The clip has more than {limits.frames} frames.")
    if not stamps:
        refuse("NO_PICTURE: The clip has no picture.")
    first, last = min(stamps), max(stamps)
    unit = float(container.streams.video[0].time_base or 1)
    wanted = (first + last) / 2 if limits.still_at_s is None else first + limits.still_at_s / unit
    return max((stamp for stamp in stamps if stamp <= wanted), default=first)


def _decode(container: InputContainer, limits: ClipLimits, moment: int | None, out: BinaryIO) -> dict[str, Any]:
    video = container.streams.video[0]
    video.codec_context.thread_count = 1
    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE)
    sound: list[tuple[float, NDArray[np.int16]]] = []
    times: list[float] = []
    kept: list[float] = []
    shape = (0, 0)
    for frame in container.decode(video, *container.streams.audio[:1]):
        if isinstance(frame, av.AudioFrame):
            sound += [(frame.time or 0.0, part.to_ndarray()[0]) for part in resampler.resample(frame)]
        elif isinstance(frame, av.VideoFrame):
            times.append(float(frame.time or 0.0))
            if len(times) > limits.frames or times[-1] - times[0] > limits.seconds or len(sound) > 60 * limits.seconds:
                refuse(f"TOO_MANY_FRAMES: The clip has more than {limits.frames} frames or is longer than {limits.seconds:.0f} s.")
            if kept and (moment is not None or times[-1] - kept[-1] < limits.every_s):
                continue
            if moment is not None and (frame.pts or 0) < moment:
                continue
            picture = _picture(frame, limits)
            if kept and picture.shape[:2] != shape:
                refuse("CUT_OFF: The picture changes its size within the clip.")
            shape = picture.shape[:2]
            kept.append(times[-1])
            out.write(picture.tobytes())
    _check_whole(container, times, kept)
    samples = _joined(sound, times[0])
    out.write(samples.tobytes())
    return {
        "kept": len(kept),
        "height": shape[0],
        "width": shape[1],
        "samples": len(samples),
        "times": [time - times[0] for time in kept],
        "all_times": [time - times[0] for time in times],
    }


def _picture(frame: av.VideoFrame, limits: ClipLimits) -> NDArray[np.uint8]:
    """Shrunk to the kept size and turned upright."""
    _check_size(frame.width, frame.height, limits)
    scale = min(1.0, limits.kept_side / max(frame.width, frame.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    picture = frame.reformat(width, height, "rgb24").to_ndarray()
    return np.ascontiguousarray(np.rot90(picture, round(frame.rotation / 90)), np.uint8)


def _check_whole(container: InputContainer, times: list[float], kept: list[float]) -> None:
    if len(times) < 2 or not kept:
        refuse("NO_PICTURE: The clip has fewer than two pictures, or none that can be shown.")
    if not np.all(np.diff(times) > 0):
        refuse("CUT_OFF: The pictures of the clip are not in the order of their times.")
    promised = (container.duration or 0) / av.time_base
    if times[-1] - times[0] < (1 - _MISSING) * promised - 0.5:
        refuse("CUT_OFF: The clip ends before its time.")


def _joined(sound: list[tuple[float, NDArray[np.int16]]], start: float) -> NDArray[np.int16]:
    """One track that begins with the first picture."""
    if not sound:
        return np.zeros(0, np.int16)
    ahead = round((sound[0][0] - start) * SAMPLE_RATE)
    track = np.concatenate([part for _, part in sound])
    return np.concatenate([np.zeros(max(0, min(ahead, 60 * SAMPLE_RATE)), np.int16), track[max(0, -ahead) :]])


if __name__ == "__main__":
    main(sys.argv[1], ClipLimits(**json.loads(sys.argv[2])))
