"""From one of Triton's instances to an engine that has already made a film."""

import json
import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from kinora.engine.v1.engine_pb2 import Capabilities, RenderRequest
from kinora_engine.contract import Engine, Instance
from kinora_engine.studio import LiveStudio
from kinora_media.store import MediaStore
from pydantic import ValidationError

from kinora_diffusion.grid import sizes
from kinora_diffusion.licences import check_accepted
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import BadWeights, Weights

_SHORT_S = 0.5


def serve(instance: Instance) -> Engine:
    """Raises whatever is wrong with settings, weights or licence, and what went wrong in a first, short film: who serves can serve."""
    settings = settings_of(instance)
    weights = Weights(settings.weights)
    if (family := weights.manifest.family) != instance.model:
        raise BadWeights(f"{settings.weights}: these are weights of {family}, and the model {instance.model} was given them")
    check_accepted(weights.licence, settings.licence_accepted)  # before torch is imported, which takes half a minute
    if settings.threads:
        os.environ["OMP_NUM_THREADS"] = str(settings.threads)  # is read when torch is first imported
    engine: Engine = import_module("kinora_diffusion.loading").load(settings)
    warm_up(engine)
    return engine


def settings_of(instance: Instance) -> Settings:
    """The model's own parameters, then the environment, and the instance's GPU. Raises ValueError, which names what is wrong."""
    given: dict[str, Any] = {name: value for name, value in instance.parameters.items() if not name.isupper()}  # Triton's own are
    if unknown := set(given) - set(Settings.model_fields):
        raise ValueError(f"there is no parameter {min(unknown)!r}; there are {', '.join(Settings.model_fields)}")
    try:
        settings = Settings(**given)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False, include_input=False))
        raise ValueError(f"settings, by DIFFUSION_* or parameters of the model: {told}") from error
    if settings.device is None and instance.gpu is not None:
        return settings.model_copy(update={"device": f"cuda:{instance.gpu}"})
    return settings


def warm_up(engine: Engine) -> None:
    """Makes and throws away half a second in the smallest size: kernels are chosen, buffers taken, and it is known that it works."""
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        media = MediaStore.open(Path(folder).as_uri(), signing_secret=b"", public_url="")
        engine.render(_shortest(engine.sheet()), LiveStudio(media, send=lambda _: None, cancelled=lambda: False, counted=lambda _: None))


def _shortest(sheet: Capabilities) -> RenderRequest:
    width, height = min(sizes(sheet.sizes), key=lambda size: size[0] * size[1])
    storyboard = {"shots": [{"duration": _SHORT_S, "place": "park", "style": sheet.styles[0]}]}
    return RenderRequest(
        attempt_id="warm-up", output_prefix="warm-up", storyboard_json=json.dumps(storyboard), width=width, height=height, fps=sheet.fps
    )
