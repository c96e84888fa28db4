"""All finished videos of an account into one ZIP: stored, not compressed again, one film at a time."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, ZipFile

from kinora.generation.v1.generation_service_pb2 import ArchivedVideo
from kinora_kit.db import Database
from kinora_media.store import MediaMissing, MediaStore

from kinora_provenance.archives import store
from kinora_provenance.archives.index import Entry, entry_of, facts_of, page, table
from kinora_provenance.clients import Directory
from kinora_provenance.leased_work import Made, Progress
from kinora_provenance.work_store import Job


class Packer:
    def __init__(self, database: Database, media: MediaStore, directory: Directory) -> None:
        self._database, self._media, self._directory = database, media, directory

    async def make(self, job: Job, progress: Progress) -> Made:
        """Holds one small file in memory, and on disk the archive and one film."""
        account_id = job.row["account_id"]
        async with self._database.begin() as tx:
            expected = await store.sealed(tx, account_id)
        with TemporaryDirectory(prefix="kinora-archive-", ignore_cleanup_errors=True) as name:
            path = Path(name) / "archive.zip"
            with ZipFile(path, "w", ZIP_STORED, allowZip64=True) as archive:
                entries = await self._pack(archive, account_id, Path(name) / "part", _counting(progress, expected))
                archive.writestr("index.json", table(entries))
                archive.writestr("index.html", page(entries))
            key, size = job.key("zip"), path.stat().st_size
            await self._media.put(key, path, content_type="application/zip")
        return Made(key, {"size_bytes": size, "videos": len(entries)})

    async def _pack(self, archive: ZipFile, account_id: str, part: Path, counted: Callable[[], None]) -> list[Entry]:
        entries = []
        async for each in self._directory.finished_videos(account_id):
            entry = entry_of(each.video)
            # Deleted since the page was read: it is left out.
            if await self._file(archive, each.video_key, f"{entry.folder}/film.mp4", part):
                await self._beside(archive, each, entry, part)
                entries.append(entry)
            counted()
        return entries

    async def _beside(self, archive: ZipFile, each: ArchivedVideo, entry: Entry, part: Path) -> None:
        """What belongs to the film; what there is not is left out."""
        for key, name in ((each.captions_key, "captions.vtt"), (each.thumbnail_key, "thumbnail.webp")):
            if key and await self._file(archive, key, f"{entry.folder}/{name}", part):
                entry.files.append(name)
        async with self._database.begin() as tx:
            manifest = await store.manifest(tx, each.video.id)
        written = {"facts.json": facts_of(each.video), "storyboard.json": _indented(each.video.storyboard_json)}
        for name, content in {**written, "manifest.c2pa": manifest}.items():
            if content:
                archive.writestr(f"{entry.folder}/{name}", content)
                entry.files.append(name)

    async def _file(self, archive: ZipFile, key: str, name: str, part: Path) -> bool:
        try:
            await self._media.fetch(key, part)
        except MediaMissing:
            return False
        await asyncio.to_thread(archive.write, part, name)
        return True


def _counting(progress: Progress, expected: int) -> Callable[[], None]:
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        progress.beat()
        progress.fraction = min(1.0, done / max(1, expected))

    return one


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n" if text else ""
