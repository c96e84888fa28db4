import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_scaler.domain import Backlog, BadSelector, NoSuchEngine, Pool, quantity, selected, wanted

# As in k8s.io/apimachinery/pkg/api/resource: a number, and for thousandths an "m".
QUANTITY = re.compile(r"(0|[1-9][0-9]*)(m?)")
counts = st.integers(0, 3)


def parsed(text):
    number, milli = QUANTITY.fullmatch(text).groups()
    return Decimal(number) / (1000 if milli else 1)


@given(st.floats(0, 1e9))
def test_a_quantity_is_what_was_measured_to_a_thousandth(value):
    assert abs(parsed(quantity(value)) - Decimal(value)) <= Decimal("0.000501")


@given(st.integers(0, 2**53))
def test_whole_numbers_are_written_as_they_are(value):
    assert quantity(value) == str(value)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_what_counts_nothing_is_no_quantity(value):
    with pytest.raises(ValueError, match="is no quantity"):
        quantity(value)


@pytest.mark.parametrize(
    ("selector", "engines"),
    [
        ("", ["world-1", "ltx-2"]), ("engine=ltx-2", ["ltx-2"]), ("engine==ltx-2", ["ltx-2"]), ("engine = ltx-2", ["ltx-2"]),
        ("engine in (world-1,ltx-2)", ["world-1", "ltx-2"]), ("engine in (ltx-2)", ["ltx-2"]),
    ],
)  # fmt: skip
def test_a_selector_names_engines(selector, engines):
    assert selected(selector, ["world-1", "ltx-2"]) == engines


@pytest.mark.parametrize(
    "selector", ["engine", "!engine", "engine!=world-1", "engine=", "app=kinora", "engine=world-1,app=kinora", "engine in ()"]
)
def test_a_selector_that_is_not_understood_is_refused(selector):
    with pytest.raises((BadSelector, NoSuchEngine)):
        selected(selector, ["world-1"])


@given(minimum=counts, replicas=counts, waiting=counts, running=counts, idle_s=st.floats(0, 600))
def test_the_first_and_the_last_replica_alone_are_touched(minimum, replicas, waiting, running, idle_s):
    pool, backlog = Pool(engine="world-1", min=minimum), Backlog(waiting, running, 30.0 * waiting, 0, 0)
    target = wanted(pool, replicas, backlog, idle_s)
    if target != replicas:
        assert (replicas == 0 and waiting and target >= 1) or (target == 0 and minimum == 0 and not waiting + running and idle_s >= 300)
