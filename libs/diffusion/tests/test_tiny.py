"""`make tiny-models`: weights for tests, built once and again whenever their builder changes."""

import json

import pytest
from kinora_diffusion import tiny
from kinora_diffusion.tiny.__main__ import main


@pytest.fixture
def builder(monkeypatch):
    """Counts what is built instead of building."""
    built = []

    class Builder:
        @staticmethod
        def build(folder):
            built.append(folder.name)
            folder.mkdir()

    monkeypatch.setattr(tiny, "import_module", lambda _: Builder)
    return built


def test_both_families_lie_in_folders_of_some_mb_that_say_that_they_are_random(tiny_models):
    for family in tiny.FAMILIES:
        told = json.loads((tiny_models / family / "kinora.json").read_text())
        assert (told["family"], told["licence"], told["random"]) == (family, "none", True)
        assert sum(file.stat().st_size for file in (tiny_models / family).rglob("*") if file.is_file()) < 40e6


def test_what_is_built_is_not_built_again(builder, tmp_path):
    tiny.ensure(tmp_path, ["cosmos3"])
    tiny.ensure(tmp_path)
    assert builder == ["cosmos3", "ltx2"]


def test_a_changed_builder_builds_again(builder, tmp_path, monkeypatch):
    tiny.ensure(tmp_path, ["cosmos3"])
    monkeypatch.setattr(tiny, "version", lambda _: "next")
    tiny.ensure(tmp_path, ["cosmos3"])
    assert builder == ["cosmos3", "cosmos3"]


def test_an_unknown_family_is_refused_by_name(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.argv", ["tiny", str(tmp_path), "cosmos4"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no family 'cosmos4': it is ltx2 or cosmos3" in capsys.readouterr().err
