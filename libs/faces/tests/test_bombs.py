"""Files made to do harm end in a clear answer, soon."""

import resource
import time

import pytest
from kinora_faces.analysis import Outcome, Reason, analyse
from kinora_testkit.enrolment import Take
from kinora_testkit.enrolment.bombs import BOMBS
from kinora_testkit.enrolment.takes import attempted


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow if "thousand" in name else ()) for name in BOMBS])
def test_a_bomb_gets_a_reason_that_a_person_can_act_on(challenge, name):
    make, reason = BOMBS[name]
    bomb, began, spent = make(), time.monotonic(), _cpu_s()
    verdict = analyse(bomb, attempted(challenge, Take()))
    assert (verdict.outcome, verdict.reasons) == (Outcome.RETRY, (Reason(reason),))
    assert verdict.reasons[0].advice
    assert verdict.vector is None
    assert _cpu_s() - spent < 5
    assert time.monotonic() - began < 30


def _cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
