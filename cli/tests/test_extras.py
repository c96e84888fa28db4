"""The image of a service has the `kinora` command without what only a laptop needs."""

import sys

import kinora_cli
import pytest
from kinora_cli.main import app
from typer.testing import CliRunner


@pytest.mark.parametrize(
    ("command", "lacking", "extra"),
    [(["serve", "all"], "psutil", "embedded"), (["receipts", __file__, "--keys", __file__], "c2pa", "tools")],
)
def test_a_command_whose_extra_is_not_installed_says_which(monkeypatch, command, lacking, extra):
    for name in [name for name in sys.modules if name.startswith(("kinora_cli.embedded", "kinora_cli.receipts"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(kinora_cli, "receipts", raising=False)  # where another test has imported it
    monkeypatch.setitem(sys.modules, lacking, None)
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1
    assert f"{lacking} is not installed here: it comes with kinora[{extra}]" in told.output.replace("\n", " ")
