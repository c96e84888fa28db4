"""The engines that can be asked and what each can do."""

from dataclasses import dataclass
from typing import get_args

from kinora_world.storyboard import Style


@dataclass(frozen=True)
class Engine:
    """One engine. `triton_model` is its name on the inference server, `rate` a first guess of engine seconds per megapixel-second."""

    id: str
    triton_model: str
    description: str
    created_at: int
    sizes: tuple[tuple[int, int], ...]
    seconds: tuple[int, ...]
    styles: tuple[str, ...]
    fps: int
    rate: float
    aliases: tuple[str, ...] = ()
    first_frame: bool = False
    passes: tuple[str, ...] = ()
    trained: bool = False


DEFAULT_SIZE = "720x1280"
DEFAULT_SECONDS = 4


def registry(*, world_aliases: tuple[str, ...], world_rate: float) -> tuple[Engine, ...]:
    """Every engine, the default first."""
    world = Engine(
        id="world-1",
        triton_model="world",
        description="Kinora's simulated world: people, things and places under physics, with speech and sound; runs on a CPU.",
        created_at=1_767_225_600,
        sizes=((1280, 720), (720, 1280), (1024, 1792), (1792, 1024), (1920, 1080), (1080, 1920)),
        seconds=(4, 8, 12, 16, 20, 30, 40, 60),
        styles=get_args(Style),
        fps=24,
        rate=world_rate,
        aliases=world_aliases,
        first_frame=True,
        passes=("depth", "segmentation", "motion", "pose"),
    )
    return (world,)
