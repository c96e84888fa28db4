"""From what was asked to a storyboard that the engine can stage, with notes on how it was understood."""

import asyncio
from collections.abc import Sequence

from kinora_world import catalogue, director
from kinora_world.director import llm
from kinora_world.director.llm import Endpoint
from kinora_world.storyboard import Shot, Storyboard
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from .casting import absent
from .checks import MAX_STORYBOARD_BYTES
from .errors import BadField

_ERRORS_TOLD = 3


async def by_prompt(
    prompt: str, *, seconds: int, size: tuple[int, int], seed: int, style: str | None, negative_prompt: str,
    endpoint: Endpoint | None = None, picture: bool = False, handles: Sequence[str] = (),
) -> director.Directed:  # fmt: skip
    """Directs words, by the language model at `endpoint` if there is one and it casts all `handles`; `picture` says that a given one is the
    place.

    On a thread: thousands of words, and models, take a while.
    """
    width, height = size
    if endpoint is not None:
        directed = await asyncio.to_thread(
            llm.direct, prompt, endpoint=endpoint, seconds=seconds, width=width, height=height, seed=seed, style=style,
            negative_prompt=negative_prompt,
        )  # fmt: skip
        if not absent(directed.storyboard, handles):
            return directed
    return await asyncio.to_thread(
        director.direct, prompt, seconds=seconds, width=width, height=height, seed=seed, style=style, negative_prompt=negative_prompt,
        picture=picture,
    )  # fmt: skip


async def by_remix(storyboard: str, prompt: str, *, seed: int) -> director.Directed:
    """Directs a change of a stored storyboard."""
    return await asyncio.to_thread(director.remix, Storyboard.model_validate_json(storyboard), prompt, seed=seed)


async def by_extension(storyboard: str, prompt: str, *, seconds: int) -> director.Directed:
    """Directs how a stored storyboard goes on: all of it, and the new shots behind. Raises BadField when it has no room for more."""
    told = Storyboard.model_validate_json(storyboard)
    try:
        return await asyncio.to_thread(director.extend, told, prompt, seconds=seconds, seed=told.seed)
    except ValueError as error:
        raise BadField("video", str(error)) from error


async def by_storyboard(given: str, *, seed: int | None, style: str | None) -> director.Directed:
    """Takes the caller's own storyboard, a given seed and style laid over it. Raises BadField(param="storyboard")."""
    storyboard = await asyncio.to_thread(_parsed, given)
    if seed is not None:
        storyboard = storyboard.model_copy(update={"seed": seed})
    if style is not None:
        storyboard = storyboard.model_copy(update={"shots": tuple(_styled(shot, style) for shot in storyboard.shots)})
    return director.Directed(storyboard=storyboard, notes=())


def _parsed(given: str) -> Storyboard:
    if len(given.encode()) > MAX_STORYBOARD_BYTES:
        raise BadField("storyboard", f"The storyboard is larger than {MAX_STORYBOARD_BYTES:,} bytes")
    try:
        storyboard = Storyboard.model_validate_json(given)
    except ValidationError as error:
        raise BadField("storyboard", _told([_sentence(each) for each in error.errors(include_url=False)])) from error
    if problems := catalogue.check(storyboard):
        raise BadField("storyboard", _told(problems))
    return storyboard


def _sentence(error: ErrorDetails) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    return f"{path}: {error['msg']}" if path else error["msg"]


def _told(problems: Sequence[str]) -> str:
    """The first problems, and how many more there are."""
    more = len(problems) - _ERRORS_TOLD
    return "; ".join(problems[:_ERRORS_TOLD]) + (f"; and {more} more" if more > 0 else "")


def _styled(shot: Shot, style: str) -> Shot:
    return shot.model_copy(update={"style": style})
