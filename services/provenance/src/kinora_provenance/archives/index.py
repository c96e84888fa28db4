"""What is in an archive, for programs and for people. Pure."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from kinora.generation.v1.generation_service_pb2 import Video

_EXCERPT = 400  # characters of a prompt
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1.5rem;list-style:none;padding:0}"
    "img,video{width:100%;border-radius:8px;background:#ddd}p{margin:.4rem 0}small{color:#555}"
)


@dataclass(frozen=True)
class Entry:
    """One video: the folder of its files in the archive."""

    video_id: str
    folder: str
    created_at: str
    prompt: str
    size: str
    seconds: int
    files: list[str] = field(default_factory=lambda: ["film.mp4"])


def entry_of(video: Video) -> Entry:
    made = datetime.fromtimestamp(video.created_at, UTC)
    words = "-".join(re.findall(r"[a-z0-9]+", video.prompt.lower())[:6])[:48].strip("-") or "video"
    folder = f"{made:%Y-%m-%d}_{words}_{video.id.rpartition('_')[2]}"
    return Entry(video.id, folder, made.isoformat(), video.prompt[:_EXCERPT], video.size, video.seconds)


def facts_of(video: Video) -> str:
    """JSON: what its maker asked for, and how it was made."""
    names = (
        "id", "prompt", "negative_prompt", "model", "size", "seconds", "seed", "created_at", "completed_at", "remixed_from_video_id",
        "attempts",
    )  # fmt: skip
    return _json({**{name: getattr(video, name) for name in names}, "notes": list(video.notes)})


def table(entries: Sequence[Entry]) -> str:
    """JSON."""
    return _json({"videos": [vars(entry) for entry in entries]})


def page(entries: Sequence[Entry]) -> str:
    """HTML that needs nothing but the archive, unpacked."""
    shown = "".join(_item(entry) for entry in entries)
    count = f"{len(entries)} video{'' if len(entries) == 1 else 's'}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Your Kinora videos</title><style>{_STYLE}</style><h1>Your Kinora videos</h1><p>{count}, made with AI. Each film carries"
        f" its C2PA signature; <code>manifest.c2pa</code> beside it is a copy.</p><ul>{shown}</ul></html>\n"
    )


def _item(entry: Entry) -> str:
    film, folder = f"{entry.folder}/film.mp4", escape(entry.folder)
    poster = f' poster="{folder}/thumbnail.webp"' if "thumbnail.webp" in entry.files else ""
    track = f'<track kind="captions" src="{folder}/captions.vtt" default>' if "captions.vtt" in entry.files else ""
    links = " · ".join(f'<a href="{folder}/{escape(name)}">{escape(name)}</a>' for name in entry.files)
    return (
        f'<li><video controls preload="none" src="{escape(film)}"{poster}>{track}</video><p>{escape(entry.prompt) or "(storyboard)"}</p>'
        f"<small>{escape(entry.created_at[:10])} · {escape(entry.size)} · {entry.seconds} s<br>{links}</small></li>"
    )


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
