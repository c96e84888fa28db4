"""Laws that hold for every input."""

from hypothesis import given
from hypothesis import strategies as st
from kinora_gateway import ranges
from kinora_gateway.limits import Limiter

SIZES = st.integers(0, 10**6)


@given(SIZES, st.text(alphabet="bytes=-0123456789, x", max_size=30))
def test_a_range_lies_inside_the_file(size, header):
    try:
        span = ranges.wanted({"range": header}, size, '"e"')
    except ranges.NotSatisfiable:
        return
    assert span is None or 0 <= span[0] < span[1] <= size


@given(st.integers(1, 10**6), st.data())
def test_a_range_inside_the_file_is_served_as_asked(size, data):
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    assert ranges.wanted({"range": f"bytes={first}-{last}"}, size, '"e"') == (first, last + 1)


@given(st.integers(1, 100), st.lists(st.floats(0, 30), max_size=200))
def test_no_more_pass_than_the_rate_and_one_burst(per_minute, pauses):
    now = 0.0
    limiter = Limiter("requests", per_minute, clock=lambda: now)
    passed = 0
    for pause in pauses:
        now += pause
        passed += limiter.take("bob").retry_after_s == 0
    assert passed <= per_minute + now * per_minute / 60 + 1e-6


@given(st.integers(1, 100))
def test_who_waits_as_told_may_pass(per_minute):
    now = 0.0
    limiter = Limiter("requests", per_minute, clock=lambda: now)
    while not (wait := limiter.take("bob").retry_after_s):
        pass
    now += wait
    assert limiter.take("bob").retry_after_s == 0


def test_forgotten_keys_bound_the_memory():
    limiter = Limiter("requests", 5, max_keys=10)
    for n in range(100):
        limiter.take(f"key_{n}")
    assert len(limiter._buckets) == 10
