"""Parts of paths."""

import re
from typing import Annotated

from fastapi import Depends

from kinora_gateway.errors import ApiError

_FORM = re.compile(r"video_[0-9a-f]{32}")


def _video_id(video_id: str) -> str:
    """An id of another form names nothing; services need not be asked."""
    if not _FORM.fullmatch(video_id):
        raise ApiError(404, "video_not_found", "There is no such video.", param="video_id")
    return video_id


VideoId = Annotated[str, Depends(_video_id)]
