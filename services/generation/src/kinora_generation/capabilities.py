"""What a request wants of an engine, held against the engine's sheet. What it cannot do is refused by name, before anything is queued."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kinora.engine.v1.engine_pb2 import Capabilities
from kinora_world.storyboard import Storyboard

from .engines import DEFAULT_SECONDS, Engine
from .errors import BadField


@dataclass(frozen=True)
class Wanted:
    """All that a request asks of an engine. Empty, false and 0 ask for nothing."""

    size: str = ""
    seconds: int = 0
    shot_s: float = 0.0
    styles: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    first_frame: bool = False
    last_frame: bool = False
    keyframes: int = 0
    likenesses: int = 0
    negative_prompt: bool = False
    loop: bool = False
    guidance: str = ""
    loras: tuple[str, ...] = ()
    remix: bool = False
    extend: bool = False
    finish: bool = False
    draft: bool = False


@dataclass(frozen=True)
class _Rule:
    """`param` is at fault when the engine does not `fit`; `says` why, behind the engine's name."""

    param: str
    fits: Callable[[Wanted, Engine], bool]
    says: Callable[[Wanted, Capabilities], str]


def _of(
    what: str, verb: str, wanted: Callable[[Wanted], Sequence[str]], known: Callable[[Capabilities], Sequence[str]], param: str
) -> _Rule:
    """Names, of a list in the sheet."""

    def says(asked: Wanted, sheet: Capabilities) -> str:
        unknown = next(name for name in wanted(asked) if name not in known(sheet))
        return f"{verb} no {what}{short(unknown)}; it {verb} {', '.join(known(sheet)) or 'none'}"

    return _Rule(param, lambda asked, engine: set(wanted(asked)) <= set(known(engine.sheet)), says)


def _able(param: str, cannot: str, wanted: Callable[[Wanted], bool], able: Callable[[Engine], bool]) -> _Rule:
    """Yes or no."""
    return _Rule(param, lambda asked, engine: not wanted(asked) or able(engine), lambda _asked, _sheet: f"cannot {cannot}")


def _most(param: str, what: str, wanted: Callable[[Wanted], int], most: Callable[[Capabilities], int]) -> _Rule:
    """As many as the sheet allows."""

    def says(asked: Wanted, sheet: Capabilities) -> str:
        allowed = f"takes {most(sheet)} {what} at most" if most(sheet) else f"takes no {what}"
        return f"{allowed}, not {wanted(asked)}" if most(sheet) else allowed

    return _Rule(param, lambda asked, engine: wanted(asked) <= most(engine.sheet), says)


_RULES = (
    _of("", "makes", lambda asked: [asked.size] if asked.size else [], lambda sheet: sheet.sizes, "size"),
    _Rule(
        "seconds",
        lambda asked, engine: not asked.seconds or asked.seconds in engine.sheet.seconds,
        lambda asked, sheet: f"makes no clip of {asked.seconds} s; it makes {', '.join(map(str, sheet.seconds))}",
    ),
    _Rule(
        "storyboard",
        lambda asked, engine: asked.shot_s <= engine.sheet.longest_shot_s,
        lambda asked, sheet: f"makes no shot of {asked.shot_s:g} s; {sheet.longest_shot_s:g} s at most",
    ),
    _of("style ", "has", lambda asked: asked.styles, lambda sheet: sheet.styles, "style"),
    _of("pass ", "makes", lambda asked: asked.passes, lambda sheet: sheet.passes, "passes"),
    _able("input_reference", "open on a picture", lambda asked: asked.first_frame, lambda engine: engine.sheet.first_frame),
    _able("last_frame", "end on a picture", lambda asked: asked.last_frame, lambda engine: engine.sheet.last_frame),
    _most("keyframes", "keyframes", lambda asked: asked.keyframes, lambda sheet: sheet.keyframes),
    _most("characters", "likenesses", lambda asked: asked.likenesses, lambda sheet: sheet.cameos),
    _able("negative_prompt", "mind a negative prompt", lambda asked: asked.negative_prompt, lambda engine: engine.minds_negative_prompts),
    _able("loop", "lead the end back into the beginning", lambda asked: asked.loop, lambda engine: engine.sheet.loop),
    _of(
        "guidance ", "knows", lambda asked: [asked.guidance] if asked.guidance else [], lambda sheet: sheet.guidance, "guidance",
    ),
    _of("LoRA ", "has", lambda asked: asked.loras, lambda sheet: sheet.loras, "loras"),
    _able("video", "change a finished film", lambda asked: asked.remix, lambda engine: engine.sheet.remix),
    _able("video", "go on from a finished film", lambda asked: asked.extend, lambda engine: engine.sheet.extend),
    _able("video", "finish drafts", lambda asked: asked.finish, lambda engine: engine.sheet.finish),
    _Rule(
        "draft",
        lambda asked, engine: not asked.draft or not engine.sheet.takes or not any(side % 4 for side in sides(asked.size)),
        lambda asked, _sheet: f"makes drafts of half the size, and {asked.size} has no half with even sides",
    ),
)  # fmt: skip


def check(wanted: Wanted, engine: Engine, engines: Sequence[Engine] = ()) -> None:
    """Raises BadField for the first thing that `engine` cannot do; names those of `engines` that can."""
    for rule in _RULES:
        if not rule.fits(wanted, engine):
            others = [each.id for each in engines if each.id != engine.id and rule.fits(wanted, each)]
            elsewhere = f"; {' and '.join(others)} can" if others else ""
            raise BadField(rule.param, f"{engine.id} {rule.says(wanted, engine.sheet)}{elsewhere}")


def fits(wanted: Wanted, engine: Engine) -> bool:
    """True when the engine can do all of it."""
    return all(rule.fits(wanted, engine) for rule in _RULES)


def staged(wanted: Wanted, storyboard: Storyboard) -> Wanted:
    """And what its storyboard wants."""
    return replace(
        wanted,
        styles=tuple(dict.fromkeys((*wanted.styles, *(shot.style for shot in storyboard.shots)))),
        shot_s=max(shot.duration for shot in storyboard.shots),
        likenesses=len(storyboard.handles),
        loop=wanted.loop or storyboard.loop,
    )


def usual_size(engine: Engine) -> str:
    return engine.sheet.sizes[0]


def usual_seconds(engine: Engine) -> int:
    return DEFAULT_SECONDS if DEFAULT_SECONDS in engine.sheet.seconds else engine.sheet.seconds[0]


def sides(size: str) -> tuple[int, int]:
    """Width and height in pixels, of a size that a sheet has."""
    width, height = size.split("x")
    return int(width), int(height)


def short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
