"""From a sealed film to an export that may leave."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kinora_kit.db import Database
from kinora_marks.visible import Brand, VisibleMark
from kinora_media.film import Picture, Sound
from kinora_media.probe import BadVideo, probe
from kinora_media.store import MediaMissing, MediaStore

from kinora_provenance import signing, soft_binding
from kinora_provenance import store as seals
from kinora_provenance.credentials import Credentials, Source
from kinora_provenance.exports import claims, films, store
from kinora_provenance.exports.create_export import facts as read_facts
from kinora_provenance.exports.cutting import cut
from kinora_provenance.exports.domain import Export, Facts, size
from kinora_provenance.exports.encoding import encode
from kinora_provenance.leased_work import Impossible, Made, Progress
from kinora_provenance.manifest import Mining
from kinora_provenance.signing import Parent
from kinora_provenance.work_store import Job

_GONE = "The video's sealed file is gone."
_ENCODED, _SIGNED = 0.92, 0.97  # how far the work is after these steps


@dataclass(frozen=True)
class Tools:
    """What exports are made with."""

    source: Source
    brand: Brand
    mining: Mining = "notAllowed"
    tsa_url: str = ""


@dataclass(frozen=True)
class _Signed:
    sha256: str
    size_bytes: int
    label: str


class Maker:
    def __init__(self, database: Database, media: MediaStore, tools: Tools) -> None:
        self._database, self._media, self._tools = database, media, tools

    async def make(self, job: Job, progress: Progress) -> Made:
        """Raises Impossible for a film that is gone or broken."""
        export = store.export(job.row)
        async with self._database.begin() as tx:
            seal, film = await seals.get_seal(tx, export.video_id), await films.of_video(tx, export.video_id, export.film_sha256)
        if seal is None or film is None:
            raise Impossible(_GONE)
        with TemporaryDirectory(prefix="kinora-export-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            await self._fetch(seal.video_key, folder / "film.mp4")
            credentials = await asyncio.to_thread(self._tools.source)
            work = _Work(export, film, folder, self._tools, credentials, progress)
            signed = await asyncio.to_thread(work.done)
            key = job.key(export.format.suffix)
            await self._media.put(key, work.result, content_type=export.format.content_type)
        return Made(
            key,
            {
                "content_type": export.format.content_type,
                "size_bytes": signed.size_bytes,
                "sha256": signed.sha256,
                "manifest_label": signed.label,
            },
        )

    async def _fetch(self, key: str, to: Path) -> None:
        try:
            await self._media.fetch(key, to)
        except MediaMissing as error:
            raise Impossible(_GONE) from error


class _Work:
    """One export in one folder. `done` blocks."""

    def __init__(
        self, export: Export, film: dict[str, Any], folder: Path, tools: Tools, credentials: Credentials, progress: Progress
    ) -> None:
        self._export, self._film, self._tools, self._credentials, self._progress = export, film, tools, credentials, progress
        self._source, self._encoded, self._signed = folder / "film.mp4", folder / "encoded", folder / "signed"

    @property
    def result(self) -> Path:
        return self._signed if self._export.format.bears_c2pa else self._encoded

    def done(self) -> _Signed:
        if _sha256(self._source) != self._export.film_sha256:
            raise Impossible("The video's file is no longer what was sealed.")
        try:
            facts = read_facts(self._source)
            self._encode(facts)
        except BadVideo as error:
            raise Impossible("The video's file is broken.") from error
        self._reach(_ENCODED)
        signed = self._sign(facts) if self._export.format.bears_c2pa else ""
        self._reach(_SIGNED)
        return _Signed(_sha256(self.result), self.result.stat().st_size, signed)

    def _encode(self, facts: Facts) -> None:
        export, to = self._export, size(facts, self._export.short_side)
        mark = VisibleMark(export.credit, *to, brand=self._tools.brand) if export.visible_mark else None
        parts = self._counted(cut(self._source, facts, export, mark))
        encode(parts, export.format, self._encoded, facts, to, sound=probe(self._source).has_audio)

    def _counted(self, parts: Iterable[Picture | Sound]) -> Iterator[Picture | Sound]:
        length = self._export.end_s - self._export.start_s
        for part in parts:
            self._progress.beat()
            if isinstance(part, Picture):
                self._progress.fraction = _ENCODED * part.at_s / length
            yield part

    def _sign(self, facts: Facts) -> str:
        export, verdict = self._export, signing.verify(self._source, self._credentials.anchors)
        told = verdict.store["manifests"][verdict.label] if verdict else {}
        marks = [] if export.format.is_preview else _marks(told)
        definition = claims.definition(export, facts, self._film, told.get("title", ""), marks, self._tools.mining)
        parent = Parent(export.video_id, self._source)
        signed = signing.sign(definition, self._encoded, self._signed, self._credentials, parent=parent, tsa_url=self._tools.tsa_url)
        return signed.label

    def _reach(self, fraction: float) -> None:
        self._progress.beat()
        self._progress.fraction = fraction


def _marks(manifest: dict[str, Any]) -> list[str]:
    """The invisible marks that the film says to bear."""
    bindings = [each["data"]["alg"] for each in manifest.get("assertions", ()) if each["label"].startswith("c2pa.soft-binding")]
    return [algorithm for algorithm in soft_binding.ALGORITHMS if algorithm in bindings]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
