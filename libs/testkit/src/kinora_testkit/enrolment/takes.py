"""One person before a camera: what is asked becomes motion and speech, and a clip."""

from dataclasses import dataclass, replace

import numpy as np
from kinora_faces.challenge import Attempt, Challenge, Move
from kinora_faces.landmarks import F8

from kinora_testkit.enrolment.filming import Frames, film, lit
from kinora_testkit.enrolment.head import Pose
from kinora_testkit.enrolment.people import head
from kinora_testkit.enrolment.room import room
from kinora_testkit.enrolment.voices import F4, RATE, envelope, say

TURNS = {Move.LEFT: (26, 0), Move.RIGHT: (-26, 0), Move.UP: (0, 17), Move.DOWN: (0, -17)}
_TAIL_S = 0.3


@dataclass(frozen=True)
class Take:
    """Who does it, how, and in what light. `amplitude` scales the moves, `light` the brightness; `grain` is the sensor's noise (of 255).

    reaction: seconds from a reveal to the beginning; pace: how fast moves are made; noise_db: speech over the room's noise.
    """

    seed: int = 0
    person: str = "eileen"
    voice: str = "en-us+f3"
    amplitude: float = 1.0
    light: float = 1.0
    grain: float = 3.0
    noise_db: float = 30.0
    fps: int = 15
    reaction: tuple[float, float] = (0.3, 0.6)
    pace: float = 1.0

    @property
    def random(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


@dataclass(frozen=True)
class Enrolment:
    """A clip as it would arrive, and what the server noted meanwhile."""

    clip: bytes
    attempt: Attempt


@dataclass
class Performance:
    """Poses at the frames' times (n,), and the sound (samples,) at `voices.RATE`."""

    times: F8
    poses: list[Pose]
    sound: F4


def genuine(challenge: Challenge, take: Take = Take()) -> Enrolment:  # frozen
    """Someone does what is asked when it is asked."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    return Enrolment(film(portrayed(performance, take), performance.times, performance.sound), attempt)


def attempted(challenge: Challenge, take: Take) -> Attempt:
    """Items are shown a little late, as over a network; the capture ends a moment after the last one's time."""
    late = take.random.uniform(0, 0.15, len(challenge.items))
    reveals = tuple(float(item.after_s + delay) for item, delay in zip(challenge.items, late, strict=True))
    return Attempt(challenge, reveals, challenge.ends_s + _TAIL_S + float(take.random.uniform(-0.1, 0.2)))


def perform(attempt: Attempt, take: Take) -> Performance:
    random, ends_s = take.random, attempt.challenge.ends_s + _TAIL_S
    times = np.arange(int(ends_s * take.fps)) / take.fps
    sound = np.zeros(int(ends_s * RATE), np.float32)
    yaw, pitch, gape, shut, lean = np.zeros((5, len(times)))
    for item, revealed in zip(attempt.challenge.items, attempt.reveals, strict=True):
        begin = revealed + random.uniform(*take.reaction)
        if item.word:
            place(sound, say(item.word, take.voice), begin)
            continue
        going = take.amplitude * out_and_back(times, begin, take.pace)
        turn = TURNS.get(item.move or Move.LEFT, (0, 0))
        yaw, pitch = yaw + turn[0] * going, pitch + turn[1] * going
        gape, shut = gape + (item.move == Move.OPEN_MOUTH) * going, shut + (item.move == Move.CLOSE_EYES) * (going > 0.4)
        lean = lean + (item.move == Move.LEAN_IN) * 0.4 * going
    shut = np.maximum(shut, blinks(times, random))
    mouth = np.maximum(envelope(sound, times) * 0.9, gape)
    sway = [swaying(len(times), random, size) for size in (1.0, 0.8, 1.0, 1.6, 1.6)]
    columns = zip(yaw + sway[0], pitch + sway[1], sway[2], mouth, shut, zip(sway[3], sway[4], strict=True), 1 + lean, strict=True)
    poses = [Pose(*column) for column in columns]
    noise = random.normal(0, 10 ** (-take.noise_db / 20) * 0.1, len(sound)).astype(np.float32)
    return Performance(times, poses, sound + noise)


def portrayed(performance: Performance, take: Take) -> Frames:
    """The person's pictures."""
    background = room(take.seed)
    return (lit(head(take.person).render(pose, background), take.light, take.grain, i) for i, pose in enumerate(performance.poses))


def stilled(performance: Performance, *, lips: bool = True) -> Performance:
    """Without the head's motion; with `lips` off, the mouth rests too."""
    return replace(performance, poses=[Pose(mouth=pose.mouth if lips else 0.0) for pose in performance.poses])


def place(sound: F4, speech: F4, begin: float) -> None:
    at = int(begin * RATE)
    part = speech[: max(0, len(sound) - at)]
    sound[at : at + len(part)] += part


def out_and_back(times: F8, begin: float, pace: float) -> F8:
    """0 to 1 in 0.4 s, held for 0.35 s, back in 0.4 s."""

    def smooth(start: float) -> F8:
        share = np.clip((times - start) * pace / 0.4, 0, 1)
        return np.asarray(share * share * (3 - 2 * share))

    return np.asarray(smooth(begin) - smooth(begin + 0.75 / pace))


def blinks(times: F8, random: np.random.Generator) -> F8:
    at = np.cumsum(random.uniform(2.0, 4.0, 12))
    return np.asarray(np.max([np.clip(1.6 - np.abs(times - moment) / 0.09, 0, 1) for moment in at], axis=0))


def swaying(count: int, random: np.random.Generator, size: float) -> F8:
    window = np.hanning(17) / np.hanning(17).sum()
    return np.asarray(3 * np.convolve(random.normal(0, size, count + 16), window, "valid"))
