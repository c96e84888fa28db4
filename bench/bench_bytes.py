"""What a finished clip takes in Postgres, by table: rows as the services write them, many of them, with their indexes.

    .venv/bin/python bench/bench_bytes.py [--clips 300]

A clip of 8 s has 176 hashes of pictures and 688 words of sound (docs/benchmarks.md, Fingerprints). Hashes, words and manifests are random,
as the real ones are to Postgres; the storyboard is that of the sample prompt. Outbox and inbox go after 30 days, the rest stays.
"""
# ruff: noqa: S608 - our own expressions

import argparse
import asyncio
import tempfile
from importlib.resources import files
from pathlib import Path

import asyncpg
from kinora_cli.embedded.postgres import Postgres
from kinora_cli.main import SAMPLE_PROMPT
from kinora_kit import db
from kinora_world.director import direct
from rich.console import Console
from rich.table import Table

_VIDEOS = """
insert into generation.videos (
  id, account_id, state, model, prompt, negative_prompt, width, height, fps, duration, seconds, seed, storyboard, notes, first_frame_key,
  remixed_from, traceparent, estimate, ended_at, attempt_id, raw_key, video_key, thumbnail_key, spritesheet_key, captions_key
)
select 'video_' || md5(n::text), 'acct_' || md5((n % 50)::text), 'completed', 'world-1', $1, '', 1280, 720, 24, 8, 8, n, $2, '{}', '', '',
  repeat('0', 55), 12, now(), md5(n::text), k, k, k, k, k
from (select n, 'videos/video_' || md5(n::text) || '/' || md5(n::text) || '/sealed/video.mp4' as k from generate_series(1, $3) n) made
"""
_BITS = "('x' || md5(random()::text) || md5(random()::text))::bit(256)"
_FRAMES = f"""
insert into provenance.frame_prints
select 'video_' || md5(n::text), t / 22.0, case when t % 2 = 0 then array[0.1, 0.2, 0.5]::real[] end, {_BITS}
from generate_series(1, $1) n, generate_series(1, 176) t
"""
_SOUNDS = """
insert into provenance.sound_prints select (random() * 4e9 - 2e9)::integer, 'video_' || md5(n::text), t
from generate_series(1, $1) n, generate_series(1, 688) t
"""
_MANIFEST = "(select string_agg(decode(md5(random()::text || n), 'hex'), '') from generate_series(1, 290))"
_SEALS = f"""
insert into provenance.seals (
  video_id, attempt_id, account_id, video_key, manifest, manifest_label, validation_state, signer, development, sha256, size_bytes, identity
)
select 'video_' || md5(n::text), md5(n::text), 'acct_' || md5((n % 50)::text), 'videos/video_' || md5(n::text) || '/sealed/video.mp4',
  {_MANIFEST}, 'urn:c2pa:' || md5(n::text), 'Trusted', 'Kinora', false, md5(n::text) || md5(n::text), 1300000, n
from generate_series(1, $1) n
"""
_FILMS = """
insert into provenance.films (identity, video_id, attempt_id, account_id, engine, engine_version, trained)
select n, 'video_' || md5(n::text), md5(n::text), 'acct_' || md5((n % 50)::text), 'world', '1', false from generate_series(1, $1) n
"""
_OUTBOX = """
insert into generation.outbox (event_id, topic, type, key, payload, traceparent, published_at)
select gen_random_uuid(), 'kinora.generation.v1', 'kinora.generation.v1.VideoCompleted', 'video_' || md5(n::text),
  decode(repeat(md5(n::text), 15), 'hex'), repeat('0', 55), now()
from generate_series(1, $1 * 5) n
"""
_INBOX = "insert into provenance.inbox select 'provenance', gen_random_uuid() from generate_series(1, $1 * 10) n"
_SIZE = "select pg_total_relation_size($1::text::regclass)"


async def measured(url: str, clips: int) -> list[tuple[str, float]]:
    """KB a clip, by table."""
    for service in ("generation", "provenance"):
        await db.migrate(url, service, Path(str(files(f"kinora_{service}"))) / "migrations")
    connection = await db.connect(url, "public")
    try:
        storyboard = direct(SAMPLE_PROMPT, seconds=8, width=1280, height=720, seed=7).storyboard.model_dump_json()
        await connection.execute(_VIDEOS, SAMPLE_PROMPT, storyboard, clips)
        for statement in (_FRAMES, _SOUNDS, _SEALS, _FILMS, _OUTBOX, _INBOX):
            await connection.execute(statement, clips)
        return [(table, await _kb(connection, table) / clips) for table in _TABLES]
    finally:
        await connection.close()


_TABLES = (
    "generation.videos",
    "provenance.frame_prints",
    "provenance.sound_prints",
    "provenance.seals",
    "provenance.films",
    "generation.outbox",
    "provenance.inbox",
)


async def _kb(connection: asyncpg.Connection, table: str) -> float:
    return int(await connection.fetchval(_SIZE, table)) / 1000


async def main(clips: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Postgres(Path(folder) / "data")
        await server.start()
        try:
            found = await measured(server.url, clips)
        finally:
            await server.stop()
    table = Table("table", "KB a clip")
    for name, size in [*found, ("together", sum(size for _, size in found))]:
        table.add_row(name, f"{size:.1f}")
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=300)
    asyncio.run(main(parser.parse_args().clips))
