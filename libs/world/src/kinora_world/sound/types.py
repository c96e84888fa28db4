"""What the mixer hears of one shot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kinora_world.scene import F8, FPS, Contact, Footfall, Performance, PropKind, StageSet, View
from kinora_world.storyboard import Character, Shot

Where = Callable[[float], F8]  # seconds from the start of the shot to a place on the stage, (3,)


@dataclass(frozen=True, slots=True)
class ShotSound:
    """Contacts and footfalls count from the start of the shot; functions take seconds from the start of the shot."""

    start: float  # seconds from the start of the clip
    duration: float
    stage: StageSet
    contacts: Sequence[Contact]
    footfalls: Sequence[Footfall]
    listener: Callable[[float], View]
    speaker_positions: Callable[[str, float], F8]  # (character, time) -> (3,) where the mouth is
    shot: Shot | None = None  # what is asked for in words; without it only blows and steps are heard
    people: Mapping[str, Character] = field(default_factory=dict)
    performances: Mapping[str, Performance] = field(default_factory=dict)
    kinds: Mapping[str, PropKind] = field(default_factory=dict)
    props: Mapping[str, F8] = field(default_factory=dict)  # poses (n_frames, 4, 4)
    bursts: Sequence[tuple[str, float]] = ()  # effects that go off, and when
    fps: int = FPS
