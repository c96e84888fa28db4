"""`kinora weights fetch`: what an engine finds on its disk is whole and checked, or is not there."""

import hashlib
import threading

import pytest
from kinora_cli import weights
from kinora_cli.main import app
from kinora_cli.weights import WeightsFailed, fetch
from kinora_testkit.objects import BUCKET
from obstore.store import S3Store
from typer.testing import CliRunner

FILES = {
    "kinora.json": b"{}",
    "transformer/model-00001-of-00002.safetensors": b"abc" * 999,
    "transformer/model-00002-of-00002.safetensors": b"x",
}


class Source:
    """A folder as it would lie in a bucket."""

    def __init__(self, folder):
        self.folder, self.url = folder, folder.as_uri()
        for path, data in FILES.items():
            self.put(path, data)
        self.sum_up(FILES)

    def put(self, path, data):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def sum_up(self, files):
        self.put("SHA256SUMS", "".join(f"{hashlib.sha256(data).hexdigest()}  ./{path}\n" for path, data in files.items()).encode())


@pytest.fixture
def source(tmp_path):
    return Source(tmp_path / "bucket")


@pytest.fixture
def copied(source, tmp_path):
    """Copies, and says how many files that took; `copied.folder` is where to."""

    def copy():
        copy.told = []
        return fetch(source.url, copy.folder, at_once=2, tell=copy.told.append)

    copy.folder = tmp_path / "weights"
    return copy


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name[0] != "."}


def test_every_file_that_the_sums_name_is_there_afterwards_and_nothing_else(source, copied):
    source.put("README.md", b"not named")
    assert copied() == 3
    assert contents(copied.folder) == FILES
    assert copied.told[-1] == f"{copied.folder} is whole: 3 files, 3 of them copied now"


def test_a_second_time_nothing_is_copied(copied):
    assert (copied(), copied()) == (3, 0)


def test_what_broke_off_goes_on_with_the_files_that_are_missing(source, copied):
    source.put("transformer/model-00002-of-00002.safetensors", b"y")
    with pytest.raises(WeightsFailed, match=r"'transformer/model-00002-of-00002\.safetensors' is not what SHA256SUMS says"):
        copied()
    assert "kinora.json" not in contents(copied.folder)
    source.put("transformer/model-00002-of-00002.safetensors", b"x")
    assert copied() <= 2 + 1
    assert contents(copied.folder) == FILES


def test_new_weights_of_the_same_sizes_take_the_place_of_the_old_and_what_is_no_longer_named_goes(source, copied):
    copied()
    new = {"kinora.json": b"{}", "transformer/model-00001-of-00002.safetensors": b"cba" * 999}
    source.put("transformer/model-00001-of-00002.safetensors", b"cba" * 999)
    source.sum_up(new)
    copied()
    assert contents(copied.folder) == new


def test_two_that_copy_into_one_folder_take_turns(copied, tmp_path):
    copied()
    with weights._alone(copied.folder, print):
        other = threading.Thread(target=copied)
        other.start()
        other.join(0.2)
        assert other.is_alive()
        assert copied.told == [f"another copies into {copied.folder}; waiting for it"]
    other.join(10)
    assert copied.told[-1].endswith("0 of them copied now")


@pytest.mark.parametrize(
    ("sums", "told"),
    [
        ("what is this", "SHA256SUMS, line 1: 'what is this' is not"),
        (f"{'0' * 64}  ../../etc/passwd", "line 1: .* is not"),
        (f"{'0' * 64}  /etc/passwd", "line 1: .* is not"),
        (f"{'0' * 64}  vae/model.safetensors", "names no kinora.json"),
        (f"{'0' * 64}  kinora.json\n{'0' * 64}  vae/model.safetensors", "names 'vae/model.safetensors', which is not there"),
    ],
)
def test_sums_that_cannot_be_followed_are_refused_by_line_and_name(source, copied, sums, told):
    source.put("SHA256SUMS", sums.encode())
    with pytest.raises(WeightsFailed, match=told):
        copied()


def test_a_folder_without_sums_is_told_how_to_make_them(source, copied):
    (source.folder / "SHA256SUMS").unlink()
    with pytest.raises(WeightsFailed, match="xargs -0 sha256sum > SHA256SUMS"):
        copied()


def test_a_volume_that_is_too_small_is_named_before_anything_is_copied(source, copied, monkeypatch):
    monkeypatch.setattr(weights.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 0}))
    with pytest.raises(WeightsFailed, match="give it a larger volume"):
        copied()
    assert contents(copied.folder) == {}


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    done = CliRunner().invoke(app, ["weights", "fetch", "https://example.org/weights", str(tmp_path)])
    assert (done.exit_code, "use file:///folder or s3://bucket/prefix" in " ".join(done.output.split())) == (1, True)


@pytest.mark.slow
def test_from_a_bucket_too(objects, monkeypatch, tmp_path):
    for name, value in objects.environment.items():
        monkeypatch.setenv(name, value)
    big = FILES | {"vae/model.safetensors": bytes(range(256)) * 150_000}  # in several chunks
    source = Source(tmp_path / "local")
    source.put("vae/model.safetensors", big["vae/model.safetensors"])
    source.sum_up(big)
    bucket = S3Store(BUCKET, prefix=f"{tmp_path.name}/ltx2")
    for path in [*big, "SHA256SUMS"]:
        bucket.put(path, source.folder / path)
    url, folder = f"s3://{BUCKET}/{tmp_path.name}/ltx2", tmp_path / "weights"
    assert fetch(url, folder, at_once=4, tell=print) == 4
    assert contents(folder) == big
    with pytest.raises(WeightsFailed, match=r"holds no SHA256SUMS"):
        fetch(f"{url}-not", folder, at_once=4, tell=print)
