"""Whatever is done in the sandbox ends there."""

import sys
import tempfile
import textwrap

import pytest
from kinora_media import sandbox

LIMITS = sandbox.Limits(memory_bytes=200_000_000, cpu_s=2, wall_s=5, output_bytes=100_000)


@pytest.fixture
def sandboxed(tmp_path, monkeypatch):
    """Runs a few lines of Python as the program in the sandbox; its standard output."""

    def run(lines, **limits):
        (tmp_path / "program_in_box.py").write_text(textwrap.dedent(lines))
        monkeypatch.setattr(sandbox.sys, "executable", str(wrapper(tmp_path)))
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
            source.write(b"from outside")
            sandbox.run("program_in_box", source=source, output=output, limits=LIMITS.__class__(**{**fields(), **limits}))
            output.seek(0)
            return output.read()

    return run


def fields():
    return {name: getattr(LIMITS, name) for name in ("memory_bytes", "cpu_s", "wall_s", "output_bytes")}


def wrapper(folder):
    """A Python that finds modules in `folder`."""
    script = folder / "python"
    code = f"import sys, runpy; sys.path.insert(0, {str(folder)!r}); sys.argv = sys.argv[3:]; "
    code += "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    script.chmod(0o755)
    return script


def test_a_program_reads_its_file_and_answers(sandboxed):
    assert sandboxed("import sys; print(sys.stdin.read().upper())") == b"FROM OUTSIDE\n"


def test_a_refusal_is_told_in_the_programs_words(sandboxed):
    with pytest.raises(sandbox.Refused, match=r"^Not with these shoes\.$"):
        sandboxed("from kinora_media.sandbox import refuse; refuse('Not with these shoes.')")


@pytest.mark.parametrize(
    "lines",
    [
        "x = bytearray(500_000_000)",
        "import sys; sys.stdout.write('x' * 200_000)",
        "raise RuntimeError('broken')",
        "import os; os.kill(os.getpid(), 11)",
    ],
    ids=["memory", "output", "error", "crash"],
)
def test_too_much_memory_or_output_and_crashes_end_it(sandboxed, lines):
    with pytest.raises(sandbox.Broke) as broke:
        sandboxed(lines)
    assert not broke.value.timed_out


@pytest.mark.parametrize("lines", ["while True: pass", "import time; time.sleep(60)"], ids=["processor", "clock"])
def test_time_runs_out(sandboxed, lines):
    with pytest.raises(sandbox.Broke) as broke:
        sandboxed(lines, cpu_s=1, wall_s=3)
    assert broke.value.timed_out


def test_our_secrets_stay_outside(sandboxed, monkeypatch):
    monkeypatch.setenv("KINORA_INTERNAL_SECRET", "hush")
    assert b"hush" not in sandboxed("import os; print(dict(os.environ))")
