"""Parts of paths. An id of another form names nothing; services need not be asked."""

import re
from typing import Annotated

from fastapi import Depends

from kinora_gateway.errors import ApiError


def _video_id(video_id: str) -> str:
    return _formed(video_id, "video", "video_id", "video")


def session_id(session_id: str) -> str:
    return _formed(session_id, "live", "session_id", "liveness session")


def _thing_id(thing_id: str) -> str:
    return _formed(thing_id, "thing", "thing_id", "pet or object")


def _export_id(export_id: str) -> str:
    return _formed(export_id, "export", "export_id", "export")


def _formed(value: str, prefix: str, param: str, what: str) -> str:
    if not re.fullmatch(rf"{prefix}_[0-9a-f]{{32}}", value):
        code = param.replace("session", "liveness").removesuffix("_id") + "_not_found"
        raise ApiError(404, code, f"There is no such {what}.", param=param)
    return value


VideoId = Annotated[str, Depends(_video_id)]
SessionId = Annotated[str, Depends(session_id)]
ThingId = Annotated[str, Depends(_thing_id)]
ExportId = Annotated[str, Depends(_export_id)]
