"""Stretches of whole-body motion, each placed on the stage: standing, turning, travelling, clips."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.bodies import posed
from kinora_world.motion.catalogue import ActionKind, postures
from kinora_world.motion.clips import FittedClip, fit
from kinora_world.motion.idle import curl, stand
from kinora_world.motion.paths import Path
from kinora_world.motion.timing import natural_times
from kinora_world.motion.track import Track, blended, smooth
from kinora_world.scene import F8, Performance

_TURNING = np.radians(210)  # a second
_BACK = 1.22  # how high an animal's back is, times its spine


@dataclass(frozen=True, slots=True)
class Spot:
    """Where someone stands and faces, and how. `height` is that of the surface under them, metres."""

    place: tuple[float, float]
    heading: float  # radians
    height: float = 0.0
    posture: str = "stand"


@dataclass(frozen=True, slots=True)
class Segment:
    """Motion from `start` to `end`; `sample` also answers a little outside, for blending."""

    start: float
    end: float
    sample: Callable[[F8], Track]
    first: Spot
    last: Spot
    blend: float = 0.28
    verb: str = "stand"
    phase: Callable[[F8], F8] | None = None  # passes of a travel's clip by time

    def spot(self, time: float) -> Spot:
        """Roughly where, between both ends."""
        share = float(np.clip((time - self.start) / max(self.end - self.start, 1e-6), 0, 1))
        a, b = self.first, self.last
        place = (a.place[0] + (b.place[0] - a.place[0]) * share, a.place[1] + (b.place[1] - a.place[1]) * share)
        latter = b if share >= 1 else a
        height = a.height + (b.height - a.height) * share
        return Spot(place, a.heading + turn_between(a.heading, b.heading) * share, height, latter.posture)


def turn_between(a: float, b: float) -> float:
    """The shorter turn from heading `a` to `b`, radians."""
    return float(np.arctan2(np.sin(b - a), np.cos(b - a)))


def heading_to(place: tuple[float, float], target: tuple[float, float]) -> float:
    """Facing `target`; 0 is towards the audience (-Y)."""
    return float(np.arctan2(target[0] - place[0], place[1] - target[1]))


def turning_time(angle: float) -> float:
    return float(np.clip(abs(angle) / _TURNING, 0.3, 1.1))


def standing(skeleton: Skeleton, person: str, spot: Spot, start: float, end: float) -> Segment:
    """Staying at a spot in its posture."""
    return Segment(start, end, lambda times: _resting(skeleton, person, spot, times), spot, spot)


def _resting(skeleton: Skeleton, person: str, spot: Spot, times: F8) -> Track:
    place, heading = np.tile(np.array(spot.place), (len(times), 1)), np.full(len(times), spot.heading)
    if spot.posture == "stand":
        return stand(skeleton, person, times, place, heading)
    return posed(skeleton, person, postures()[spot.posture], times, place, heading, np.full(len(times), spot.height))


def settling(skeleton: Skeleton, person: str, spot: Spot, into: Spot, start: float, length: float) -> Segment:
    """From one posture into the next; the trunk bends on the way where the posture wants it."""
    known = postures()
    drop = into.posture in known and known[into.posture].drop
    dip = np.radians(max(known[s.posture].dip if s.posture in known else 0.0 for s in (spot, into))) / 3

    def sample(times: F8) -> Track:
        share = np.clip((times - start) / length, 0, 1)
        eased = share**2 if drop else smooth(share)
        track = blended(_resting(skeleton, person, spot, times), _resting(skeleton, person, into, times), eased)
        lean = qt.about("x", dip * np.sin(np.pi * smooth(share)))
        for bone in ("Spine", "Spine1", "Spine2"):
            track.turns[:, skeleton.index(bone)] = qt.times(lean, track.turns[:, skeleton.index(bone)])
        return track

    return Segment(start, start + length, sample, spot, into, 0.12, "settle")


def stepping(skeleton: Skeleton, person: str, spot: Spot, into: Spot, start: float) -> Segment:
    """A small step or two to another spot, for which a walk would be too much."""
    way = np.array(into.place) - spot.place
    turn = turn_between(spot.heading, into.heading)
    length = max(0.55 + float(np.linalg.norm(way)), turning_time(turn))

    def sample(times: F8) -> Track:
        share = smooth((times - start) / length)
        return stand(skeleton, person, times, spot.place + share[:, None] * way, spot.heading + turn * share)

    return Segment(start, start + length, sample, spot, into, 0.1, "step")


def riding(kind: ActionKind, skeleton: Skeleton, person: str, spot: Spot, path: Path, start: float, length: float, rise: float) -> Segment:
    """Along a path in a posture, on wheels, on water, in the air or up a wall; `rise` is in metres."""
    posture = postures()[str(kind.posture)]
    turn = turn_between(spot.heading, float(path.headings[0]))
    ramp = min(0.9, length / 3) if start > 0 else 0.02  # found on the way, one has no need to start

    def sample(times: F8) -> Track:
        since = times - start
        done = (_ramped(since / ramp) - _ramped((since - length + 0.9) / 0.9) * 0.9 / ramp) * ramp / (length - ramp / 2 - 0.45)
        done = np.clip(done, 0, 1)
        facing = spot.heading + turn * smooth(since / 0.7) + path.heading(done * path.length) - path.headings[0]
        height = spot.height + rise * (done if kind.climb else smooth(since / 1.4))
        return posed(skeleton, person, posture, times, path.place(done * path.length), facing, height)

    end = (float(path.points[-1, 0]), float(path.points[-1, 1]))
    last = Spot(end, float(path.headings[-1]), spot.height + rise, str(kind.posture))
    return Segment(start, start + length, sample, spot, last, 0.4, kind.verb)


def turning(skeleton: Skeleton, person: str, spot: Spot, heading: float, start: float) -> Segment:
    angle = turn_between(spot.heading, heading)
    length = turning_time(angle)
    place = np.array(spot.place)

    def sample(times: F8) -> Track:
        facing = spot.heading + angle * smooth((times - start) / length)
        return stand(skeleton, person, times, np.tile(place, (len(times), 1)), facing)

    return Segment(start, start + length, sample, spot, Spot(spot.place, heading), 0.1, "turn")


def travelling(
    kind: ActionKind, skeleton: Skeleton, person: str, spot: Spot, path: Path, start: float, requested: float | None, tempo: float = 1.0
) -> Segment:
    """Walk or run along a path, turning into it; at natural pace times `tempo`, or faster or slower to be there in time."""
    clip = fit(kind.clip or kind.verb, skeleton)
    stride = float(np.linalg.norm(clip.stride))
    passes = max(1, round(2 * path.length / stride)) / 2  # ends as it began: one foot beside the other
    angle = turn_between(spot.heading, float(path.headings[0]))
    wait = max(0.0, abs(angle) - 0.9) / _TURNING
    natural = stride / clip.duration * (kind.speed or 1.0) * tempo
    ramp = min(0.45, 0.9 * path.length / natural + 0.1)
    pace = natural
    if requested is not None and requested > wait + ramp:
        pace *= float(np.clip(path.length / (requested - wait - ramp) / natural, 0.6, 1.45))
    cruise = max(path.length / pace, ramp)  # seconds from the middle of one ramp to that of the other
    length = wait + cruise + ramp

    def travelled(times: F8) -> F8:
        since = times - start - wait
        return np.clip((_ramped(since / ramp) - _ramped((since - cruise) / ramp)) * ramp / cruise, 0, 1)

    def sample(times: F8) -> Track:
        since = times - start - wait
        speed = smooth(since / ramp) * smooth((cruise + ramp - since) / ramp)
        done = travelled(times)
        turned = smooth((times - start) / (wait + 0.45 if abs(angle) > 0.05 else 0.1))
        facing = spot.heading + angle * turned + path.heading(done * path.length) - path.headings[0]
        place = path.place(done * path.length)
        moving = _placed(skeleton, *clip.looping(clip.passing + done * passes), place, facing)
        return blended(stand(skeleton, person, times, place, facing), moving, speed**0.4)

    def phase(times: F8) -> F8:
        return clip.passing + travelled(times) * passes

    end = (float(path.points[-1, 0]), float(path.points[-1, 1]))
    return Segment(start, start + length, sample, spot, Spot(end, float(path.headings[-1])), 0.12, kind.verb, phase)


def mounted(kind: ActionKind, skeleton: Skeleton, person: str, steed: Performance, start: float, length: float) -> Segment:
    """On an animal's back, wherever it goes."""
    posture = postures()[str(kind.posture)]

    def sample(times: F8) -> Track:
        hips, loin, withers = (np.array([steed.joint(name, time) for time in times]) for name in ("Hips", "Spine", "Spine2"))
        saddle = loin * 0.7 + withers * 0.3
        way = withers - hips
        heading = np.unwrap(np.arctan2(way[:, 0], -way[:, 1]))
        return posed(skeleton, person, posture, times, saddle[:, :2], heading, saddle[:, 2] * _BACK)

    def spot(time: float) -> Spot:
        track = sample(np.array([time]))
        x, y, z = track.hips[0]
        return Spot((float(x), float(y)), float(track.heading[0]), float(z) - posture.hips[2] * 0.82, str(kind.posture))

    return Segment(start, start + length, sample, spot(start), spot(start + length), 0.4, kind.verb)


def _ramped(u: F8) -> F8:
    """The integral of `smooth`."""
    v = np.clip(u, 0, 1)
    return np.asarray(v**4 * (v * v - 3 * v + 2.5) + np.maximum(u - 1, 0))


def _placed(skeleton: Skeleton, turns: F8, hips: F8, grounded: F8, place: F8, facing: F8) -> Track:
    yaw = qt.about("z", facing)
    turns = turns.copy()
    turns[:, 0] = qt.times(yaw, turns[:, 0])
    for side in ("Left", "Right"):
        curl(turns, skeleton, side, 0.32)
    spread(turns, skeleton)
    cos, sin = np.cos(facing), np.sin(facing)
    moved = np.column_stack(
        [place[:, 0] + cos * hips[:, 0] - sin * hips[:, 1], place[:, 1] + sin * hips[:, 0] + cos * hips[:, 1], hips[:, 2]]
    )
    return Track(turns, moved, np.asarray(facing, np.float64).copy(), grounded.copy(), np.ones(len(moved)), np.zeros((len(moved), 3)))


def spread(turns: F8, skeleton: Skeleton) -> None:
    """Hold recorded arms out by the body's own width where they hang."""
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        arm = skeleton.index(f"{side}Arm")
        hanging = np.clip(-qt.matrix(turns[:, arm])[:, 2, 2] * -1, 0, 1)  # how far the arm points down
        turns[:, arm] = qt.times(qt.about("y", -sign * 0.6 * skeleton.clearance * hanging), turns[:, arm])


def playing(kind: ActionKind, skeleton: Skeleton, spot: Spot, start: float, length: float) -> Segment:
    """A recorded clip from where someone stands."""
    clip = fit(kind.clip or kind.verb, skeleton, kind.aside)
    natural = kind.model_copy(update={"duration": clip.duration})

    def sample(times: F8) -> Track:
        turns, hips, grounded = clip.at(natural_times(natural, times - start, length))
        count = len(times)
        grounded = grounded * (kind.posture is None)  # who is down on the floor does not stand
        return _placed(skeleton, turns, hips, grounded, np.tile(spot.place, (count, 1)), np.full(count, spot.heading))

    return Segment(
        start, start + length, sample, spot, _end(clip, spot, float(np.radians(kind.aside)), kind.posture or "stand"), 0.25, kind.verb
    )


def _end(clip: FittedClip, spot: Spot, aside: float, posture: str) -> Spot:
    cos, sin = np.cos(spot.heading), np.sin(spot.heading)
    x, y = clip.hips[-1, :2]
    turned = float(qt.heading(clip.turns[-1, 0])) + aside
    return Spot((spot.place[0] + cos * x - sin * y, spot.place[1] + sin * x + cos * y), spot.heading + turned, spot.height, posture)


def twirling(kind: ActionKind, skeleton: Skeleton, person: str, spot: Spot, start: float, length: float) -> Segment:
    """Once around on the left foot; arms and the lifted leg are the gesture's."""
    _, placed = skeleton.forward(np.broadcast_to(np.eye(3), (len(skeleton.bones), 3, 3)), skeleton.offsets[0])
    pivot = placed[skeleton.index("LeftToeBase"), :2]
    place = np.array(spot.place)

    def turned(facing: F8) -> F8:
        cos, sin = np.cos(facing), np.sin(facing)
        return np.column_stack([cos * pivot[0] - sin * pivot[1], sin * pivot[0] + cos * pivot[1]])

    def sample(times: F8) -> Track:
        done = natural_times(kind, times - start, length) / kind.duration
        round_ = 2 * np.pi * smooth((done - 0.08) / 0.82)
        facing = spot.heading + round_
        share = (smooth(done / 0.15) * smooth((1 - done) / 0.15))[:, None]
        around = place + turned(np.full(len(times), spot.heading)) - turned(facing)
        track = stand(skeleton, person, times, around * share + place * (1 - share), facing)
        track.free[:] = 1.0
        return track

    return Segment(start, start + length, sample, spot, spot, 0.1, kind.verb)


def assembled(segments: list[Segment], times: F8) -> Track:
    """Segments in order of their start, each blended into what was before, itself perhaps still a blend."""
    track = segments[0].sample(times)
    for segment in segments[1:]:
        fading = (times >= segment.start) & (times < segment.start + segment.blend)
        after = times >= segment.start
        rows = segment.sample(times[after])
        inside = fading[after]
        if inside.any():
            share = smooth((times[fading] - segment.start) / segment.blend)
            mixed = blended(track.part(fading), rows.part(inside), share)
            for name in ("turns", "hips", "heading", "grounded", "free", "shift"):
                getattr(rows, name)[inside] = getattr(mixed, name)
        for name in ("turns", "hips", "heading", "grounded", "free", "shift"):
            getattr(track, name)[after] = getattr(rows, name)
    return track
