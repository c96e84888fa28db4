"""What Cosmos3 can do with the weights it has."""

from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_CPU_SECOND, ENGINE_UNIT_GPU_SECOND, Capabilities
from kinora_engine.sheets import shipped

from kinora_diffusion.ltx2_sheet import NOISE
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import Weights


def sheet(weights: Weights, settings: Settings, *, on_gpu: bool, negative_prompt: bool) -> Capabilities:
    """The family's, in the folder's sizes."""
    manifest, found = weights.manifest, shipped("cosmos3")
    found.engine_version = manifest.version
    found.trained = not manifest.random
    if sizes := settings.sizes or manifest.sizes:
        found.sizes[:] = sizes
    found.negative_prompt = negative_prompt
    found.guidance[:] = ["world"] if settings.world_guidance else []
    found.loras[:] = sorted(manifest.loras)
    found.unit = ENGINE_UNIT_GPU_SECOND if on_gpu else ENGINE_UNIT_CPU_SECOND
    found.licence.CopyFrom(weights.licence)
    if manifest.random:
        found.notes.insert(0, NOISE)
    return found
