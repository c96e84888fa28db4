"""Strangers' files out of the media store, none of them larger than what will be opened."""

from kinora_media.clip import BadClip, ClipLimits
from kinora_media.store import MediaMissing, MediaStore

from kinora_likeness.domain import BadField, FileNotStored

_MOST = ClipLimits().clip_bytes


class Files:
    """For threads."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    def read(self, key: str, param: str) -> bytes:
        """The whole file. Raises BadField for what is no key, FileNotStored, and BadClip for one that is too large, unread."""
        try:
            if (size := self._media.head_now(key).size) > _MOST:
                raise BadClip("CLIP_TOO_LARGE", f"The file has {size:,} bytes; at most {_MOST:,} are allowed.")
            return self._media.get_now(key)
        except MediaMissing as missing:
            raise FileNotStored("The file is not in the media store.", param=param) from missing
        except ValueError as wrong:
            raise BadField(param, str(wrong)) from wrong
