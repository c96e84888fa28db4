"""A request held against a sheet: what the engine does not have is refused by name."""

from collections.abc import Callable, Sequence

from kinora.engine.v1.engine_pb2 import (
    CONDITIONING_KIND_EXTEND,
    CONDITIONING_KIND_FINISH,
    CONDITIONING_KIND_FIRST_FRAME,
    CONDITIONING_KIND_KEYFRAME,
    CONDITIONING_KIND_LAST_FRAME,
    CONDITIONING_KIND_REMIX,
    Capabilities,
    RenderRequest,
)

from .contract import Refused

# Which conditioning a sheet allows, and what it is for. An engine that keeps no takes plays the storyboard again, and is given none.
_ALLOWED: dict[int, tuple[str, Callable[[Capabilities], bool]]] = {
    CONDITIONING_KIND_FIRST_FRAME: ("open on a picture", lambda sheet: sheet.first_frame),
    CONDITIONING_KIND_LAST_FRAME: ("end on a picture", lambda sheet: sheet.last_frame),
    CONDITIONING_KIND_KEYFRAME: ("pass through a picture", lambda sheet: sheet.keyframes > 0),
    CONDITIONING_KIND_REMIX: ("change a take", lambda sheet: sheet.takes and sheet.remix),
    CONDITIONING_KIND_EXTEND: ("go on from a take", lambda sheet: sheet.takes and sheet.extend),
    CONDITIONING_KIND_FINISH: ("finish the take of a draft", lambda sheet: sheet.takes and sheet.finish),
}


def check(asked: RenderRequest, sheet: Capabilities) -> None:
    """Raises Refused: "unsupported_conditioning", "too_many_keyframes", "too_many_likenesses", "unsupported_negative_prompt",
    "invalid_passes", "unsupported_guidance" or "unsupported_lora".

    Sizes and lengths are the engine's own to judge: a draft's size is on no sheet.
    """
    for given in asked.conditioning:
        what, allowed = _ALLOWED[given.kind]
        if not allowed(sheet):
            raise Refused("unsupported_conditioning", f"{sheet.engine} cannot {what}")
    keyframes = sum(given.kind == CONDITIONING_KIND_KEYFRAME for given in asked.conditioning)
    if keyframes > sheet.keyframes:
        raise Refused("too_many_keyframes", f"{keyframes} pictures to pass through; {sheet.engine} takes at most {sheet.keyframes}")
    if len(asked.likenesses) > sheet.cameos:
        raise Refused("too_many_likenesses", f"{len(asked.likenesses)} likenesses; {sheet.engine} takes at most {sheet.cameos}")
    if asked.negative_prompt and not sheet.negative_prompt:
        raise Refused("unsupported_negative_prompt", f"{sheet.engine} minds no negative prompt")
    _check_named("invalid_passes", "pass", asked.passes, sheet.passes)
    _check_named("unsupported_guidance", "guidance", [asked.guidance] if asked.guidance else [], sheet.guidance)
    _check_named("unsupported_lora", "LoRA", asked.loras, sheet.loras)


def _check_named(code: str, what: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    if unknown := set(wanted) - set(known):
        raise Refused(code, f"there is no {what} {min(unknown)!r}; there are {', '.join(known) or 'none'}")
