"""Directing by a language model behind any OpenAI-compatible endpoint; the code director takes over on any failure.

Needs httpx (the extra `llm`). Nothing here runs unless a caller passes an `Endpoint`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import ValidationError

from kinora_world import catalogue
from kinora_world.director.direct import Directed
from kinora_world.director.direct import direct as by_code
from kinora_world.director.notes import understood
from kinora_world.storyboard import Storyboard

_LONGEST_ANSWER = 400_000  # characters
_TOLD = 12  # problems that are sent back
_LAST_SHOT = (0.5, 20.0)  # seconds
_CATALOGUES = ("places", "props", "actions", "species", "garments", "effects", "sounds", "music")
_BRIEF = """You are the director of short films. Answer with one JSON object: a storyboard that follows the schema and shows what the
user asks for. Use only names of the lists below. Give every speaking or acting character a mark in each shot it is in. Keep cast,
clothes, place and light the same from shot to shot unless the user says otherwise. The durations of the shots must sum to the seconds
that the user gives."""


class BadAnswer(Exception):
    """What the model sent is no storyboard that can be staged. Says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`base_url` ends before "/chat/completions", e.g. "http://localhost:8000/v1"."""

    base_url: str
    model: str
    key: str = ""
    timeout: float = 30.0  # seconds, for each of at most two questions


def direct(
    prompt: str,
    *,
    endpoint: Endpoint,
    seconds: float,
    width: int,
    height: int,
    seed: int,
    style: str | None = None,
    negative_prompt: str = "",
    client: httpx.Client | None = None,
) -> Directed:
    """As `kinora_world.director.direct`, by the model; by the code director, with a note that says why, when the model fails."""
    try:
        with client or httpx.Client(follow_redirects=False) as opened:
            board = _ask(opened, endpoint, _wish(prompt, seconds, width, height, style, negative_prompt), seconds, seed)
    except (httpx.HTTPError, httpx.InvalidURL, BadAnswer) as error:
        done = by_code(prompt, seconds=seconds, width=width, height=height, seed=seed, style=style, negative_prompt=negative_prompt)
        reason = f"the language model's storyboard, which did not come ({_short(error)}),"
        return Directed(done.storyboard, (*done.notes, f"Shown differently: {reason} as the built-in director's."))
    return Directed(board, tuple(understood(board)))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200].splitlines()[0]


def _wish(prompt: str, seconds: float, width: int, height: int, style: str | None, negative_prompt: str) -> str:
    asked = {
        "prompt": prompt,
        "seconds": seconds,
        "width": width,
        "height": height,
        "style": style,
        "not to be seen": negative_prompt or None,
    }
    return json.dumps({key: value for key, value in asked.items() if value is not None}, ensure_ascii=False)


def _ask(client: httpx.Client, endpoint: Endpoint, wish: str, seconds: float, seed: int) -> Storyboard:
    """One question, and one more with what was wrong with the answer. Raises BadAnswer or httpx.HTTPError."""
    messages = [{"role": "system", "content": "\n".join([_BRIEF, *_lists()])}, {"role": "user", "content": wish}]
    answer = _answer(client, endpoint, messages)
    try:
        return _storyboard(answer, seconds, seed)
    except BadAnswer as wrong:
        messages += [
            {"role": "assistant", "content": answer},
            {"role": "user", "content": f"That cannot be staged: {wrong} Send the whole storyboard again, put right."},
        ]
    return _storyboard(_answer(client, endpoint, messages), seconds, seed)


def _lists() -> Iterator[str]:
    for kind in _CATALOGUES:
        yield f"{kind}: {', '.join(catalogue.names(kind))}"


def _answer(client: httpx.Client, endpoint: Endpoint, messages: list[dict[str, str]]) -> str:
    schema = {"name": "storyboard", "schema": Storyboard.model_json_schema()}
    reply = client.post(
        f"{endpoint.base_url.rstrip('/')}/chat/completions",
        json={"model": endpoint.model, "messages": messages, "response_format": {"type": "json_schema", "json_schema": schema}},
        headers={"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {},
        timeout=endpoint.timeout,
    )
    reply.raise_for_status()
    try:
        content = reply.json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise BadAnswer("the endpoint's reply is no chat completion.") from error
    if not isinstance(content, str) or len(content) > _LONGEST_ANSWER:
        raise BadAnswer("the answer is no text, or a far too long one.")
    return content


def _storyboard(answer: str, seconds: float, seed: int) -> Storyboard:
    """The answer, of the asked length and seed. Raises BadAnswer."""
    try:
        board = Storyboard.model_validate({**_object(answer), "seed": seed})
    except ValidationError as error:
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        raise BadAnswer("; ".join(told[:_TOLD])) from error
    board = _fitted(board, seconds)
    if problems := catalogue.check(board):
        raise BadAnswer("; ".join(problem[:300] for problem in problems[:_TOLD]))
    return board


def _object(answer: str) -> dict[str, Any]:
    """The JSON object in the answer, with or without a fence around it."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise BadAnswer("the answer is not JSON.") from error
    if not isinstance(found, dict):
        raise BadAnswer("the answer is not a JSON object.")
    return found


def _fitted(board: Storyboard, seconds: float) -> Storyboard:
    """The last shot takes up a small difference in length."""
    *others, last = board.shots
    left = seconds - sum(shot.duration for shot in others)
    if not _LAST_SHOT[0] <= left <= _LAST_SHOT[1]:
        raise BadAnswer(f"the shots' durations sum to {board.duration:g} s; they must sum to {seconds:g} s.")
    return board.model_copy(update={"shots": (*others, last.model_copy(update={"duration": left}))})
