"""`kinora export`: a copy of a finished video, cut, marked and signed by the platform."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    import openai

POLL_SECONDS = 0.5


class ExportFailed(RuntimeError):
    """The platform could not make it; the message tells why."""


def export(client: "openai.OpenAI", video_id: str, out: Path, console: Console, **wishes: Any) -> None:
    """Saves it at `out`. Raises ExportFailed, openai.APIError."""
    path = f"/videos/{video_id}/exports"
    made = client.post(path, cast_to=dict[str, Any], body=wishes)
    with Progress(console=console) as bar:
        task = bar.add_task("export", total=100)
        while made["status"] in {"queued", "in_progress"}:
            bar.update(task, completed=made["progress"])
            time.sleep(POLL_SECONDS)
            made = client.get(f"{path}/{made['id']}", cast_to=dict[str, Any])
        bar.update(task, completed=made["progress"])
    if made["status"] != "completed":
        raise ExportFailed(made["error"] or made["status"])
    _save(client.get(f"{path}/{made['id']}/content", cast_to=httpx.Response), out)
    for note in made["notes"]:
        console.print(f"  [dim]•[/] {note}", highlight=False)
    console.print(f"[bold green]Saved[/]   {out} ({made['end'] - made['start']:g} s, {made['size_bytes'] / 1000:.0f} kB)", highlight=False)


def _save(file: httpx.Response, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(file.content)
