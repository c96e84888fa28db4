"""The world engine behind Triton: a RenderRequest comes in, RenderEvents go out while the clip is made."""
# ruff: noqa: E402 - the embedded interpreter knows no virtual environment: its folders have to be named before anything is imported

import os
import site
import sys
import traceback

for _folder in os.environ.get("KINORA_SITE_PACKAGES", "").split(os.pathsep):
    if _folder:
        site.addsitedir(_folder)  # minds .pth files too: editable installs are one
sys.executable = os.environ.get("KINORA_PYTHON", sys.executable)  # what the engine starts must know those folders as well
os.environ.pop("PYTHONHOME", None)

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb
from job import ENGINE, Cancelled, Job, Refused
from kinora.engine.v1.engine_pb2 import RenderEvent, RenderRefusal, RenderRequest
from kinora_kit import telemetry
from kinora_kit.settings import KitSettings
from kinora_media.store import MediaStore

_FINAL = pb.TRITONSERVER_RESPONSE_COMPLETE_FINAL


class TritonPythonModel:
    """One instance renders one clip at a time."""

    def initialize(self, args: dict[str, str]) -> None:
        sys.unraisablehook = _hush
        telemetry.setup(ENGINE, KitSettings().otlp_endpoint)
        self._media = MediaStore.open(os.environ["KINORA_MEDIA_URL"], signing_secret=b"", public_url="")
        labels = {"model": args["model_name"], "instance": args["model_instance_name"]}
        self._families = [
            pb.MetricFamily(name="kinora_frames_rendered_total", description="Frames drawn", kind=pb.MetricFamily.COUNTER),
            pb.MetricFamily(name="kinora_renders_in_flight", description="Clips being made", kind=pb.MetricFamily.GAUGE),
        ]
        self._frames, self._in_flight = (family.Metric(labels=labels) for family in self._families)
        pb.Logger.log_info(f"{ENGINE} {version('kinora-world')} ready")

    def execute(self, requests: list[Any]) -> None:
        for request in requests:
            self._in_flight.set(1)
            try:
                self._answer(request)
            finally:
                self._in_flight.set(0)
                telemetry.flush()

    def _answer(self, request: Any) -> None:
        """Exactly one final response. Prompts and names stay out of the log: a storyboard is private."""
        sender = request.get_response_sender()
        asked = RenderRequest()
        try:
            asked.ParseFromString(np.from_dlpack(pb.get_input_tensor_by_name(request, "request")).tobytes())
            job = Job(asked, self._media, cancelled=sender.is_cancelled, tell=partial(_send, sender), drawn=self._frames.increment)
            with telemetry.tracer.start_as_current_span("render", telemetry.parent({telemetry.TRACEPARENT: asked.traceparent})):
                result = job.run()
            _send(sender, RenderEvent(result=result), _FINAL)
            pb.Logger.log_info(f"rendered {asked.attempt_id} in {result.cpu_seconds:.1f} CPU seconds")
        except Cancelled:
            pb.Logger.log_info(f"cancelled {asked.attempt_id}")
            _fail(sender, "cancelled by the client", pb.TritonError.CANCELLED)
        except Refused as refused:
            pb.Logger.log_info(f"refused {asked.attempt_id}: {refused.code}")
            _send(sender, RenderEvent(refusal=RenderRefusal(code=refused.code, message=str(refused))), _FINAL)
        except Exception as error:  # noqa: BLE001 - the boundary: the job fails, the engine lives
            pb.Logger.log_error(f"failed {asked.attempt_id}: {type(error).__name__} at {_place(error)}")
            _fail(sender, f"{type(error).__name__}: {error}", pb.TritonError.INTERNAL)


def _send(sender: Any, event: RenderEvent, flags: int = 0) -> None:
    # By DLPack both ways: the backend's own conversion was built for numpy 1 and garbles what numpy 2 gives it.
    tensor = pb.Tensor.from_dlpack("event", np.frombuffer(bytearray(event.SerializeToString()), np.uint8))
    sender.send(pb.InferenceResponse(output_tensors=[tensor]), flags=flags)


def _fail(sender: Any, message: str, code: int) -> None:
    sender.send(pb.InferenceResponse(error=pb.TritonError(message, code)), flags=_FINAL)


def _hush(unraisable: Any) -> None:
    """The backend renames DLPack capsules in its own way, of which numpy complains on every message; nothing leaks."""
    if "PyCapsule" not in str(unraisable.exc_value):
        sys.__unraisablehook__(unraisable)


def _place(error: Exception) -> str:
    """File and line: a message might quote the storyboard."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
