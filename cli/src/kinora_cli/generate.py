"""`kinora generate`: the public API through the official SDK, with a progress bar."""

import time
import warnings
from pathlib import Path
from typing import Any

import openai
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

POLL_SECONDS = 0.5


class GenerationFailed(RuntimeError):
    """The platform ended the job without a video."""


def generate(client: openai.OpenAI, prompt: str, out: Path, console: Console, **options: Any) -> Any:
    """Make a video and save it at `out`. Returns the finished video object. Raises GenerationFailed, openai.APIError."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="openai|kinora_cli")
    console.print(f"[bold]Prompt[/]  {prompt}")
    video = client.videos.create(prompt=prompt, **options)
    video = _follow(client, video, console)
    if video.status != "completed":
        raise GenerationFailed(video.error.message if video.error else video.status)
    out.parent.mkdir(parents=True, exist_ok=True)
    client.videos.download_content(video.id).write_to_file(out)
    _tell(video, out, console)
    return video


def _follow(client: openai.OpenAI, video: Any, console: Console) -> Any:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("queued", total=100)
        while video.status in {"queued", "in_progress"}:
            bar.update(task, completed=video.progress, description=_stage(video))
            time.sleep(POLL_SECONDS)
            video = client.videos.retrieve(video.id)
        bar.update(task, completed=video.progress, description=video.status)
    return video


def _stage(video: Any) -> str:
    if video.status == "queued":
        place = getattr(video, "queue_position", 0)
        return f"queued, {place} ahead" if place else "queued"
    return getattr(video, "stage", "") or "in progress"


def _tell(video: Any, out: Path, console: Console) -> None:
    for note in getattr(video, "notes", None) or ():
        console.print(f"  [dim]•[/] {note}", highlight=False)
    console.print(f"[bold green]Saved[/]   {out} ({video.seconds} s, {video.size}, seed {getattr(video, 'seed', '?')})", highlight=False)
