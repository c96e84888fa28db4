"""Ids of videos: they sort by the time they were made."""

import re

from kinora_kit.ids import uuid7

from .errors import NoSuchVideo

_VIDEO_ID = re.compile(r"video_[0-9a-f]{32}")


def new_video_id() -> str:
    return f"video_{uuid7().hex}"


def checked(video_id: str) -> str:
    """The id, if it can be one of ours; NoSuchVideo otherwise, so that nothing odd reaches the database."""
    if not _VIDEO_ID.fullmatch(video_id):
        raise NoSuchVideo
    return video_id
