"""The camera of a shot: as asked, else as the content wants it: near for talk, along for travel, wide for scenery."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from kinora_world.director.draft import Deed, Ref, ShotDraft, Speech
from kinora_world.director.equipping import entry
from kinora_world.director.timing import Timed, travels
from kinora_world.storyboard import LAUNCHES, Camera

_AFTER = frozenset({"chase", "follow"})
_WHOLE_BODY = frozenset(
    {
        *("push", "dance", "ballet", "backflip", "frontflip", "cartwheel", "jump", "hop", "spin", "handstand", "fall", "faint", "roll"),
        *("karate_kick", "spin_kick", "yoga", "stretch", "push_ups", "sit_ups", "jumping_jacks", "squats", "lunges"),
    }
)
_FACES = frozenset({"close", "extreme_close"})
_ALONG = 2  # people whom a following camera keeps together
_NEAR_GROUP = 3  # people who still fit a view from the waist up


def camera(shot: ShotDraft, timed: Sequence[Timed], named: Callable[[Ref | None], str | None], *, beasts: bool = False) -> Camera:
    """`named` gives the id of whom or what is in the shot. Where there are `beasts`, all of everybody is seen."""
    view = shot.camera
    if view.framing in _FACES and view.subject is None and _at_things(timed):
        view = replace(view, framing="full")  # what is looked at closely is what is done
    usual = _usual(shot, timed, named) | ({"move": "static"} if view.framing else {})  # a framing that is asked for stands still
    if beasts and usual.get("framing") == "medium":
        usual["framing"] = "full"
    if usual.get("framing") == "medium" and shot.relations and all(isinstance(entry.what, Deed) for entry in timed):
        usual["framing"] = "full"  # who is where is to be seen
        usual.pop("subject", None)
    if view.move and view.move not in {"follow", "static"}:
        usual.pop("subject", None)
    asked: dict[str, Any] = {
        "move": view.move,
        "framing": view.framing,
        "subject": named(view.subject),
        "other": named(view.other),
        "lens_mm": view.lens_mm,
        "shallow": view.shallow or None,
    }
    return Camera.model_validate({**usual, **{key: value for key, value in asked.items() if value is not None}})


def _at_things(timed: Sequence[Timed]) -> bool:
    """Nobody is worth a close look: they only push things, without a word."""
    return bool(timed) and all(isinstance(entry.what, Deed) and entry.what.verb == "push" for entry in timed)


def _usual(shot: ShotDraft, timed: Sequence[Timed], named: Callable[[Ref | None], str | None]) -> dict[str, Any]:
    deeds = [entry.what for entry in timed if isinstance(entry.what, Deed)]
    speakers = {entry.what.speaker for entry in timed if isinstance(entry.what, Speech)}
    actors = {actor for deed in deeds for actor in deed.actors}
    actors |= {deed.target[1] for deed in deeds if deed.target is not None and deed.target[0] == "person"}
    verbs = {deed.verb for deed in deeds}
    if not shot.people:
        return {"move": "dolly_in" if shot.things else "pan", "framing": "wide"}
    if verbs & LAUNCHES:
        return {"move": "follow" if verbs & _AFTER else "pan", "framing": "full"}
    if any(deed.mutual and deed.verb in travels() for deed in deeds):
        return {"move": "follow", "framing": "medium"}
    if verbs & travels() and len(actors) <= _ALONG:
        company = actors >= set(shot.people)  # who all go together are all seen
        return {"move": "follow", "framing": "full", "subject": None if company else named(("person", min(deeds[0].actors)))}
    if verbs & _WHOLE_BODY or any(
        deed.target is not None and deed.target[0] == "thing" and not entry(deed.verb).get("posture") for deed in deeds
    ):
        return {"move": "static" if len(actors) > 1 else "dolly_in", "framing": "full"}
    return _by_company(shot, speakers, actors, named)


def _by_company(shot: ShotDraft, speakers: set[int], actors: set[int], named: Callable[[Ref | None], str | None]) -> dict[str, Any]:
    """Faces fill the picture as far as the company leaves room."""
    alone = speakers | actors if len(speakers | actors) == 1 else set(shot.people) if len(shot.people) == 1 else set()
    if alone:
        return {"move": "dolly_in", "framing": "medium", "subject": named(("person", min(alone)))}
    framing = "medium" if len(shot.people) <= _NEAR_GROUP else "full"
    return {"move": "dolly_in" if speakers else "static", "framing": framing}
