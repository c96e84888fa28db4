"""The engines that can be asked: as the operator names them, each with the sheet of what it can do."""

from collections.abc import Sequence
from dataclasses import dataclass

from kinora.engine.v1.engine_pb2 import Capabilities, EngineUnit
from kinora_engine.sheets import FAMILIES
from pydantic import BaseModel, ConfigDict, Field, field_validator

DEFAULT_SECONDS = 4
_UNIT = "ENGINE_UNIT_"


class Overflow(BaseModel):
    """Where drafts go that would wait for too long."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: str = Field(description="Id of the engine that makes them instead, if it can do all that was asked.")
    after_s: float = Field(gt=0, description="Estimated wait from which on.")


class NamedEngine(BaseModel):
    """One engine as an operator names it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$", description="What callers ask for.")
    family: str = Field(description="Whose shipped sheet holds before a running engine has told its own: one of " + ", ".join(FAMILIES))
    triton_model: str = Field(min_length=1, description="Its name on the inference server.")
    aliases: tuple[str, ...] = Field(default=(), description="Other names under which it is found.")
    created_at: int = Field(default=0, ge=0, description="Unix seconds of its release.")
    at_once: int = Field(
        default=0,
        ge=0,
        description="At most so many films at it at a time, of all workers together: its instances; 0 for as many as workers.",
    )
    draft_overflow: Overflow | None = None

    @field_validator("family")
    @classmethod
    def _known(cls, family: str) -> str:
        if family not in FAMILIES:
            raise ValueError(f"there is no family {family!r}; there are {', '.join(FAMILIES)}")
        return family


WORLD = NamedEngine(id="world-1", family="world", triton_model="world", aliases=("sora-2", "sora-2-pro"), created_at=1_767_225_600)
USUAL = {
    "world": WORLD,
    "ltx2": NamedEngine(id="ltx-2", family="ltx2", triton_model="ltx2"),
    "cosmos3": NamedEngine(id="cosmos-3", family="cosmos3", triton_model="cosmos3"),
}


def usual(told: object) -> object:
    """An engine told by its family alone, as it is usually named. Raises ValueError."""
    if not isinstance(told, str):
        return told
    if told not in USUAL:
        raise ValueError(f"there is no family {told!r}; there are {', '.join(USUAL)}")
    return USUAL[told]


def check_named(engines: Sequence[NamedEngine]) -> None:
    """Raises ValueError for names that stand for two engines, and for overflow into none."""
    names = [name for engine in engines for name in (engine.id, *engine.aliases)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{twice[0]!r} names two engines; ids and aliases must be unique")
    for engine in engines:
        overflow = engine.draft_overflow
        if overflow is not None and overflow.engine not in {each.id for each in engines} - {engine.id}:
            raise ValueError(f"draft_overflow of {engine.id} names {overflow.engine!r}; it must be the id of another engine here")


@dataclass(frozen=True)
class Engine:
    """One engine and what it can do. `ready` when one has answered lately."""

    named: NamedEngine
    sheet: Capabilities
    ready: bool = False

    @property
    def id(self) -> str:
        return self.named.id

    @property
    def names(self) -> tuple[str, ...]:
        return (self.named.id, *self.named.aliases)

    @property
    def unit(self) -> str:
        """What its seconds are of: "cpu_second" or "gpu_second"."""
        return EngineUnit.Name(self.sheet.unit).removeprefix(_UNIT).lower()

    @property
    def minds_negative_prompts(self) -> bool:
        """An engine that keeps no takes plays the storyboard and shows nothing else: it is enough that the director minds them."""
        return self.sheet.negative_prompt or not self.sheet.takes


def unit_of(name: str) -> EngineUnit.ValueType:
    """The reverse of Engine.unit."""
    return EngineUnit.Value(_UNIT + name.upper())
