"""A clip and what the server knows of its capture become a verdict.

The clip is decoded in one sandbox, and what came out of it is looked at in another, so that a file which takes over the decoder still
cannot write its own verdict. Nothing here loads a model into the caller's process.
"""

import json
import os

from kinora_media import sandbox
from kinora_media.clip import BadClip, decoded

from kinora_faces.analysis.verdict import Outcome, Reason, Remark, Verdict
from kinora_faces.challenge import Attempt

__all__ = ["Outcome", "Reason", "Remark", "Verdict", "analyse"]

_MB = 1024 * 1024
_ANALYSING = sandbox.Limits(memory_bytes=900 * _MB, cpu_s=40, wall_s=120, output_bytes=_MB)


def analyse(clip: bytes, attempt: Attempt) -> Verdict:
    """Whether a person who was there did what was asked. Blocks for some seconds: call it on a thread. Any bytes get a verdict."""
    try:
        with decoded(clip) as pictures, os.fdopen(os.memfd_create("verdict"), "w+b") as output:
            sandbox.run("kinora_faces.analysis", attempt.to_json(), source=pictures, output=output, limits=_ANALYSING)
            output.seek(0)
            return _verdict(output.read())
    except BadClip as bad:
        return Verdict(Outcome.RETRY, (Reason(bad.reason),))
    except sandbox.Broke as broke:
        if not broke.timed_out:
            raise  # ours to mend: the pictures were in order
        return Verdict(Outcome.RETRY, (Reason.TOO_HEAVY,))


def _verdict(text: bytes) -> Verdict:
    fields = json.loads(text)
    vector = fields["vector"]
    return Verdict(
        Outcome(fields["outcome"]),
        tuple(Reason(name) for name in fields["reasons"]),
        tuple(Remark(name) for name in fields["remarks"]),
        None if vector is None else tuple(vector),
    )
