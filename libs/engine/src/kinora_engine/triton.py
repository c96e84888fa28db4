"""An Engine behind Triton's Python backend. Importable there alone: the backend brings triton_python_backend_utils.

A model's 1/model.py names the folders of our packages, which the embedded interpreter does not know, and is then a Boundary:

    import os, site
    [site.addsitedir(folder) for folder in os.environ.get("KINORA_SITE_PACKAGES", "").split(os.pathsep) if folder]

    from kinora_engine.contract import Engine, Instance
    from kinora_engine.triton import Boundary

    class TritonPythonModel(Boundary):
        def load(self, instance: Instance) -> Engine: ...
"""

import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import triton_python_backend_utils as pb
from kinora.engine.v1.engine_pb2 import RenderEvent
from kinora_kit import telemetry
from kinora_kit.settings import KitSettings
from kinora_media.store import MediaStore

from .answering import Ending, answer
from .contract import Engine, Instance
from .metrics import Metrics

_FINAL = pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL


class Boundary(ABC):
    """What Triton takes for a model. One instance makes one clip at a time."""

    @abstractmethod
    def load(self, instance: Instance) -> Engine:
        """Ready to serve when it returns. What it raises ends up in the server's log, and the model does not load."""

    def initialize(self, args: dict[str, str]) -> None:
        sys.executable = os.environ.get("KINORA_PYTHON", sys.executable)  # what the engine starts must know our packages as well
        os.environ.pop("PYTHONHOME", None)  # is for the embedded interpreter alone
        sys.unraisablehook = _hush
        self._media = MediaStore.open(os.environ["KINORA_MEDIA_URL"], signing_secret=b"", public_url="")
        instance = _instance(args)
        try:
            self._engine = self.load(instance)
        except Exception as error:
            raise pb.TritonModelException(f"{instance.model} cannot serve: {type(error).__name__}: {error}") from error
        sheet = self._engine.sheet()
        telemetry.setup(sheet.engine, KitSettings().otlp_endpoint)
        self._metrics = Metrics(pb, instance.model, instance.name)
        self._thread = ThreadPoolExecutor(1)
        pb.Logger.log_info(f"{sheet.engine} {sheet.engine_version} ready")

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            self._serve(request)

    def finalize(self) -> None:
        self._thread.shutdown()

    def _serve(self, request: Any) -> None:
        began = time.monotonic()
        self._metrics.began()
        line = _Line(request.get_response_sender())
        ending = self._thread.submit(answer, self._engine, self._media, _message(request), line, self._metrics.count).result()
        if ending.outcome == "oom":  # libraries remember it by thread: oneDNN would compile nothing in this one any more
            self._thread.shutdown()
            self._thread = ThreadPoolExecutor(1)
        self._metrics.ended(ending.outcome, time.monotonic() - began)  # before the answer, so that who has it finds it counted
        line.end(ending)
        (pb.Logger.log_error if ending.outcome in {"failed", "oom"} else pb.Logger.log_info)(ending.log)
        telemetry.flush()


class _Line:
    """The stream to whoever asked."""

    def __init__(self, sender: Any) -> None:
        self._sender = sender

    def cancelled(self) -> bool:
        return bool(self._sender.is_cancelled())

    def send(self, event: RenderEvent) -> None:
        self._sender.send(_response(event))

    def end(self, ending: Ending) -> None:
        code = pb.TritonError.CANCELLED if ending.outcome == "cancelled" else pb.TritonError.INTERNAL
        final = _response(ending.event) if ending.event else pb.InferenceResponse(error=pb.TritonError(ending.error, code))
        self._sender.send(final, flags=_FINAL)


# By DLPack both ways: the backend's own conversion was built for numpy 1 and garbles what numpy 2 gives it.
def _message(request: Any) -> bytes:
    return np.from_dlpack(pb.get_input_tensor_by_name(request, "request")).tobytes()


def _response(event: RenderEvent) -> Any:
    tensor = pb.Tensor.from_dlpack("event", np.frombuffer(bytearray(event.SerializeToString()), np.uint8))
    return pb.InferenceResponse(output_tensors=[tensor])


def _instance(args: Mapping[str, str]) -> Instance:
    given = json.loads(args["model_config"]).get("parameters", {})
    gpu = int(args["model_instance_device_id"]) if args["model_instance_kind"] == "GPU" else None
    parameters = {name: value["string_value"] for name, value in given.items()}
    return Instance(args["model_name"], args["model_instance_name"], gpu, parameters)


def _hush(unraisable: Any) -> None:
    """The backend renames DLPack capsules in its own way, of which numpy complains on every message; nothing leaks."""
    if "PyCapsule" not in str(unraisable.exc_value):
        sys.__unraisablehook__(unraisable)
