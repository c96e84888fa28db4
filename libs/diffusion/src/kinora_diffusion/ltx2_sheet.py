"""What LTX-2 can do with the weights it has."""

from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_CPU_SECOND, ENGINE_UNIT_GPU_SECOND, Capabilities
from kinora_engine.sheets import shipped

from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import Weights

NOISE = "Random weights: what this engine makes is noise."


def sheet(weights: Weights, settings: Settings, *, on_gpu: bool) -> Capabilities:
    """The family's, as far as the folder goes: in-context LoRAs show the cast, an upsampler finishes drafts."""
    manifest, found = weights.manifest, shipped("ltx2")
    found.engine_version = manifest.version
    found.trained = not manifest.random
    if sizes := settings.sizes or manifest.sizes:
        found.sizes[:] = sizes
    found.finish = manifest.upsampler is not None
    found.cameos = found.cameos if "reference" in manifest.ic_loras else 0
    found.guidance[:] = ["world"] if settings.world_guidance else []
    found.loras[:] = sorted(manifest.loras)
    found.unit = ENGINE_UNIT_GPU_SECOND if on_gpu else ENGINE_UNIT_CPU_SECOND
    found.licence.CopyFrom(weights.licence)
    found.notes[:] = [NOISE] if manifest.random else []
    return found
