"""bench/bench_gpu.py, which only a GPU can run in earnest: it is put together at full size here, and runs with tiny weights."""

import sys
from pathlib import Path

import pytest
import torch


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "bench"))
    import bench_gpu  # noqa: PLC0415 - no package

    return bench_gpu


@pytest.fixture
def told(bench, monkeypatch, capsys):
    """What it prints with tiny weights, by row."""

    def run(*variants):
        monkeypatch.setattr(sys, "argv", ["bench_gpu", "--tiny", "--runs", "1", "--variants", *variants])
        bench.main()
        rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in capsys.readouterr().out.splitlines()]
        return {row[0]: row[1:] for row in rows if len(row) > 1}

    return run


def test_at_full_size_the_transformer_has_the_published_number_of_parameters(bench):
    pipe = bench.full(torch.device("meta"), torch.bfloat16)
    assert 18.5e9 < sum(p.numel() for p in pipe.transformer.parameters()) < 19.5e9
    assert {p.dtype for p in pipe.transformer.parameters()} == {torch.bfloat16}
    assert (pipe.vae_spatial_compression_ratio, pipe.vae_temporal_compression_ratio) == (32, 8)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_with_tiny_weights_every_row_is_measured_or_says_why_not(told):
    rows = told("eager", "fp8", "eager, flash-attn")
    assert [float(rows[name][0]) > 0 for name in ("eager", "fp8")] == [True, True]
    assert rows["eager"][2] == "1.00"
    assert "Error" in rows["eager, flash-attn"][0]
