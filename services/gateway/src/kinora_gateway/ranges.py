"""Byte ranges and conditional requests (RFC 9110 sections 13 and 14), pure."""

import re
from collections.abc import Mapping

_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


class NotSatisfiable(Exception):
    """The range lies wholly outside the file."""


def wanted(headers: Mapping[str, str], size: int, etag: str) -> tuple[int, int] | None:
    """The half-open span `start, end` to send, or None for the whole file.

    Several ranges at once, malformed ones and those whose If-Range names another version are answered with the whole file, as the RFC
    allows. Raises NotSatisfiable.
    """
    header = headers.get("range")
    if header is None or not _same_version(headers.get("if-range"), etag):
        return None
    match = _ONE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return None
    return _span(match[1], match[2], size)


def is_fresh(headers: Mapping[str, str], etag: str) -> bool:
    """True when If-None-Match names this version: the answer is 304."""
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return "*" in known or etag in known


def _same_version(if_range: str | None, etag: str) -> bool:
    return if_range is None or if_range.strip() == etag


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    if not first:
        if int(last) == 0 or size == 0:
            raise NotSatisfiable
        return max(0, size - int(last)), size
    start, end = int(first), int(last) + 1 if last else size
    if last and end <= start:
        return None  # malformed, so ignored
    if start >= size:
        raise NotSatisfiable
    return start, min(end, size)
