"""Keys are not in the backups. Their fingerprints are, so that a restore can say early which one is missing."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from kinora_cli.backup.errors import BackupFailed

_INTERNAL, _MASTER, _MARKS = "KINORA_INTERNAL_SECRET", "CAMEO_MASTER_KEYS", "PROVENANCE_MARK_KEYS"
_WORDS = {_INTERNAL: "internal secret", _MASTER: "master key", _MARKS: "mark key"}


def fingerprints(state_dir: Path, internal_secret: str) -> list[str]:
    """One per key at hand, from the environment or the state directory: "<variable> <id> <16 hex digits>". Raises BackupFailed."""
    internal = internal_secret or _file(state_dir / "internal.secret")
    master = os.environ.get(_MASTER) or _local(_file(state_dir / "cameo_master.key"))
    marks = os.environ.get(_MARKS) or _file(state_dir / "marks" / "keys")
    found = [_line(_INTERNAL, "-", secret) for secret in internal.split()]
    found += [_line(_MASTER, key_id, key) for key_id, key in _by_id(master).items()]
    return found + [_line(_MARKS, *key.split(":", 1)) for key in marks.split() if ":" in key]


def check(needed: Iterable[str], given: Iterable[str]) -> None:
    """Raises BackupFailed, which names what is missing."""
    missing = sorted(set(needed) - set(given))
    if missing:
        raise BackupFailed(
            f"The backup needs keys that are not given: {'; '.join(map(_described, missing))}. Bring them from where you keep them "
            "(docs/backup.md), or say --without-keys: what they protect will not open."
        )


def missing_kinds(given: Iterable[str]) -> Sequence[str]:
    """Words for the kinds of keys of which none is at hand: a restore will not be able to check them."""
    there = {line.split()[0] for line in given}
    return [f"{words} ({variable})" for variable, words in _WORDS.items() if variable not in there]


def _described(line: str) -> str:
    variable, key_id, digits = line.split()
    return f"{_WORDS.get(variable, 'key')} {'' if key_id == '-' else repr(key_id) + ' '}with fingerprint {digits} ({variable})"


def _line(variable: str, key_id: str, key: str) -> str:
    return f"{variable} {key_id} {hmac.digest(key.encode(), b'kinora backup fingerprint v1', hashlib.sha256)[:8].hex()}"


def _by_id(text: str) -> dict[str, str]:
    try:
        return dict(json.loads(text or "{}"))
    except ValueError as error:
        raise BackupFailed(f'{_MASTER} is no JSON object of keys by id, as {{"2026": "<base64>"}}.') from error


def _local(text: str) -> str:
    return json.dumps({"local": text}) if text else ""


def _file(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""
