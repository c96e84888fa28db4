"""A folder of weights, copied from a bucket onto a disk before an engine starts: whole and checked, or not at all."""

import fcntl
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from threading import Event, Lock

import obstore
from obstore.exceptions import BaseError

from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.store import Store, listed, open_store, read

SUMS, MANIFEST = "SHA256SUMS", "kinora.json"
_VERIFIED, _LOCK, _PART = ".verified", ".lock", ".part"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](?:\./)?(.+)")
_CHUNK = 16 << 20
Sums = dict[str, str]  # SHA-256 in hex by path
Tell = Callable[[str], None]


class WeightsFailed(Exception):
    """They are not all there; the message says why, and what would help. What was copied whole is kept for the next try."""


def fetch(url: str, folder: Path, *, at_once: int, tell: Tell) -> int:
    """Makes `folder` hold what SHA256SUMS at `url` (s3://bucket/prefix or file:///folder) names; returns how many files were copied.

    A file takes its name only when its sum is right, kinora.json last; files that are there already are not copied again. Whoever copies
    into the same folder at the same time waits. Raises WeightsFailed.
    """
    try:
        store = open_store(url)
        wanted = _wanted(store, url)
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, tell):
            return _Copy(store, url, folder, wanted).run(at_once, tell)
    except BackupFailed as wrong:
        raise WeightsFailed(str(wrong)) from wrong
    except BaseError as error:
        raise WeightsFailed(f"{url}: {str(error).partition(chr(10))[0].strip()}") from error
    except OSError as error:
        raise WeightsFailed(f"{error.filename or folder}: {error.strerror}") from error


class _Copy:
    def __init__(self, store: Store, url: str, folder: Path, wanted: Sums) -> None:
        self._store, self._url, self._folder, self._wanted = store, url, folder, wanted
        self._verified = read_sums((folder / _VERIFIED).read_text(), f"{folder / _VERIFIED}") if (folder / _VERIFIED).exists() else {}
        self._noting, self._given_up = Lock(), Event()

    def run(self, at_once: int, tell: Tell) -> int:
        sizes = self._sizes()
        self._forget_others()
        missing = {path: sizes[path] for path in self._wanted if not self._is_here(path, sizes[path])}
        self._check_room(sum(missing.values()))
        manifest = {MANIFEST: missing.pop(MANIFEST)} if MANIFEST in missing else {}
        if missing:
            (self._folder / MANIFEST).unlink(missing_ok=True)
            manifest = {MANIFEST: sizes[MANIFEST]}
        self._copy(missing, at_once, tell)
        self._copy(manifest, at_once, tell)
        copied = len(missing) + len(manifest)
        tell(f"{self._folder} is whole: {len(self._wanted)} files, {copied} of them copied now")
        return copied

    def _sizes(self) -> dict[str, int]:
        there = listed(self._store)
        if gone := [path for path in self._wanted if path not in there]:
            raise WeightsFailed(f"{self._url}: {SUMS} names {gone[0]!r}, which is not there")
        return {path: there[path].size for path in self._wanted}

    def _is_here(self, path: str, size: int) -> bool:
        found = self._folder / path
        return self._verified.get(path) == self._wanted[path] and found.is_file() and found.stat().st_size == size

    def _forget_others(self) -> None:
        """What an earlier set of weights left, or a copy that broke off."""
        for path in self._verified.keys() - self._wanted.keys():
            (self._folder / path).unlink(missing_ok=True)
        for part in self._folder.rglob(f"*{_PART}"):
            part.unlink()

    def _check_room(self, need: int) -> None:
        if (free := shutil.disk_usage(self._folder).free) < need:
            raise WeightsFailed(f"{self._folder}: {_gb(need)} are to be copied and {_gb(free)} are free: give it a larger volume")

    def _copy(self, sizes: dict[str, int], at_once: int, tell: Tell) -> None:
        done = 0
        with ThreadPoolExecutor(at_once) as pool:
            copies = {pool.submit(self._one, path, size): path for path, size in sizes.items()}
            try:
                for copy in as_completed(copies):
                    copy.result()
                    done += sizes[copies[copy]]
                    tell(f"{copies[copy]}: {_gb(done)} of {_gb(sum(sizes.values()))}")
            except BaseException:
                self._given_up.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _one(self, path: str, size: int) -> None:
        target = self._folder / path
        part = target.with_name(target.name + _PART)
        part.parent.mkdir(parents=True, exist_ok=True)
        found = hashlib.sha256()
        with part.open("wb") as file:
            for start in range(0, size, _CHUNK):
                if self._given_up.is_set():
                    return
                chunk = obstore.get_range(self._store, path, start=start, end=min(start + _CHUNK, size))
                found.update(chunk)
                file.write(chunk)
        if found.hexdigest() != self._wanted[path]:
            part.unlink()
            raise WeightsFailed(f"{self._url}: {path!r} is not what {SUMS} says: copy it into the bucket again, or make {SUMS} anew")
        part.replace(target)
        with self._noting, (self._folder / _VERIFIED).open("a") as verified:
            verified.write(f"{self._wanted[path]}  {path}\n")


def _wanted(store: Store, url: str) -> Sums:
    try:
        wanted = read_sums(read(store, SUMS).decode(), f"{url}: {SUMS}")
    except FileNotFoundError as missing:
        raise WeightsFailed(
            f"{url} holds no {SUMS}. Where the weights are whole: find . -type f ! -name {SUMS} -print0 | xargs -0 sha256sum > {SUMS}; "
            "and put it beside them"
        ) from missing
    if MANIFEST not in wanted:
        raise WeightsFailed(f"{url}: {SUMS} names no {MANIFEST}, which says what the weights are: docs/engines.md")
    return wanted


def read_sums(text: str, where: str) -> Sums:
    """What sha256sum writes; of two lines for one file the later. Raises WeightsFailed."""
    sums = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.fullmatch(line)
        if not found or not _is_inside(found[2]):
            raise WeightsFailed(f'{where}, line {number}: {line[:100]!r} is not "<sha256>  <path in the folder>"')
        sums[found[2]] = found[1]
    return sums


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and path not in {_VERIFIED, _LOCK} and not path.endswith(_PART)


@contextmanager
def _alone(folder: Path, tell: Tell) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"another copies into {folder}; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
