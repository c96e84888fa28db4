"""Clips that must not pass, by species. Each makes its attempt at a challenge as well as its means allow."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from kinora_faces.challenge import Attempt, Challenge, Item, make_challenge

from kinora_testkit.enrolment.filming import Frames, film, lit
from kinora_testkit.enrolment.head import Pose
from kinora_testkit.enrolment.paper import curved, turned
from kinora_testkit.enrolment.people import PEOPLE, head
from kinora_testkit.enrolment.room import room
from kinora_testkit.enrolment.takes import Enrolment, Performance, Take, attempted, genuine, perform, portrayed, stilled
from kinora_testkit.enrolment.voices import RATE


def attack(species: str, challenge: Challenge, take: Take = Take()) -> Enrolment:  # noqa: B008  # frozen
    """The clip of that species of ATTACKS. Raises KeyError for another."""
    return ATTACKS[species](challenge, take)


def _wrong_order(challenge: Challenge, take: Take) -> Enrolment:
    """The right things, each at another's turn."""
    attempt = attempted(challenge, take)
    return _played(attempt, perform(_instead(attempt, challenge.items[1:] + challenge.items[:1]), take), take)


def _old_challenge(challenge: Challenge, take: Take) -> Enrolment:
    """Another challenge's things, live, at this one's moments."""
    attempt = attempted(challenge, take)
    other = _other(challenge).items
    return _played(attempt, perform(_instead(attempt, tuple(other[i % len(other)] for i in range(len(challenge.items)))), take), take)


def _replayed(challenge: Challenge, take: Take) -> Enrolment:
    """The clip that answered another challenge, as it was."""
    return Enrolment(genuine(_other(challenge), take).clip, attempted(challenge, take))


def _static_photo(challenge: Challenge, take: Take) -> Enrolment:
    """A photo held still; the attacker says the words."""
    attempt = attempted(challenge, take)
    return _played(attempt, stilled(perform(attempt, take), lips=False), take)


def _printed(bend: Callable[..., np.ndarray]) -> Callable[[Challenge, Take], Enrolment]:
    def made(challenge: Challenge, take: Take) -> Enrolment:
        attempt = attempted(challenge, take)
        performance = perform(attempt, take)
        photo, behind = head(take.person).render(Pose(), room(take.seed)), room(take.seed + 1)
        frames = (
            lit(bend(photo, pose.yaw, pose.pitch, pose.roll, behind), take.light, take.grain, i) for i, pose in enumerate(performance.poses)
        )
        return _filmed(attempt, frames, performance)

    return made


def _talking_flat(challenge: Challenge, take: Take) -> Enrolment:
    """A screen that shows a talking face is turned as the challenge asks: lips and words agree, the face is flat."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    faces = (head(take.person).render(Pose(mouth=pose.mouth, shut=pose.shut), room(take.seed)) for pose in performance.poses)
    shown = zip(performance.poses, faces, strict=True)
    frames = (
        lit(turned(face, p.yaw, p.pitch, p.roll, room(take.seed + 1)), take.light, take.grain, i) for i, (p, face) in enumerate(shown)
    )
    return _filmed(attempt, frames, performance)


def _too_fast(challenge: Challenge, take: Take) -> Enrolment:
    """Three times as fast as asked: everything is done before it is shown."""
    attempt = attempted(challenge, take)
    hasty = replace(attempt, reveals=tuple(at / 3 for at in attempt.reveals))
    return _played(attempt, perform(hasty, replace(take, pace=3.0)), take)


def _too_slow(challenge: Challenge, take: Take) -> Enrolment:
    """Each thing long after its moment, as by someone who must first have it made."""
    attempt = attempted(challenge, take)
    return _played(attempt, perform(attempt, replace(take, reaction=(3.6, 4.2))), take)


def _two_faces(challenge: Challenge, take: Take) -> Enrolment:
    """Somebody else comes into the picture."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    aside = head(_other_person(take)).render(Pose(shift=(130, 0), nearer=0.75), room(take.seed))
    frames = list(portrayed(replace(performance, poses=[replace(p, shift=(-90.0, 0.0)) for p in performance.poses]), take))
    both = [frame if i < 0.4 * len(frames) else np.hstack([frame[:, :260], aside[:, 260:]]) for i, frame in enumerate(frames)]
    return _filmed(attempt, both, performance)


def _swap(challenge: Challenge, take: Take) -> Enrolment:
    """Another person takes over midway."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    frames = zip(portrayed(performance, take), portrayed(performance, replace(take, person=_other_person(take))), strict=True)
    return _filmed(attempt, [pair[i > 0.5 * len(performance.poses)] for i, pair in enumerate(frames)], performance)


def _other_person(take: Take) -> str:
    return PEOPLE[1 - PEOPLE.index(take.person)]


def _impostor(challenge: Challenge, take: Take) -> Enrolment:
    """Another person than the account's. The caller gives the attempt the enrolled vector of `take.person`."""
    return genuine(challenge, replace(take, person=_other_person(take)))


def _shifted_audio(challenge: Challenge, take: Take) -> Enrolment:
    """The sound is 0.5 to 0.9 s late."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    late = int(RATE * take.random.uniform(0.5, 0.9))
    performance.sound = np.concatenate([performance.sound[:late] * 0, performance.sound])[: len(performance.sound)]
    return _played(attempt, performance, take)


def _dubbed(challenge: Challenge, take: Take) -> Enrolment:
    """The moves are live, the words are another's, the lips rest."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    performance.poses = [replace(pose, mouth=0.0) for pose in performance.poses]
    return _played(attempt, performance, take)


def _silent(challenge: Challenge, take: Take) -> Enrolment:
    """Lips move, nothing is heard."""
    attempt = attempted(challenge, take)
    performance = perform(attempt, take)
    performance.sound *= 0
    return _played(attempt, performance, take)


def _edited_timestamps(challenge: Challenge, take: Take) -> Enrolment:
    """Made at leisure over 1.8 times the time; the frames' times and the sound are then drawn together to fit."""
    attempt = attempted(challenge, take)
    slow = replace(challenge, ends_s=challenge.ends_s * 1.8)
    leisurely = perform(replace(attempt, challenge=slow, reveals=tuple(at * 1.8 for at in attempt.reveals)), replace(take, pace=1 / 1.8))
    times, count = leisurely.times / 1.8, int(len(leisurely.sound) / 1.8)
    sound = leisurely.sound[np.linspace(0, len(leisurely.sound) - 1, count).astype(int)]
    received = replace(attempt, received_s=float(leisurely.times[-1]))
    return Enrolment(film(portrayed(leisurely, take), times, sound), received)


def _other(challenge: Challenge) -> Challenge:
    """Another that shares no word with it and asks for its moves in another order."""
    while True:
        other = make_challenge(challenge.language, challenge.needs)
        if not set(other.words) & set(challenge.words) and other.moves != challenge.moves:
            return other


def _instead(attempt: Attempt, items: tuple[Item, ...]) -> Attempt:
    return replace(attempt, challenge=replace(attempt.challenge, items=items))


def _played(attempt: Attempt, performance: Performance, take: Take) -> Enrolment:
    return _filmed(attempt, portrayed(performance, take), performance)


def _filmed(attempt: Attempt, frames: Frames, performance: Performance) -> Enrolment:
    return Enrolment(film(frames, performance.times, performance.sound), attempt)


ATTACKS: dict[str, Callable[[Challenge, Take], Enrolment]] = {
    "wrong order": _wrong_order,
    "old challenge": _old_challenge,
    "replayed session": _replayed,
    "static photo": _static_photo,
    "turned flat photo": _printed(turned),
    "turned talking screen": _talking_flat,
    "curved print": _printed(curved),
    "too fast": _too_fast,
    "too slow": _too_slow,
    "two faces": _two_faces,
    "swap midway": _swap,
    "other person": _impostor,
    "shifted audio": _shifted_audio,
    "dubbed": _dubbed,
    "silent": _silent,
    "edited timestamps": _edited_timestamps,
}
