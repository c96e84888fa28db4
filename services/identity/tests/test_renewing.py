"""The internal secret is renewed: nothing that was closed is lost, nobody has to sign in again."""

import time
from uuid import uuid4

import pytest
from kinora_identity import totp
from kinora_identity.envelope import Envelope, ReplyExpired
from kinora_identity.main import build
from kinora_identity.renewing import Closed, renew_all
from kinora_identity.signing_keys import SigningKeys
from kinora_kit.db import Database, connect, migrate

OLD, NEW = b"old-secret" * 4, b"new-secret" * 4
BOTH = NEW + b" " + OLD


def test_two_secrets_open_what_either_closed_and_the_first_closes():
    closed = Envelope(OLD).close("words")
    assert Envelope(BOTH).open(closed) == "words"
    assert Envelope(NEW).open(Envelope(BOTH).close("words")) == "words"
    assert Envelope(NEW).open(Envelope(BOTH).renewed(closed)) == "words"
    with pytest.raises(ReplyExpired):
        Envelope(NEW).open(closed)


def test_a_passphrase_with_spaces_is_one_secret():
    closed = Envelope(b"correct horse battery staple").close("words")
    with pytest.raises(ReplyExpired):
        Envelope(b"correct").open(closed)


def test_what_is_closed_by_the_newest_or_by_a_stranger_stays_as_it_is():
    assert Envelope(BOTH).renewed(Envelope(NEW).close("words")) is None
    assert Envelope(BOTH).renewed(Envelope(b"a stranger").close("words")) is None


@pytest.fixture
async def database(adapters):
    database = Database(adapters.database_url, "identity")
    yield database
    await database.close()


async def test_an_authenticator_app_outlives_the_old_secret(adapters, database, ada):
    connection = await connect(adapters.database_url, "identity")
    mine, secret = ada.identity.account_id, totp.new_secret()
    await connection.execute(
        "insert into totp (account_id, closed_secret) values ($1, $2)", mine, Envelope(OLD, "authenticator apps").close(secret)
    )
    await renew_all(database, [Closed("totp", "account_id", "closed_secret", Envelope(BOTH, "authenticator apps"))])
    kept = await connection.fetchval("delete from totp where account_id = $1 returning closed_secret", mine)
    await connection.close()
    assert Envelope(NEW, "authenticator apps").open(kept) == secret


async def test_more_than_a_page_is_renewed_and_mails_without_words_are_passed_by(adapters, database):
    connection = await connect(adapters.database_url, "identity")
    address = f"{uuid4().hex}@example.org"
    rows = [(address, "x", Envelope(OLD, "mails").close(str(n))) for n in range(501)] + [(address, "x", None)]
    statement = "insert into mails (address, subject, closed_body, done_at) values ($1, $2, $3, now())"
    await connection.executemany(statement, rows)
    await renew_all(database, [Closed("mails", "id", "closed_body", Envelope(BOTH, "mails"))])
    kept = await connection.fetch("delete from mails where address = $1 and closed_body is not null returning closed_body", address)
    await connection.close()
    assert sorted(int(Envelope(NEW, "mails").open(row[0])) for row in kept) == list(range(501))


async def test_tokens_signed_before_are_good_after(adapters):
    await migrate(adapters.database_url, "identity_renewed", build(adapters).migrations)
    database = Database(adapters.database_url, "identity_renewed")
    before = SigningKeys(database, Envelope(OLD, "signing keys"))
    await before.ensure()
    await before.sign({"sub": "acct_1", "exp": int(time.time()) + 60})
    await renew_all(database, [Closed("signing_keys", "kid", "closed_private", Envelope(BOTH, "signing keys"))])
    after = SigningKeys(database, Envelope(NEW, "signing keys"))
    await after.ensure()
    assert await after.jwks() == await before.jwks()
    assert await after.sign({"sub": "acct_1", "exp": int(time.time()) + 60})
    await database.close()
