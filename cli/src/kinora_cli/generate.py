"""`kinora generate`: the public API through the official SDK, with a progress bar."""

import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    import openai

POLL_SECONDS = 0.5


class GenerationFailed(RuntimeError):
    """The platform ended the job without a video."""


def generate(client: "openai.OpenAI", prompt: str, out: Path, console: Console, **options: Any) -> Any:
    """Make a video and save it at `out`. Returns the finished video object. Raises GenerationFailed, openai.APIError."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="openai|kinora_cli")
    console.print(f"[bold]Prompt[/]  {prompt}")
    return _kept(client, client.videos.create(prompt=prompt, **options), out, console)


def finish(client: "openai.OpenAI", draft_id: str, out: Path, console: Console) -> Any:
    """Make the film that a finished draft stands for, and save it at `out`. As `generate`."""
    from openai.types import Video  # noqa: PLC0415  the SDK's imports cost half a second that a service need not pay

    warnings.filterwarnings("ignore", category=DeprecationWarning, module="openai|kinora_cli")
    return _kept(client, client.post(f"/videos/{draft_id}/finish", cast_to=Video), out, console)


def _kept(client: "openai.OpenAI", video: Any, out: Path, console: Console) -> Any:
    video = _follow(client, video, console)
    if video.status != "completed":
        raise GenerationFailed(video.error.message if video.error else video.status)
    out.parent.mkdir(parents=True, exist_ok=True)
    client.videos.download_content(video.id).write_to_file(out)
    _tell(video, out, console)
    return video


def _follow(client: "openai.OpenAI", video: Any, console: Console) -> Any:
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
    if getattr(video, "full_size", None):
        console.print(f"A draft: `kinora finish {video.id}` makes it in {video.full_size}", highlight=False)
