"""What is left of somebody: every column of every table of every schema, and every file of a folder."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import asyncpg
from kinora_kit.db import connect

_COLUMNS = """
select table_schema, table_name, column_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""
# Qualified, since a column may be called as anything here.
_HOLDING = """
select count(*) from {} looked
where exists (select from unnest($1::text[]) said(word) where position(said.word in lower(looked.{}::text)) > 0)
"""


async def in_database(url: str, words: Iterable[str]) -> Mapping[str, int]:
    """How many rows hold one of the words, in any case, by "schema.table.column"; those with none are left out."""
    connection = await connect(url, "public")
    try:
        found = {f"{schema}.{table}.{column}": await _holding(connection, schema, table, column, list(words))
                 for schema, table, column in await connection.fetch(_COLUMNS)}  # fmt: skip
    finally:
        await connection.close()
    return {place: count for place, count in found.items() if count}


def in_folder(folder: Path, words: Iterable[str]) -> set[str]:
    """The files whose path or bytes hold one of the words."""
    sought = [word.lower().encode() for word in words]
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name for name, path in files.items() if any(word in (name.encode() + path.read_bytes()).lower() for word in sought)}


async def _holding(connection: asyncpg.Connection, schema: str, table: str, column: str, words: list[str]) -> int:
    """Bytes are shown as hex, so that they are sought as such too."""
    sought = [word.lower() for word in words] + [word.encode().hex() for word in words]
    statement = _HOLDING.format(f'"{schema}"."{table}"', f'"{column}"')
    return int(await connection.fetchval(statement, sought))
