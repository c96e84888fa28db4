"""Checks of a request's fields: what, where, what would be right. Pure; all raise BadField."""

import re
import secrets
from collections.abc import Sequence
from itertools import pairwise

from kinora.generation.v1 import generation_service_pb2 as pb

from .capabilities import short
from .domain import Keyframe
from .engines import Engine
from .errors import BadField

MAX_PROMPT = 32_000
MAX_NEGATIVE_PROMPT = 2_000
MAX_STORYBOARD_BYTES = 1_000_000
MAX_SEED = 2**63 - 1
_SHORTEST_S = 0.5
LONGEST_EXTENDED_S = 120.0
_DRAFT_SIDE = 360
_MOST_VARIANTS = 4
_MOST_CHARACTERS = 12  # as many as a storyboard holds; how many cameos a video may show is the cameo service's to say
_UPLOAD = re.compile(r"[A-Za-z0-9._-]{1,200}")


def prompt(text: str, *, optional: bool = False) -> str:
    if not text.strip() and not optional:
        raise BadField("prompt", f"The prompt is empty; say in 1 to {MAX_PROMPT:,} characters what happens, where, and who is there")
    return _text("prompt", text, MAX_PROMPT)


def negative_prompt(text: str) -> str:
    return _text("negative_prompt", text, MAX_NEGATIVE_PROMPT)


def _text(param: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadField(param, f"{len(text):,} characters are too many; at most {longest:,} are read")
    if "\0" in text:
        raise BadField(param, f"Character {text.index(chr(0)) + 1} is NUL, which is no text; remove it")
    return text


def model(name: str, engines: Sequence[Engine]) -> Engine:
    """The engine by id or alias; the first when `name` is empty."""
    if not name:
        return engines[0]
    for engine in engines:
        if name in engine.names:
            return engine
    known = ", ".join(name for engine in engines for name in engine.names)
    raise BadField("model", f"There is no model {short(name)}; there are {known}")


def drafted(size: tuple[int, int], *, takes: bool) -> tuple[int, int]:
    """The draft's own size: half, which a take is finished from; without takes the shape with 360 pixels on its short side, sides even."""
    if takes:
        return size[0] // 2, size[1] // 2
    scale = _DRAFT_SIDE / min(size)
    width, height = (round(side * scale / 2) * 2 for side in size)
    return width, height


def variants(wanted: int) -> int:
    if wanted > _MOST_VARIANTS:
        raise BadField("variants", f"{wanted} variants are too many; 1 to {_MOST_VARIANTS} are made at once")
    return wanted or 1


def extended_seconds(so_far: float, added: int) -> None:
    """Both together must not be too long."""
    if so_far + added > LONGEST_EXTENDED_S:
        left = f"at most {int(LONGEST_EXTENDED_S - so_far)} s can be added" if LONGEST_EXTENDED_S - so_far >= 1 else "nothing can be added"
        raise BadField("seconds", f"The video lasts {so_far:g} s; {left}, for {LONGEST_EXTENDED_S:g} s in all")


def storyboard_seconds(wanted: int, duration_s: float, engine: Engine) -> None:
    """A storyboard's own length rules; `wanted`, when given, has to agree within a frame."""
    longest = max(engine.sheet.seconds)
    if not _SHORTEST_S <= duration_s <= longest:
        raise BadField("storyboard", f"The shots last {duration_s:g} s together; {engine.id} makes {_SHORTEST_S:g} to {longest} s")
    if wanted and abs(wanted - duration_s) > 1 / engine.sheet.fps:
        raise BadField("seconds", f"The storyboard's shots last {duration_s:g} s together, not {wanted}; leave seconds out")


def seed(given: int | None) -> int:
    """The given seed, or one at random that survives a trip through JSON numbers."""
    if given is None:
        return secrets.randbelow(2**32)
    if given > MAX_SEED:
        raise BadField("seed", f"{given} is too large; seeds are whole numbers from 0 to {MAX_SEED}")
    return given


def each_once(wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wanted))


def characters(wanted: Sequence[str]) -> tuple[str, ...]:
    """Each once."""
    if len(wanted) > _MOST_CHARACTERS:
        raise BadField("characters", f"{len(wanted)} characters are too many; a video holds {_MOST_CHARACTERS} at most")
    return each_once(wanted)


def upload(param: str, key: str, account_id: str) -> str:
    """The key of one of the caller's own uploads, or empty."""
    folder, _, name = key.rpartition("/")
    if key and (folder != f"uploads/{account_id}" or not _UPLOAD.fullmatch(name)):
        raise BadField(param, "This is not the key of one of your uploads; upload the picture first")
    return key


def keyframes(wanted: Sequence[pb.Keyframe], account_id: str) -> tuple[Keyframe, ...]:
    """By their times. How many there may be is the engine's to say, and `keyframe_times` whether they lie within the film."""
    for frame in wanted:
        if not frame.key:
            raise BadField("keyframes", f"The keyframe at {frame.at_s:g} s has no picture")
        if not 0 <= frame.strength <= 1:
            raise BadField("keyframes", f"A strength of {frame.strength:g} is none; above 0 to 1, or 0 for the engine's own measure")
    frames = [Keyframe(upload("keyframes", frame.key, account_id), frame.at_s, frame.strength) for frame in wanted]
    return tuple(sorted(frames, key=lambda frame: frame.at_s))


def keyframe_times(frames: Sequence[Keyframe], duration_s: float, fps: int) -> None:
    """Each within the film, and in a frame of its own."""
    for frame in frames:
        if not 0 <= frame.at_s < duration_s:
            raise BadField("keyframes", f"{frame.at_s:g} s is not within the film; keyframes lie from 0 to below {duration_s:g} s")
    for one, two in pairwise(frames):
        if two.at_s - one.at_s < 1 / fps:
            raise BadField("keyframes", f"Two keyframes at {one.at_s:g} s and {two.at_s:g} s are in one frame; leave out one of them")
