"""Pictures that steer a video: taken from the request, checked in a process of its own, stored."""

import asyncio
import base64
import binascii
import hashlib

from kinora_media.image import MAX_BYTES, BadImage, check_image

from kinora_gateway.errors import ApiError, invalid
from kinora_gateway.requests import ImageReference

_CHECKERS = asyncio.Semaphore(2)  # each may take half a gigabyte for some seconds


def picture(reference: ImageReference | bytes, param: str) -> bytes:
    """The file as sent, not looked into yet; `param` names it in a refusal."""
    data = reference if isinstance(reference, bytes) else _from_object(reference, param)
    if not data:
        raise _bad(param, "the picture is empty")
    if len(data) > MAX_BYTES:
        raise _bad(param, f"the picture has {len(data)} bytes; at most {MAX_BYTES} are allowed")
    return data


async def checked(data: bytes, size: str, param: str) -> bytes:
    """A clean PNG of `size` ("1280x720"), cropped to its shape; raises ApiError for what is no usable picture."""
    width, height = (int(side) for side in size.split("x"))
    async with _CHECKERS:
        try:
            return await asyncio.to_thread(check_image, data, width=width, height=height)
        except BadImage as error:
            raise invalid(param, str(error), code="invalid_image") from None


def key(account_id: str, request: bytes, data: bytes) -> str:
    """The same for an equal request, so that de-duplication sees equal bodies; different for any other, so that deleting harms none."""
    name = hashlib.sha256(hashlib.sha256(request).digest() + data).hexdigest()
    return f"uploads/{account_id}/{name}.png"


def _from_object(reference: ImageReference, param: str) -> bytes:
    if reference.file_id is not None:
        raise invalid(param, "file_id is not supported; send the file itself or a data URL.", code="unsupported_parameter")
    if reference.image_url is None:
        raise _bad(param, "it needs image_url, or be a picture file")
    scheme, _, rest = reference.image_url.partition(":")
    if scheme.lower() != "data":
        raise _bad(param, "pictures are not fetched from elsewhere; send the file itself or a data URL (data:image/png;base64,…)")
    head, comma, payload = rest.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        raise _bad(param, "the data URL must look like data:image/png;base64,…")
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise _bad(param, "the data URL is no valid base64") from None


def _bad(param: str, why: str) -> ApiError:
    return invalid(param, f"Invalid '{param}': {why}.", code="invalid_image")
