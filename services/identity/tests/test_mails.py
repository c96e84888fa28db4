"""Mails find their way, or say why not."""

import asyncio
from email import message_from_bytes, policy
from uuid import uuid4

from kinora_identity.clients import FolderPostman, Mail
from kinora_identity.metrics import watch_mails
from kinora_identity.settings import Settings
from kinora_kit.db import Database, connect
from kinora_testkit.figures import figure
from sqlalchemy import text


async def test_a_busy_mail_server_is_tried_again(adapters, gateway, mailbox):
    address = f"patient_{uuid4().hex}@example.org"
    mailbox.refusals.append("451 later")
    sent, again = (figure("kinora_identity_mails_total", outcome=outcome) for outcome in ("sent", "again"))
    await gateway("JoinWaitlist", email=address)
    connection = await connect(adapters.database_url, "identity")
    refused = "select exists (select from mails where address = $1 and tries = 1 and due_at < now() + interval '1 minute')"
    while not await connection.fetchval(refused, address):
        await connection.fetchval("select pg_sleep(0.02)")
    await connection.execute("update mails set due_at = now() where address = $1", address)
    await connection.close()
    assert await mailbox.token(address)
    while figure("kinora_identity_mails_total", outcome="sent") <= sent:  # noqa: ASYNC110 - it is counted a moment after
        await asyncio.sleep(0.02)
    assert figure("kinora_identity_mails_total", outcome="again") == again + 1


async def test_without_a_mail_server_mails_are_private_files(tmp_path, settings):
    await FolderPostman(Settings(), tmp_path / "mails").send(Mail(7, "ada@example.org", "Hello", "Good day, Ada: ä\n"))
    (written,) = (tmp_path / "mails").iterdir()
    mail = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"], mail.get_content()) == ("ada@example.org", "Hello", "Good day, Ada: ä\n")
    assert written.stat().st_mode & 0o777 == 0o600


async def test_a_link_can_be_copied_from_the_file(tmp_path, settings):
    link = "http://127.0.0.1:8000/confirm?token=km_" + "x" * 38
    await FolderPostman(Settings(), tmp_path).send(Mail(8, "ada@example.org", "Hello", f"Open this:\n\n{link}\n"))
    assert link in (tmp_path / "000008.eml").read_text().splitlines()


async def test_mails_that_were_written_as_files_go_with_whom_they_were_for(tmp_path):
    postman = FolderPostman(Settings(), tmp_path)
    for number, address in enumerate(["eve@example.org", "Eve@Example.org", "bob@example.org"]):
        await postman.send(Mail(number, address, "Hello", "Hi"))
    await postman.forget("eve@example.org")
    assert [path.name for path in tmp_path.iterdir()] == ["000002.eml"]


async def test_operators_see_mails_that_wait_and_for_how_long(adapters, gateway, mailbox):
    database = Database(adapters.database_url, "identity")
    late = "insert into mails (address, subject, due_at, created_at) values ('x', 'Hello', 'infinity', now() - interval '1 hour')"
    async with database.begin() as tx:
        await tx.execute(text(late))
    watching = asyncio.create_task(watch_mails(database))
    while not figure("kinora_identity_mails_waiting") >= 1:  # noqa: ASYNC110 - a gauge tells nobody
        await asyncio.sleep(0.02)
    assert figure("kinora_identity_mails_oldest_age_seconds") >= 3600
    watching.cancel()
    await asyncio.wait({watching})
    async with database.begin() as tx:
        await tx.execute(text("delete from mails where address = 'x'"))
    await database.close()
