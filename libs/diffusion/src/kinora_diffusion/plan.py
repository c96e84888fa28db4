"""A storyboard becomes shots to take: how many frames of each, from which noise, and what steers it."""

from dataclasses import dataclass, replace
from hashlib import blake2b

from kinora.engine.v1.engine_pb2 import RenderRequest
from kinora_engine.contract import Picture, Refused
from kinora_world.likeness import as_enrolled
from kinora_world.storyboard import Shot, Storyboard

from kinora_diffusion.contract import Keyframe, Pipeline, ShotAsked, Take
from kinora_diffusion.given import Given, portrait
from kinora_diffusion.prompts import prompt
from kinora_diffusion.takes import Film

CHANGED_STRENGTH = 0.6  # how closely a remix keeps what it changes, where nobody says
_SAME_S = 0.01  # shots that differ by less have the same length


@dataclass(frozen=True, eq=False)
class Planned:
    """One shot. `shown` of its frames are in the film; `kept` is a take that is there already; `goes_on` from the take before."""

    shot: Shot
    shown: int
    asked: ShotAsked
    kept: Take | None = None
    goes_on: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    storyboard: Storyboard  # with the cast's own colours, where their likenesses are given
    shots: tuple[Planned, ...]
    notes: tuple[str, ...]  # what people should know of it, in sentences


def plan(storyboard: Storyboard, asked: RenderRequest, given: Given, pipeline: Pipeline) -> Plan:
    """Raises Refused when a take does not fit the storyboard or the size."""
    storyboard = as_enrolled(storyboard, given.likenesses)
    shots = tuple(
        Planned(shot, shown, _asked(storyboard, number, shown, asked, given, pipeline))
        for number, (shot, shown) in enumerate(zip(storyboard.shots, _shown(storyboard, asked.fps), strict=True))
    )
    notes = [
        f"{handle} is shown by a stand-in: no likeness of it was given." for handle in sorted(storyboard.handles - {*given.likenesses})
    ]
    shots = _with_pictures(shots, given, asked.fps)
    if given.finish:
        shots = _finished(shots, given.finish, asked)
    elif given.extend:
        shots = _extended(shots, given.extend, asked)
    elif given.remix:
        shots, told = _remixed(shots, given.remix, given.remix_strength or CHANGED_STRENGTH)
        notes += told
    return Plan(storyboard, shots, tuple(notes))


def _shown(storyboard: Storyboard, fps: int) -> list[int]:
    """Frames of each shot; together they last as long as the clip, to the frame."""
    counts, end, first = [], 0.0, 0
    for shot in storyboard.shots:
        end += shot.duration
        counts.append(round(end * fps) - first)
        first += counts[-1]
    return counts


def _asked(storyboard: Storyboard, number: int, shown: int, asked: RenderRequest, given: Given, pipeline: Pipeline) -> ShotAsked:
    shot = storyboard.shots[number]
    return ShotAsked(
        prompt=prompt(storyboard, shot),
        negative_prompt=asked.negative_prompt,
        width=asked.width,
        height=asked.height,
        frames=pipeline.frames(shown / asked.fps),
        seed=seed(storyboard.seed, number),
        few_steps=asked.draft,
        references=_references(storyboard, shot, given),
        loras=tuple(asked.loras),
    )


def seed(film: int, number: int) -> int:
    """Of a shot: its own, and always the same. 0 to 2^63 - 1."""
    return int.from_bytes(blake2b(f"{film}/{number}".encode(), digest_size=8).digest(), "big") >> 1


def _references(storyboard: Storyboard, shot: Shot, given: Given) -> tuple[Picture, ...]:
    """Of those in the shot, its subject first."""
    people = {person.id: person.handle for person in storyboard.characters}
    present = {mark.character: people[mark.character] for mark in shot.marks} | {prop.id: prop.handle for prop in shot.props}
    first_subject = sorted(present, key=lambda name: name != shot.camera.subject)
    handles = dict.fromkeys(present[name] or "" for name in first_subject)
    return tuple(portrait(given.likenesses[handle]) for handle in handles if handle in given.likenesses)


def _with_pictures(shots: tuple[Planned, ...], given: Given, fps: int) -> tuple[Planned, ...]:
    keys: list[list[Keyframe]] = [[] for _ in shots]
    total = sum(planned.shown for planned in shots)
    for shown in given.pictures:
        frame = total - 1 if shown.at_s is None else min(total - 1, round(shown.at_s * fps))
        number = 0
        while frame >= shots[number].shown:
            frame -= shots[number].shown
            number += 1
        at_end = shown.at_s is None and shots[number].asked.frames - 1 <= frame + 1
        keys[number].append(Keyframe(shown.picture, -1 if at_end else frame, shown.strength))
    return tuple(replace(p, asked=replace(p.asked, keyframes=tuple(found))) for p, found in zip(shots, keys, strict=True))


def _finished(shots: tuple[Planned, ...], film: Film, asked: RenderRequest) -> tuple[Planned, ...]:
    about = film.about
    if (about.width * 2, about.height * 2) != (asked.width, asked.height):
        raise Refused(
            "take_size", f"the draft has {about.width}x{about.height} pixels; it is finished at twice that, not at {_size(asked)}"
        )
    if len(film.takes) != len(shots) or not all(_same(p, film, n) for n, p in enumerate(shots)):
        raise Refused(
            "take_of_another_film", "the draft's take has other shots than the storyboard: finish a draft with its own storyboard"
        )
    return tuple(replace(p, asked=replace(p.asked, draft=take)) for p, take in zip(shots, film.takes, strict=True))


def _extended(shots: tuple[Planned, ...], film: Film, asked: RenderRequest) -> tuple[Planned, ...]:
    about, count = film.about, len(film.takes)
    if (about.width, about.height) != (asked.width, asked.height):
        raise Refused("take_size", f"the film has {about.width}x{about.height} pixels and goes on in that size, not in {_size(asked)}")
    if count >= len(shots) or not all(_same(p, film, n) for n, p in enumerate(shots[:count])):
        raise Refused("take_of_another_film", f"the storyboard must begin with the {count} shots of the film, and go on with others")
    kept = tuple(replace(p, kept=take) for p, take in zip(shots[:count], film.takes, strict=True))
    first = shots[count]
    return (*kept, replace(first, goes_on=_goes_on(shots[count - 1].shot, first.shot)), *shots[count + 1 :])


def _goes_on(before: Shot, shot: Shot) -> bool:
    """The camera may keep running: the same place and time, somebody who is still there or nobody at all, and no other transition."""
    cast, then = ({mark.character for mark in each.marks} for each in (before, shot))
    same_scene = (before.place, before.time_of_day, before.style) == (shot.place, shot.time_of_day, shot.style)
    return same_scene and shot.transition == "cut" and (bool(cast & then) or not (cast or then))


def _remixed(shots: tuple[Planned, ...], film: Film, strength: float) -> tuple[tuple[Planned, ...], list[str]]:
    """Shots that have kept their length are changes of what was filmed; the others are new."""
    changed = tuple(
        replace(p, asked=replace(p.asked, changed=film.takes[number], changed_strength=strength)) if _same(p, film, number) else p
        for number, p in enumerate(shots)
    )
    new = [str(number + 1) for number, p in enumerate(changed) if p.asked.changed is None]
    told = f"Shot {' and '.join(new)} is filmed anew: its length is not that of the film that is changed."
    return changed, [
        told.replace("Shot", "Shots").replace(" is filmed anew: its", " are filmed anew: their") if len(new) > 1 else told
    ] if new else []


def _same(planned: Planned, film: Film, number: int) -> bool:
    if number >= len(film.takes):
        return False
    return abs(film.about.shots[number].seconds - planned.shot.duration) < _SAME_S and film.takes[number].frames == planned.asked.frames


def _size(asked: RenderRequest) -> str:
    return f"{asked.width}x{asked.height}"
