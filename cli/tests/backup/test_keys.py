"""Keys are kept elsewhere, and a restore says early which one is missing."""

import re

import pytest
from kinora_cli.backup import keys
from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.postgres import connection_environment


@pytest.fixture
def given(monkeypatch, tmp_path):
    def fingerprints(secret="", **environment):
        for name in ("CAMEO_MASTER_KEYS", "PROVENANCE_MARK_KEYS"):
            monkeypatch.setenv(name, environment.get(name, ""))
        return keys.fingerprints(tmp_path, secret)

    return fingerprints


def test_the_key_that_is_missing_is_named(given):
    needed = given("a secret", CAMEO_MASTER_KEYS='{"2025": "b2xk", "2026": "bmV3"}', PROVENANCE_MARK_KEYS="1:aa")
    with pytest.raises(BackupFailed, match=r"master key '2026' with fingerprint [0-9a-f]{16} \(CAMEO_MASTER_KEYS\)"):
        keys.check(needed, given("a secret", CAMEO_MASTER_KEYS='{"2025": "b2xk"}', PROVENANCE_MARK_KEYS="1:aa"))
    with pytest.raises(BackupFailed, match="internal secret"):
        keys.check(needed, given("another", CAMEO_MASTER_KEYS='{"2025": "b2xk", "2026": "bmV3"}', PROVENANCE_MARK_KEYS="1:aa"))


def test_more_keys_than_are_needed_are_fine(given):
    needed = given("old", CAMEO_MASTER_KEYS='{"2025": "b2xk"}', PROVENANCE_MARK_KEYS="1:aa")
    keys.check(needed, given("new old", CAMEO_MASTER_KEYS='{"2025": "b2xk", "2026": "bmV3"}', PROVENANCE_MARK_KEYS="2:bb 1:aa"))


def test_keys_of_the_state_directory_count(given, tmp_path):
    (tmp_path / "internal.secret").write_text("made-here")
    (tmp_path / "cameo_master.key").write_text("a2V5\n")
    assert sorted(line.split()[0] for line in given()) == ["CAMEO_MASTER_KEYS", "KINORA_INTERNAL_SECRET"]
    assert keys.missing_kinds(given()) == ["mark key (PROVENANCE_MARK_KEYS)"]


def test_a_fingerprint_tells_nothing_of_its_key(given):
    assert re.fullmatch("KINORA_INTERNAL_SECRET - [0-9a-f]{16}", *given("my-secret-words"))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://kinora:p%40ss@db:5433/kinora?sslmode=verify-full&sslrootcert=/ca.crt",
         {"PGHOST": "db", "PGPORT": "5433", "PGUSER": "kinora", "PGPASSWORD": "p@ss", "PGDATABASE": "kinora",
          "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.crt"}),
        ("postgresql://postgres:@/postgres?host=/tmp/socket", {"PGUSER": "postgres", "PGDATABASE": "postgres", "PGHOST": "/tmp/socket"}),  # noqa: S108
    ],
)  # fmt: skip
def test_the_address_of_a_database_reaches_its_tools_by_the_environment(url, told):
    assert connection_environment(url) == told
