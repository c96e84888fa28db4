"""Mails find their way, or say why not."""

from email import message_from_bytes, policy
from uuid import uuid4

from kinora_identity.clients import FolderPostman, Mail
from kinora_identity.settings import Settings
from kinora_kit.db import connect


async def test_a_busy_mail_server_is_tried_again(adapters, gateway, mailbox):
    address = f"patient_{uuid4().hex}@example.org"
    mailbox.refusals.append("451 later")
    await gateway("JoinWaitlist", email=address)
    connection = await connect(adapters.database_url, "identity")
    refused = "select exists (select from mails where address = $1 and tries = 1 and due_at < now() + interval '1 minute')"
    while not await connection.fetchval(refused, address):
        await connection.fetchval("select pg_sleep(0.02)")
    await connection.execute("update mails set due_at = now() where address = $1", address)
    await connection.close()
    assert await mailbox.token(address)


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
