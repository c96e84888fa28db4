"""What happened in a clip, as plain data for JSON. Times are seconds of the clip, rounded to the tenth of a millisecond."""

from collections.abc import Iterator
from typing import Any

from kinora_world.render import Clip, Scene


def events(clip: Clip) -> dict[str, Any]:
    """Size, cuts, words, contacts and footfalls."""
    return {
        "version": "1",
        "width": clip.width,
        "height": clip.height,
        "fps": clip.fps,
        "frames": clip.n_frames,
        "cuts": [_time(scene.start) for scene in clip.scenes[1:]],
        "words": [
            {"time": _time(line.start + time), "speaker": line.speaker, "word": word} for line in clip.lines for time, word in line.words
        ],
        "contacts": [contact for scene in clip.scenes for contact in _contacts(scene)],
        "footfalls": [step for scene in clip.scenes for step in _footfalls(scene)],
    }


def _contacts(scene: Scene) -> Iterator[dict[str, Any]]:
    for contact in scene.motion.contacts:
        yield {
            "time": _time(scene.start + contact.time),
            "names": contact.names,
            "materials": contact.materials,
            "impulse": round(contact.impulse, 4),
            "position": [round(x, 3) for x in contact.position],
        }


def _footfalls(scene: Scene) -> Iterator[dict[str, Any]]:
    for name, performance in scene.performances.items():
        for step in performance.footfalls:
            place = [round(float(x), 3) for x in step.position]
            yield {"time": _time(scene.start + step.time), "character": name, "position": place, "strength": round(step.strength, 3)}


def _time(seconds: float) -> float:
    return round(float(seconds), 4)
