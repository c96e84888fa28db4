"""One look at a file: three processes, one after the other, each with no more than it needs.

`reading` gets the file and the trust anchors, `opening` the file alone, `looking` what was decoded and the keys of the marks.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO

from kinora_media import sandbox
from kinora_media.sandbox import Broke, Refused
from pydantic import BaseModel, ValidationError

from kinora_provenance.checking.findings import Contents, Findings, Manifest, Marks, Prints
from kinora_provenance.checking.kinds import HEAD, BadContent, Kind, kind_of
from kinora_provenance.checking.limits import Limits

_MB = 1024 * 1024
_HERE = "kinora_provenance.checking"
_READING = sandbox.Limits(memory_bytes=512 * _MB, cpu_s=10, wall_s=40, output_bytes=_MB)
_OPENING = sandbox.Limits(memory_bytes=700 * _MB, cpu_s=30, wall_s=60, output_bytes=600 * _MB)
_LOOKING = sandbox.Limits(memory_bytes=900 * _MB, cpu_s=30, wall_s=100, output_bytes=4 * _MB)
_THOROUGHLY = sandbox.Limits(memory_bytes=900 * _MB, cpu_s=90, wall_s=110, output_bytes=4 * _MB)
_TOO_HEAVY = "The file is broken, or takes too much memory or time to open."


class _Seen(BaseModel):
    picture: Marks
    sound: Marks
    prints: Prints


class Looker:
    """`keys` as KeyRing.parse reads them. Blocks: for threads."""

    def __init__(self, keys: str, limits: Limits) -> None:
        self._keys, self.limits = keys, limits

    def look(self, data: bytes, anchors: bytes, *, thorough: bool = False) -> Findings:
        """Takes some seconds, at most two minutes. Raises BadContent."""
        self.check_size(len(data))
        kind = kind_of(data[:HEAD])
        with _in_memory("content") as file, _in_memory("decoded") as decoded:
            file.write(data)
            manifest = _manifest(file, kind, anchors)
            contents = self._open(file, kind, decoded)
            seen = self._marks(decoded, thorough=thorough)
        return Findings(
            kind=contents.kind,
            duration_s=contents.duration_s,
            sha256=hashlib.sha256(data).hexdigest(),
            manifest=manifest,
            can_bear_manifest=bool(kind.mime),
            picture=seen.picture,
            sound=seen.sound,
            prints=seen.prints,
        )

    def check_size(self, size: int) -> None:
        """Raises BadContent."""
        if size > (most := self.limits.file_bytes):
            raise BadContent("TOO_LARGE", f"The file has {size:,} bytes; at most {most:,} are looked at.")

    def _open(self, file: IO[bytes], kind: Kind, decoded: IO[bytes]) -> Contents:
        try:
            sandbox.run(
                f"{_HERE}.opening", kind.opener, kind.name, json.dumps(asdict(self.limits)), source=file, output=decoded, limits=_OPENING
            )
            return _contents(decoded, self.limits)
        except Refused as refused:
            reason, _, message = str(refused).partition(": ")
            raise BadContent(reason, message) from refused
        except (Broke, ValidationError, ValueError) as broke:
            raise BadContent("TOO_HEAVY", _TOO_HEAVY) from broke

    def _marks(self, decoded: IO[bytes], *, thorough: bool) -> _Seen:
        keys = self._keys.encode()
        decoded.seek(0, os.SEEK_END)
        decoded.write(keys + len(keys).to_bytes(8, "little"))
        with _in_memory("marks") as told:
            try:
                limits = _THOROUGHLY if thorough else _LOOKING
                sandbox.run(f"{_HERE}.looking", "thorough" if thorough else "quick", source=decoded, output=told, limits=limits)
            except Broke as broke:
                raise BadContent("TOO_HEAVY", "Looking for marks took too much memory or time; send a shorter part of it.") from broke
            return _Seen.model_validate_json(_all_of(told))


def _manifest(file: IO[bytes], kind: Kind, anchors: bytes) -> Manifest:
    """A manifest that breaks its reader is no valid one."""
    if not kind.mime:
        return Manifest()
    with _in_memory("manifest") as told:
        try:
            sandbox.run(f"{_HERE}.reading", kind.mime, anchors.decode(), source=file, output=told, limits=_READING)
            return Manifest.model_validate_json(_all_of(told))
        except (Refused, Broke, ValidationError):
            return Manifest(state="invalid", problem="The manifest is broken, or takes too much memory or time to read.")


def _contents(decoded: IO[bytes], limits: Limits) -> Contents:
    """What `opening` says of what it wrote, checked against that: it stood beside a stranger's file. Raises ValueError."""
    size = decoded.seek(0, os.SEEK_END)
    decoded.seek(-8, os.SEEK_END)
    length = int.from_bytes(decoded.read(8), "little")
    if not 0 < length <= min(size - 8, _MB):
        raise ValueError("there is nothing about it")
    decoded.seek(size - 8 - length)
    contents = Contents.model_validate_json(decoded.read(length))
    told = len(contents.times) * contents.width * contents.height + 2 * contents.samples
    if told != size - 8 - length or len(contents.times) != len(contents.whole) or contents.duration_s > 2 * limits.seconds:
        raise ValueError("it is not what it says")
    return contents


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


@contextmanager
def _in_memory(name: str) -> Iterator[IO[bytes]]:
    with os.fdopen(os.memfd_create(name), "w+b") as file:
        yield file
