"""The sheet of every family of engines as it is shipped: what its complete weights can do. A running engine answers with its own."""

from importlib import resources

from google.protobuf import json_format
from kinora.engine.v1.engine_pb2 import Capabilities

FAMILIES = ("world", "ltx2", "cosmos3")


def shipped(family: str) -> Capabilities:
    """The sheet of one of FAMILIES, a new one on every call; `engine_version` is empty, for it is known to the running engine alone."""
    if family not in FAMILIES:
        raise KeyError(f"there is no family {family!r}; there are {', '.join(FAMILIES)}")
    return json_format.Parse(resources.files(__name__).joinpath(f"{family}.json").read_text(), Capabilities())
