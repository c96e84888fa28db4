from kinora_kit.db import connect
from kinora_testkit import remains


async def test_only_rows_that_hold_a_word_are_found_whatever_their_columns_are_called(database_url):
    connection = await connect(database_url, "public")
    try:
        await connection.execute("create schema kept; create table kept.notes (word text, sought integer)")
        await connection.execute("insert into kept.notes values ('Eve was here', 1), ('nobody', 2)")
    finally:
        await connection.close()
    assert await remains.in_database(database_url, ["eve"]) == {"kept.notes.word": 1}
