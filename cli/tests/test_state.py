import os
import stat

import pytest
from kinora_cli import state


def test_the_internal_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    secret = state.internal_secret(tmp_path)
    assert state.internal_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "internal.secret").stat().st_mode) == 0o600


def test_credentials_can_be_sourced_and_read_back(tmp_path):
    (tmp_path / "first_admin.key").write_text("kn_secret\n")
    state.write_credentials(tmp_path, "http://127.0.0.1:8000")
    assert state.read_credentials(tmp_path) == {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1", "OPENAI_API_KEY": "kn_secret"}


def test_a_pid_file_left_by_a_dead_process_does_not_block(tmp_path):
    (tmp_path / "kinora.pid").write_text("999999999")
    assert state.running_pid(tmp_path) is None
    assert int(state.claim(tmp_path).read_text()) == os.getpid()


def test_a_second_platform_in_the_same_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(state, "running_pid", lambda _: 4242)
    with pytest.raises(state.AlreadyRunning, match="4242"):
        state.claim(tmp_path)


def test_no_port_is_given_twice():
    assert len({state.free_port() for _ in range(3000)}) == 3000  # of 22,000, where chance alone would give some 190 of them again
