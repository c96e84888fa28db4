"""Settings follow from the GPU's memory where the operator says nothing."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from kinora_diffusion import schedule
from kinora_diffusion.memory import fitting, plan
from kinora_diffusion.settings import Settings
from pydantic import ValidationError

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    ("gib", "fp8", "offload", "tiling"),
    [(140, False, False, False), (79, False, False, True), (70, True, False, True), (47, True, True, True), (24, True, True, True)],
)
def test_the_less_memory_the_more_is_saved(gib, fp8, offload, tiling):
    assert fitting(gib) == (fp8, offload, tiling)


def test_a_cpu_computes_in_full_precision_with_nothing_of_this(tmp_path):
    found = plan(Settings(weights=tmp_path, device="cpu"))
    assert (found.dtype, found.fp8, found.offload, found.tiling) == (torch.float32, False, False, False)


def test_what_the_operator_sets_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("DIFFUSION_TILING", "true")
    monkeypatch.setenv("DIFFUSION_DTYPE", "bfloat16")
    found = plan(Settings(weights=tmp_path, device="cpu"))
    assert (found.dtype, found.tiling) == (torch.bfloat16, True)


def test_a_size_that_is_none_is_told(tmp_path):
    with pytest.raises(ValidationError, match="sizes"):
        Settings(weights=tmp_path, sizes="big")


def test_sizes_are_listed_in_one_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("DIFFUSION_SIZES", "768x512, 1280x720")
    assert Settings(weights=tmp_path).sizes == ("768x512", "1280x720")


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=40, unique=True).map(lambda s: sorted(s, reverse=True)), st.integers(1, 50))
def test_fewer_steps_begin_and_end_where_more_do(sigmas, count):
    found = schedule.thinned(sigmas, count)
    assert len(found) == min(count, len(sigmas))
    assert found[0] == sigmas[0]
    assert found == sorted(set(found), reverse=True)
    assert count == 1 or found[-1] == sigmas[-1]


@given(st.integers(1, 60), st.floats(0.01, 1))
def test_the_more_is_kept_the_fewer_steps_are_left(count, kept):
    sigmas = schedule.even(count)
    assert schedule.last(sigmas, kept)[-1] == sigmas[-1]
    assert len(schedule.last(sigmas, kept)) == max(1, round(count * (1 - kept)))
