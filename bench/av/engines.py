"""Films of a suite from any engine of a running platform, through its gateway as anybody else."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from openai import OpenAI, OpenAIError
from suites import Wanted


@dataclass(frozen=True)
class Order:
    """What every film of a run has in common. Seeds are `seed` + the film's number, so that a run can be made again."""

    model: str
    seconds: int
    size: str
    seed: int
    at_once: int


def make(client: OpenAI, order: Order, suite: Sequence[Wanted], folder: Path) -> dict[str, str]:
    """Makes what is not in the folder yet; by name what failed, and why. `FOLDER.json` tells how each film was made."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [asdict(wanted) | {"seed": order.seed + wanted.number} for wanted in suite]
    folder.with_name(f"{folder.name}.json").write_text(json.dumps({"order": asdict(order), "films": told}, indent=1, ensure_ascii=False))
    missing = [wanted for wanted in suite if not (folder / wanted.name).exists()]
    with ThreadPoolExecutor(order.at_once) as pool:
        outcomes = pool.map(lambda wanted: _made(client, order, wanted, folder / wanted.name), missing)
        return {wanted.name: problem for wanted, problem in zip(missing, outcomes, strict=True) if problem}


def _made(client: OpenAI, order: Order, wanted: Wanted, path: Path) -> str:
    """Why there is none; nothing when there is."""
    try:
        video = client.videos.create_and_poll(
            prompt=wanted.prompt,
            model=order.model,
            seconds=str(order.seconds),
            size=order.size,
            extra_body={"seed": order.seed + wanted.number},
        )
        if video.status != "completed":
            return video.error.message if video.error else video.status
        part = path.with_suffix(".part")
        client.videos.download_content(video.id).write_to_file(part)
        part.rename(path)
    except OpenAIError as error:
        return str(error)
    return ""
