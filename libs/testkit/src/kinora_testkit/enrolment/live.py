"""A person before a live camera: they do what is asked as it is asked, and are filmed while they do it."""

import io
import itertools
import time
from collections.abc import Iterator
from fractions import Fraction
from threading import Event, Lock

import av
import numpy as np
from kinora_faces.challenge import Move
from kinora_media.image import Rgb

from kinora_testkit.enrolment.head import Pose
from kinora_testkit.enrolment.people import head
from kinora_testkit.enrolment.room import room
from kinora_testkit.enrolment.takes import TURNS, Take, blinks, out_and_back, place, swaying
from kinora_testkit.enrolment.voices import RATE, say

_LONGEST_S = 60
_CHUNK_S = 0.25
_GRAINS = 7  # pictures of noise, one after the other: to make each anew would take a third of the time
_LOUD = 0.2  # at which the mouth is wide open; `say` speaks at 0.1 on the mean


class Camera:
    """Films WebM (VP8, Opus), as a browser's recorder does, in real time. Needs some 30 ms of a core a picture.

    `chunks` runs on one thread; `ask` and `stop` may be called on another.
    """

    def __init__(self, take: Take | None = None) -> None:
        take = take or Take(fps=12)
        self._take, self._random, self._lock, self._stopped = take, take.random, Lock(), Event()
        self._began = 0.0
        self._moves: list[tuple[float, str]] = []
        self._sound = self._random.normal(0, 10 ** (-take.noise_db / 20) * 0.1, _LONGEST_S * RATE).astype(np.float32)
        times = np.arange(_LONGEST_S * take.fps) / take.fps
        self._blinks = blinks(times, self._random)
        self._sway = np.array([swaying(len(times), self._random, size) for size in (1.0, 0.8, 1.0, 1.6, 1.6)])
        self._head, self._room = head(take.person), room(take.seed)
        self._grain = self._random.standard_normal((_GRAINS, *self._room.shape), np.float32) * np.float32(take.grain)

    def ask(self, *, word: str = "", move: str = "") -> None:
        """The person reads it now, and does it in a moment."""
        begin = time.monotonic() - self._began + self._random.uniform(*self._take.reaction)
        if move:
            self._moves.append((begin, move))
            return
        speech = say(word, self._take.voice)
        with self._lock:
            place(self._sound, speech, begin)

    def stop(self) -> None:
        self._stopped.set()

    def chunks(self) -> Iterator[bytes]:
        """The clip's bytes as they are made, until `stop` or for a minute. The first come at once: the person sits still at first."""
        self._began, out = time.monotonic(), _Pipe()
        with av.open(out, "w", format="webm", options={"live": "1", "cluster_time_limit": "200"}) as container:
            self._film(container)
            last = time.monotonic()
            for _ in self._takes(container):
                if time.monotonic() - last > _CHUNK_S and (data := out.taken()):
                    last = time.monotonic()
                    yield data
        yield out.taken()

    def _film(self, container: av.container.OutputContainer) -> None:
        self._video = container.add_stream("libvpx", rate=self._take.fps)
        self._video.pix_fmt, self._video.thread_count = "yuv420p", 1
        self._video.height, self._video.width = self._room.shape[:2]
        self._video.bit_rate, self._video.options = 2_500_000, {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0"}
        self._audio = container.add_stream("libopus", rate=RATE, layout="mono")
        self._audio.bit_rate = 96_000

    def _takes(self, container: av.container.OutputContainer) -> Iterator[None]:
        """Films picture by picture; one whose time is over is left out, as a camera would."""
        heard, fps = 0, self._take.fps
        for number in itertools.takewhile(lambda n: n < _LONGEST_S * fps and not self._stopped.is_set(), itertools.count()):
            ahead = number / fps - (time.monotonic() - self._began)
            if ahead < -1 / fps:
                continue
            time.sleep(max(0.0, ahead))
            picture = av.VideoFrame.from_ndarray(self._picture(number), format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(self._video.encode(picture))
            heard = self._hear(container, heard, round((number + 1) / fps * RATE))
            yield
        container.mux(self._video.encode(None))
        container.mux(self._audio.encode(None))

    def _hear(self, container: av.container.OutputContainer, begin: int, end: int) -> int:
        with self._lock:
            part = av.AudioFrame.from_ndarray(np.clip(self._sound[None, begin:end], -1, 1), format="flt", layout="mono")
        part.sample_rate, part.pts, part.time_base = RATE, begin, Fraction(1, RATE)
        container.mux(self._audio.encode(part))
        return end

    def _picture(self, number: int) -> Rgb:
        take = self._take
        now = np.array([number / take.fps])
        going = {move: take.amplitude * float(out_and_back(now, begin, take.pace)[0]) for begin, move in self._moves}
        yaw, pitch = (sum(TURNS[Move(move)][axis] * share for move, share in going.items() if move in TURNS) for axis in (0, 1))
        sway = self._sway[:, number]
        pose = Pose(
            yaw=yaw + sway[0],
            pitch=pitch + sway[1],
            roll=sway[2],
            mouth=max(self._loudness(float(now[0])), going.get(Move.OPEN_MOUTH, 0.0)),
            shut=max(float(self._blinks[number]), float(going.get(Move.CLOSE_EYES, 0.0) > 0.4)),
            shift=(float(sway[3]), float(sway[4])),
            nearer=1 + 0.4 * going.get(Move.LEAN_IN, 0.0),
        )
        noisy = self._head.render(pose, self._room) * np.float32(take.light) + self._grain[number % len(self._grain)]
        return np.asarray(np.clip(noisy, 0, 255), np.uint8)

    def _loudness(self, at_s: float) -> float:
        begin = int(at_s * RATE)
        part = self._sound[begin : begin + RATE // self._take.fps].astype(np.float64)
        return float(np.clip(np.sqrt(np.mean(part**2)) / _LOUD, 0, 1)) if len(part) else 0.0


class _Pipe(io.RawIOBase):
    """What a muxer wrote since it was last asked."""

    def __init__(self) -> None:
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._data += data
        return len(data)

    def taken(self) -> bytes:
        data, self._data = bytes(self._data), bytearray()
        return data
