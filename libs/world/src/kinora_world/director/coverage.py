"""A conversation of several turns is seen as films show it: both first, then each who speaks, from the same side of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kinora_world.director.draft import Deed, Draft, ShotDraft, Speech, View
from kinora_world.director.timing import needed

_MOST_SHOTS = 24
_LEAST_TURNS = 3  # fewer stay in one view
_LEAST_S = 2.0  # seconds of a view
_OPENING_REVERSES = 3  # views over the shoulder before the camera goes closer
_PAIR = 2


def cover(draft: Draft, seconds: float) -> None:
    """Cuts conversations into views while there is time for each."""
    shots: list[ShotDraft] = []
    for number, shot in enumerate(draft.shots):
        turns = list(_turns(shot))
        room = _MOST_SHOTS - len(shots) - (len(draft.shots) - number) + 1
        if _is_conversation(shot, turns) and len(turns) <= min(room, seconds / _LEAST_S - len(draft.shots) + 1):
            shots.extend(_views(shot, turns))
        else:
            shots.append(shot)
    draft.shots[:] = shots


def _turns(shot: ShotDraft) -> Iterator[list[Deed | Speech]]:
    """Happenings from one change of speaker to the next."""
    turn: list[Deed | Speech] = []
    speaker: int | None = None
    for what in shot.happenings:
        if isinstance(what, Speech) and speaker is not None and what.speaker != speaker and not what.together:
            yield turn
            turn = []
        speaker = what.speaker if isinstance(what, Speech) else speaker
        turn.append(what)
    if turn:
        yield turn


def _is_conversation(shot: ShotDraft, turns: Sequence[Sequence[Deed | Speech]]) -> bool:
    view = shot.camera
    asked = view.move is not None or view.framing is not None
    return not asked and len(turns) >= _LEAST_TURNS and needed(shot) >= _LEAST_S * len(turns) * 0.6


def _views(shot: ShotDraft, turns: Sequence[list[Deed | Speech]]) -> Iterator[ShotDraft]:
    pair = len(shot.people) == _PAIR
    for number, turn in enumerate(turns):
        speaker = next((what.speaker for what in turn if isinstance(what, Speech)), None)
        view = View() if number == 0 or speaker is None else _near(speaker, reverse=pair and number <= _OPENING_REVERSES)
        first = number == 0
        turn[0].together = False
        yield replace(
            shot,
            camera=replace(view, lens_mm=shot.camera.lens_mm, shallow=shot.camera.shallow),
            happenings=turn,
            sounds=shot.sounds if first else [],
            transition=shot.transition if first else None,
            tokens=shot.tokens if first else [],
            people=list(shot.people),
            things=list(shot.things),
        )


def _near(speaker: int, *, reverse: bool) -> View:
    return View(move="over_the_shoulder" if reverse else None, framing="medium" if reverse else "close", subject=("person", speaker))
