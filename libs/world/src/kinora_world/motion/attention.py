"""Who speaks to whom, and where everybody looks."""

from collections.abc import Sequence

from kinora_world.motion.gaze import Glance
from kinora_world.motion.timeline import Timeline
from kinora_world.scene import SpokenLine


def listener(line: SpokenLine, lines: Sequence[SpokenLine], people: list[str]) -> str | None:
    """Whoever spoke last before, else who speaks next, else the only other one."""
    others = [other for other in lines if other.speaker != line.speaker and other.speaker in people]
    before, after = [o for o in others if o.start <= line.start], [o for o in others if o.start > line.start]
    if before or after:
        return before[-1].speaker if before else after[0].speaker
    rest = [p for p in people if p != line.speaker]
    return rest[0] if len(rest) == 1 else None


def glances(line: Timeline, lines: Sequence[SpokenLine], people: list[str]) -> list[Glance]:
    """At whoever speaks, at whom one speaks with, at what one acts on; the later in the list wins."""
    me = line.person
    found = [Glance(spoken.start + 0.2, spoken.end + 0.4, spoken.speaker, 0.85) for spoken in lines if spoken.speaker != me]
    for spoken in lines:
        whom = listener(spoken, lines, people)
        if spoken.speaker == me and whom:
            found.append(Glance(spoken.start - 0.2, spoken.end + 0.3, whom, 0.9))
    for doing in line.doings:
        held = doing.kind.manner in ("throw", "shoot", "drop") or doing.kind.thing is not None
        target = doing.partner or doing.action.target or (None if held else doing.action.prop)
        if target and target != me and (doing.kind.kind != "posture"):
            weight = 0.0 if doing.kind.unseeing else 1.0
            found.append(Glance(doing.start - 0.25, doing.end + (0.8 if doing.kind.release else 0.2), target, weight))
    return found
