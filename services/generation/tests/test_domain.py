from hypothesis import given
from hypothesis import strategies as st
from kinora_generation.domain import Place, Rate, State, charged, ended, joined, may_become, remaining, retry_delay, work

seconds = st.floats(0.1, 1e4)


@given(st.sampled_from(State), st.sampled_from(State))
def test_nothing_follows_an_end(state, to):
    assert not (ended(state) and may_become(state, to))


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_idleness_earns_no_credit(tag, virtual_time):
    assert joined(tag, virtual_time) >= virtual_time
    assert joined(tag, virtual_time) >= tag


@given(st.floats(0, 1e4), seconds, st.floats(0.5, 10))
def test_what_is_given_back_cancels_the_charge(tag, cost, weight):
    assert abs(charged(charged(tag, cost, weight), -cost, weight) - tag) < 1e-6


@given(st.integers(1, 1000))
def test_the_wait_grows_with_each_loss_up_to_a_minute(losses):
    assert 1 <= retry_delay(losses, base_s=1) <= retry_delay(losses + 1, base_s=1) <= 60


@given(seconds)
def test_the_rate_comes_to_what_is_measured(measured):
    rate = Rate(10.0)
    for _ in range(100):
        rate = rate.refined(measured, 1, 8 * measured)
    assert abs(rate.rate - measured) < measured * 1e-3 + 1e-3
    assert abs(rate.per_second - 8) < 1e-3


def test_work_is_pixels_times_seconds():
    assert work(1000, 500, 4) == 2


def test_a_running_job_is_timed_by_its_own_pace():
    assert remaining(100, 10, 0.5) == 10
    assert remaining(100, 10, 0.01) == 90


def test_a_waiting_job_counts_what_is_ahead_and_itself():
    assert Place(ahead=3, seconds_ahead=60, engines_busy=2).eta_s(5) == 35
