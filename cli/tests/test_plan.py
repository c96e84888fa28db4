"""What hardware a Kinora needs: laws that any planner must keep, and one example held."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_cli.main import app
from kinora_cli.plan import figures, queueing
from kinora_cli.plan.limits import limits
from kinora_cli.plan.sizing import Demand, Sizing
from typer.testing import CliRunner

FIGURES = figures.load()
SMALL = Demand(users=10_000, clips_per_day=2_000, seconds=8, width=1280, height=720, retention_days=365)
WORLD = Demand(users=200_000_000, clips_per_day=30_000_000, seconds=8, width=1280, height=720, retention_days=365, gpu_seconds=2)
demands = st.builds(
    Demand, st.integers(1, 10**8), st.floats(0, 10**6), st.floats(1, 60), st.sampled_from([320, 640, 1280, 1920]),
    st.sampled_from([180, 360, 720, 1080]), st.floats(0, 3650), st.none() | st.floats(0.1, 20),
)  # fmt: skip


def plan(demand, *given):
    return Sizing(demand, figures.load(given)).plan()


def needs(made):
    """Everything that costs."""
    numbers = {name: value for name, value in vars(made).items() if isinstance(value, int | float) and name != "wait_p95_s"}
    return numbers | dict(made.replicas) | dict(made.cost)


def never_less(less, more):
    assert not [name for name, value in needs(less).items() if needs(more)[name] < value * (1 - 1e-9)]


@given(demands, st.floats(1, 10))
def test_more_of_anything_never_needs_less(demand, times):
    base = plan(demand)
    for name in ("users", "clips_per_day", "retention_days"):
        more = {**vars(demand), name: type(getattr(demand, name))(getattr(demand, name) * times)}
        never_less(base, plan(Demand(**more)))


@given(demands)
def test_longer_and_larger_clips_never_need_less(demand):
    never_less(plan(demand), plan(Demand(**{**vars(demand), "seconds": demand.seconds * 1.5})))
    never_less(plan(demand), plan(Demand(**{**vars(demand), "width": demand.width * 2})))


@given(demands)
def test_engines_keep_what_was_promised(demand):
    made = plan(demand)
    assert made.wait_p95_s <= 60
    assert made.engines * 0.7 >= made.clips_in_the_making - 1e-6
    assert (made.gpus, made.engine_cores) == ((made.engines, 0) if demand.gpu_seconds else (0, made.engines))


@pytest.mark.parametrize(("servers", "load", "told"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (10, 8.0, 0.4092), (100, 90.0, 0.2169)])
def test_erlang_c_is_that_of_the_tables(servers, load, told):
    assert queueing.waits(servers, load) == pytest.approx(told, abs=2e-4)


def test_one_server_waits_as_its_closed_form_says():
    """M/M/1: P(W > t) = rho exp(-(1 - rho) t / s)."""
    waited = queueing.wait(1, 0.8, 10)
    assert 0.8 * math.exp(-0.2 * waited / 10) == pytest.approx(0.05)


def test_engines_that_cannot_keep_up_never_end():
    assert queueing.wait(3, 3.0, 10) == math.inf


def test_one_engine_less_breaks_the_promise():
    engines = queueing.servers_for(30, 13, 5, 1)
    assert queueing.wait(engines, 30, 13) <= 5 < queueing.wait(engines - 1, 30, 13)


def test_a_small_platform_is_held():
    """By hand: 2,000 clips a day, three times as many at the peak: 0.0694/s, each 8 x 1.6 s of a core: 0.89 cores."""
    made = plan(SMALL)
    assert made.clips_s == pytest.approx(2000 / 86_400 * 3)
    assert made.service_s == pytest.approx(12.8)
    assert (made.clips_in_the_making, made.engine_cores, made.gpus) == (pytest.approx(0.889, abs=1e-3), 2, 0)
    assert made.media_gb == pytest.approx(2000 * 365 * (0.165 * 8 + 0.15) / 1000, rel=1e-3)
    assert made.egress_gb_month == pytest.approx(2000 * 30.4 * 10 * 1.47 / 1000)
    assert made.cost["egress"] == pytest.approx(made.egress_gb_month * 0.05)
    assert made.total == pytest.approx(sum(made.cost.values()))


def test_at_the_size_of_the_internet_it_says_what_must_be_built_otherwise():
    made = plan(WORLD)
    said = " ".join(limits(WORLD, made, FIGURES))
    assert made.gpus == made.engines > 20_000
    for words in (
        "One Postgres does not take",
        "One Postgres does not hold",
        "Archive WAL",
        "pooler",
        "fingerprints",
        "No GPU was measured",
    ):
        assert words in said
    assert limits(Demand(100, 5, 8, 1280, 720, 30), plan(Demand(100, 5, 8, 1280, 720, 30)), FIGURES) == []


def test_every_figure_says_where_it_is_from():
    text = (figures._FILE.parents[4] / "docs" / "benchmarks.md").read_text()
    sections = {line.removeprefix("## ").partition(":")[0] for line in text.splitlines() if line.startswith("## ")}
    measured = [figure for figure in FIGURES.values() if figure.kind == "measured"]
    assert len(measured) > 10
    assert not [figure.name for figure in measured if figure.source.partition(":")[0] not in sections]
    assert all(figure.source and figure.unit for figure in FIGURES.values())


def asked(*arguments):
    return CliRunner().invoke(app, ["plan", "--users", "1000", "--clips-per-day", "100", *arguments])


def test_programs_get_the_same_plan_as_people():
    told = json.loads(asked("--json").stdout)
    made = plan(Demand(1000, 100, 8, 1280, 720, 365))
    assert told["plan"]["engine_cores"] == made.engine_cores
    assert told["plan"]["total"] == pytest.approx(made.total)
    shown = asked().stdout
    assert f"${made.total:,.0f}" in shown
    assert "Engine:" in shown


def test_prices_and_figures_can_be_set():
    free = json.loads(asked("--json", "--set", "price_egress_gb=0.0001", "--set", "peak_factor=10").stdout)
    assert free["figures"]["peak_factor"]["kind"] == "given"
    assert free["plan"]["cost"]["egress"] < 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--engine", "gpu"], "no GPU was measured here"),
        (["--gpu-seconds", "2"], "no GPU was measured here"),
        (["--size", "big"], "is no size"),
        (["--set", "price_beer=3"], "no figure"),
        (["--set", "peak_factor=-1"], "above 0"),
    ],
)
def test_what_makes_no_plan_is_said(arguments, told):
    refused = asked(*arguments)
    assert refused.exit_code == 2
    assert told in " ".join(refused.output.replace("│", " ").split())
