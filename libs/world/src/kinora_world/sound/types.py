"""What the mixer hears of one shot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kinora_world.scene import F8, Contact, Footfall, StageSet, View


@dataclass(frozen=True, slots=True)
class ShotSound:
    """Contacts and footfalls count from the start of the shot; the two functions take seconds from the start of the shot."""

    start: float  # seconds from the start of the clip
    duration: float
    stage: StageSet
    contacts: Sequence[Contact]
    footfalls: Sequence[Footfall]
    listener: Callable[[float], View]
    speaker_positions: Callable[[str, float], F8]  # (character, time) -> (3,) where the mouth is
