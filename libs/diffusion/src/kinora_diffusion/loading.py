"""From an operator's settings to an engine that is ready to serve."""

from importlib import import_module

from kinora_engine.contract import Engine as Contract

from kinora_diffusion.engine import Engine
from kinora_diffusion.licences import check_accepted
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import Weights


def load(settings: Settings) -> Contract:
    """Raises BadWeights for a folder that cannot be used, and LicenceNotAccepted, with the terms, before anything is loaded.

    A family's module is named as it is, and has `load(weights, settings)`, which gives its pipeline.
    """
    weights = Weights(settings.weights)
    check_accepted(weights.licence, settings.licence_accepted)
    pipeline = import_module(f"kinora_diffusion.{weights.manifest.family}").load(weights, settings)
    return Engine(pipeline, world_sounds=settings.world_sounds)
