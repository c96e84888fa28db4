"""`kinora plan`, declared."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from kinora_cli.plan import figures, showing
from kinora_cli.plan.limits import limits
from kinora_cli.plan.sizing import Demand, Sizing


class EngineKind(StrEnum):
    CPU = "cpu"
    GPU = "gpu"


Users = Annotated[int, typer.Option(help="Accounts", min=1)]
Clips = Annotated[float, typer.Option(help="Made on a day, in the mean", min=0)]
Seconds = Annotated[float, typer.Option(help="Length of a clip", min=0.5, max=600)]
Size = Annotated[str, typer.Option(help="Width x height")]
Engine = Annotated[EngineKind, typer.Option(help="What renders")]
GpuSeconds = Annotated[
    float | None, typer.Option(help="With --engine gpu: seconds of one GPU for a second of film, as you measured it", min=1e-3)
]
Retention = Annotated[float, typer.Option(help="How long a clip is kept, in the mean", min=0)]
Set = Annotated[list[str], typer.Option("--set", help="name=value of a figure or price; a plan ends with all of them")]
AsJson = Annotated[bool, typer.Option("--json", help="Everything, for programs")]


def plan(
    *,
    users: Users,
    clips_per_day: Clips,
    seconds: Seconds = 8,
    size: Size = "1280x720",
    engine: Engine = EngineKind.CPU,
    gpu_seconds: GpuSeconds = None,
    retention_days: Retention = 365,
    set_: Set = [],  # noqa: B006 - typer reads it
    as_json: AsJson = False,
) -> None:
    """Tell what hardware a Kinora needs and what it costs, from measured figures, with every assumption listed."""
    if (engine is EngineKind.GPU) != (gpu_seconds is not None):
        raise typer.BadParameter(
            "no GPU was measured here: with --engine gpu, and only then, say how long one takes for a second of film",
            param_hint="--gpu-seconds",
        )
    width, height = _size(size)
    demand = Demand(users, clips_per_day, seconds, width, height, retention_days, gpu_seconds)
    try:
        known = figures.load(set_)
    except figures.UnknownFigure as error:
        raise typer.BadParameter(str(error), param_hint="--set") from error
    made = Sizing(demand, known).plan()
    beyond = limits(demand, made, known)
    if as_json:
        typer.echo(showing.as_json(demand, made, known, beyond))
    else:
        showing.show(Console(highlight=False), demand, made, known, beyond)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise typer.BadParameter(f"{text!r} is no size; say e.g. 1280x720", param_hint="--size")
    return int(width), int(height)
