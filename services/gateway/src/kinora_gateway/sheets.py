"""Engines as /v1/models shows them."""

from kinora.engine.v1.engine_pb2 import Capabilities, EngineUnit
from kinora.generation.v1.generation_service_pb2 import Model as ModelMessage

from kinora_gateway.schemas import Conditioning, Licence, Model, SizeCost, Unit

_UNITS: dict[int, Unit] = {EngineUnit.ENGINE_UNIT_CPU_SECOND: "cpu_second", EngineUnit.ENGINE_UNIT_GPU_SECOND: "gpu_second"}


def unit(message: EngineUnit.ValueType) -> Unit:
    """A CPU's where it is not said, as by a generation service of the release before, while the two are upgraded."""
    return _UNITS.get(message, "cpu_second")


def model(message: ModelMessage) -> Model:
    sheet = message.sheet
    return Model(
        id=message.id, created=message.created_at, description=sheet.description, aliases=list(message.aliases), ready=message.ready,
        engine=sheet.engine, engine_version=sheet.engine_version, sizes=list(sheet.sizes), seconds=[str(s) for s in sheet.seconds],
        longest_shot_s=sheet.longest_shot_s, fps=sheet.fps, styles=list(sheet.styles), trained=sheet.trained, passes=list(sheet.passes),
        first_frame=sheet.first_frame, conditioning=_conditioning(message), sound=sheet.sound, guidance=list(sheet.guidance),
        loras=list(sheet.loras), unit=unit(sheet.unit),
        costs=[SizeCost(size=cost.size, engine_seconds_per_second=cost.engine_seconds_per_second) for cost in message.costs],
        licence=_licence(sheet), ai_act_label=sheet.ai_act_label, notes=list(sheet.notes),
    )  # fmt: skip


def _conditioning(message: ModelMessage) -> Conditioning:
    sheet = message.sheet
    return Conditioning(
        first_frame=sheet.first_frame, last_frame=sheet.last_frame, keyframes=sheet.keyframes, remix=sheet.remix, extend=sheet.extend,
        finish=sheet.finish, characters=sheet.cameos, negative_prompt=message.negative_prompt, loop=sheet.loop,
    )  # fmt: skip


def _licence(sheet: Capabilities) -> Licence:
    return Licence(id=sheet.licence.id, name=sheet.licence.name, url=sheet.licence.url, terms=list(sheet.licence.terms))
