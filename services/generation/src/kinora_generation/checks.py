"""Checks of a request's fields: what, where, what would be right. Pure; all raise BadField."""

import re
import secrets
from collections.abc import Sequence

from .engines import DEFAULT_SECONDS, DEFAULT_SIZE, Engine
from .errors import BadField

MAX_PROMPT = 32_000
MAX_NEGATIVE_PROMPT = 2_000
MAX_STORYBOARD_BYTES = 1_000_000
MAX_SEED = 2**63 - 1
_SHORTEST_S, _LONGEST_S = 0.5, 60.0
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
        if name == engine.id or name in engine.aliases:
            return engine
    known = ", ".join(name for engine in engines for name in (engine.id, *engine.aliases))
    raise BadField("model", f"There is no model {_short(name)}; there are {known}")


def size(name: str, engine: Engine) -> tuple[int, int]:
    """Width and height in pixels."""
    known = {f"{width}x{height}": (width, height) for width, height in engine.sizes}
    try:
        return known[name or DEFAULT_SIZE]
    except KeyError:
        raise BadField("size", f"{engine.id} makes no {_short(name)}; it makes {', '.join(known)}") from None


def drafted(size: tuple[int, int]) -> tuple[int, int]:
    """The same shape with 360 pixels on its short side, both sides even."""
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


def seconds(wanted: int, engine: Engine) -> int:
    chosen = wanted or DEFAULT_SECONDS
    if chosen not in engine.seconds:
        raise BadField("seconds", f"{engine.id} makes no clip of {chosen} s; it makes {', '.join(map(str, engine.seconds))}")
    return chosen


def storyboard_seconds(wanted: int, duration_s: float, fps: int) -> None:
    """A storyboard's own length rules; `wanted`, when given, has to agree within a frame."""
    if not _SHORTEST_S <= duration_s <= _LONGEST_S:
        raise BadField("storyboard", f"The shots last {duration_s:g} s together; {_SHORTEST_S:g} to {_LONGEST_S:g} s can be made")
    if wanted and abs(wanted - duration_s) > 1 / fps:
        raise BadField("seconds", f"The storyboard's shots last {duration_s:g} s together, not {wanted}; leave seconds out")


def seed(given: int | None) -> int:
    """The given seed, or one at random that survives a trip through JSON numbers."""
    if given is None:
        return secrets.randbelow(2**32)
    if given > MAX_SEED:
        raise BadField("seed", f"{given} is too large; seeds are whole numbers from 0 to {MAX_SEED}")
    return given


def style(name: str, engine: Engine) -> str | None:
    """None when the prompt or storyboard decides."""
    if name and name not in engine.styles:
        raise BadField("style", f"{engine.id} has no style {_short(name)}; it has {', '.join(engine.styles)}")
    return name or None


def passes(wanted: Sequence[str], engine: Engine) -> tuple[str, ...]:
    """Each once."""
    for name in wanted:
        if name not in engine.passes:
            raise BadField("passes", f"{engine.id} makes no pass {_short(name)}; it makes {', '.join(engine.passes) or 'none'}")
    return tuple(dict.fromkeys(wanted))


def characters(wanted: Sequence[str]) -> tuple[str, ...]:
    """Each once."""
    if len(wanted) > _MOST_CHARACTERS:
        raise BadField("characters", f"{len(wanted)} characters are too many; a video holds {_MOST_CHARACTERS} at most")
    return tuple(dict.fromkeys(wanted))


def first_frame(key: str, account_id: str, engine: Engine) -> str:
    """The key of one of the caller's own uploads, or empty."""
    if not key:
        return key
    if not engine.first_frame:
        raise BadField("input_reference", f"{engine.id} cannot open on a picture; leave input_reference out")
    folder, _, name = key.rpartition("/")
    if folder != f"uploads/{account_id}" or not _UPLOAD.fullmatch(name):
        raise BadField("input_reference", "This is not the key of one of your uploads; upload the picture first")
    return key


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
