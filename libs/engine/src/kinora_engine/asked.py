"""A request as it arrives: bytes that anyone may have sent."""

import math
import re
from collections import Counter

from google.protobuf.message import DecodeError
from kinora.engine.v1.engine_pb2 import CONDITIONING_KIND_KEYFRAME, Conditioning, ConditioningKind, RenderRequest
from kinora_media.store import check_key

from .contract import Refused

LARGEST = 64 << 20  # bytes of a whole request: a dozen likenesses, and room
LONGEST_STORYBOARD = 1 << 20  # characters
LONGEST_WORDS = 4_000  # characters of a negative prompt
MOST_CONDITIONING = 64
_ATTEMPT = re.compile(r"[A-Za-z0-9._-]{1,128}")


def read(message: bytes) -> RenderRequest:
    """Raises Refused ("invalid_request") for what no engine could use; what is in the storyboard is for the engine to judge."""
    if len(message) > LARGEST:
        raise _wrong(f"the request has {len(message)} bytes; at most {LARGEST} are read")
    try:
        asked = RenderRequest.FromString(message)
    except DecodeError as error:
        raise _wrong("these bytes are no kinora.engine.v1.RenderRequest") from error
    if not asked.describe:
        _check_names(asked)
        _check_lengths(asked)
        _check_conditioning(asked)
    return asked


def _check_names(asked: RenderRequest) -> None:
    if not _ATTEMPT.fullmatch(asked.attempt_id):
        raise _wrong("attempt_id must be 1 to 128 of A-Z a-z 0-9 . _ -")
    for where, key in [
        ("output_prefix", asked.output_prefix),
        *((f"conditioning[{i}].key", c.key) for i, c in enumerate(asked.conditioning)),
    ]:
        try:
            check_key(key)
        except ValueError as error:
            raise _wrong(f"{where}: {error}") from error


def _check_lengths(asked: RenderRequest) -> None:
    for where, length, most in (
        ("storyboard_json", len(asked.storyboard_json), LONGEST_STORYBOARD),
        ("negative_prompt", len(asked.negative_prompt), LONGEST_WORDS),
    ):
        if length > most:
            raise _wrong(f"{where} has {length} characters; at most {most} are read")


def _check_conditioning(asked: RenderRequest) -> None:
    if len(asked.conditioning) > MOST_CONDITIONING:
        raise _wrong(f"{len(asked.conditioning)} pictures and takes steer it; at most {MOST_CONDITIONING} can")
    counted = Counter(given.kind for given in asked.conditioning)
    for index, given in enumerate(asked.conditioning):
        _check_one(given, f"conditioning[{index}]")
        if given.kind != CONDITIONING_KIND_KEYFRAME and counted[given.kind] > 1:
            raise _wrong(f"conditioning: {ConditioningKind.Name(given.kind)} is given {counted[given.kind]} times; once is enough")


def _check_one(given: Conditioning, where: str) -> None:
    if not given.kind or given.kind not in ConditioningKind.values():
        raise _wrong(f"{where}.kind: there is no kind {given.kind}")
    if not 0 <= given.strength <= 1:
        raise _wrong(f"{where}.strength is {given.strength:g}; it must be above 0 to 1, or 0 for the engine's own measure")
    if not (math.isfinite(given.at_s) and given.at_s >= 0):
        raise _wrong(f"{where}.at_s is {given.at_s:g}; it must be 0 or more seconds")


def _wrong(what: str) -> Refused:
    return Refused("invalid_request", what)
