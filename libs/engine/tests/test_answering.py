"""One request, one final answer, whatever an engine does; nothing of the storyboard in what is logged or traced."""

import gc
import weakref

import numpy as np
import pytest
from kinora.engine.v1.engine_pb2 import RenderEvent, RenderRequest, RenderResult
from kinora_engine.answering import answer
from kinora_engine.contract import Refused
from kinora_engine.sheets import shipped
from kinora_media.store import MediaStore, MediaUnavailable

SECRET = "a dog named Rosebud"


class Audience:
    """Whoever asked: keeps what comes, and may leave."""

    def __init__(self, leaves_after=float("inf")):
        self.events, self._leaves_after = [], leaves_after

    def send(self, event: RenderEvent):
        self.events.append(event)

    def cancelled(self):
        return len(self.events) >= self._leaves_after


class Acting:
    """An engine that acts as a test says."""

    def __init__(self, act):
        self._act = act

    def sheet(self):
        return shipped("world")

    def render(self, _asked, studio):
        return self._act(studio) or RenderResult(video_key="v")


@pytest.fixture
def media(tmp_path):
    return MediaStore.open(tmp_path.as_uri(), signing_secret=b"", public_url="")


@pytest.fixture
def answered(media):
    def one(act=lambda _: None, audience=None, **asked):
        given = {"attempt_id": "a1", "output_prefix": "v/a1", "storyboard_json": SECRET} | asked
        return answer(Acting(act), media, RenderRequest(**given).SerializeToString(), audience or Audience(), lambda _: None)

    return one


def raising(error):
    def act(_):
        raise error

    return act


class OutOfMemoryError(RuntimeError):
    """Named as torch's."""


def test_a_film_is_the_answer(answered):
    ending = answered()
    assert (ending.outcome, ending.event.result.video_key) == ("ok", "v")


def test_a_description_asks_for_nothing_else(answered):
    ending = answered(describe=True, attempt_id="", output_prefix="")
    assert (ending.outcome, ending.event.sheet) == ("described", shipped("world"))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried 1 byte"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("could not create a primitive"),
        OSError(12, "Cannot allocate memory"),
    ],
    ids=lambda error: type(error).__name__ + str(error)[:12],
)
def test_too_little_memory_is_told_apart_and_says_what_may_help(answered, error):
    ending = answered(raising(error))
    assert ending.outcome == "oom"
    assert "a smaller or shorter one may fit" in ending.error


def test_too_little_memory_is_seen_through_what_it_led_to(answered):
    broken = RuntimeError("the clip broke")
    broken.__cause__ = MemoryError()
    assert answered(raising(broken)).outcome == "oom"


def test_what_a_failed_job_held_is_freed(answered):
    held = []

    def act(_):
        frames = np.zeros(1000)
        held.append(weakref.ref(frames))
        raise MemoryError

    gc.disable()
    answered(act)
    gc.enable()
    assert held[0]() is None


def test_a_failure_tells_what_and_where_and_nothing_of_the_storyboard(answered, spans):
    ending = answered(raising(ValueError(SECRET)))
    assert (ending.outcome, ending.event) == ("failed", None)
    assert ending.error.startswith("ValueError at test_answering.py:")
    (span,) = spans.get_finished_spans()
    assert SECRET not in ending.error + ending.log + span.to_json()
    assert (span.attributes["kinora.outcome"], span.status.is_ok) == ("failed", False)


def test_a_media_store_that_is_away_is_named(answered):
    assert answered(raising(MediaUnavailable("connection refused"))).error.endswith("connection refused")


def test_a_refusal_is_final_and_named(answered):
    ending = answered(raising(Refused("invalid_storyboard", "shots[0].place: unknown")))
    assert (ending.outcome, ending.event.refusal.code) == ("refused", "invalid_storyboard")
    assert ending.log == "refused a1: invalid_storyboard"


def test_who_left_before_it_began_costs_nothing(answered):
    began = []
    assert answered(began.append, Audience(leaves_after=0)).outcome == "cancelled"
    assert began == []


def test_who_leaves_meanwhile_is_noticed_at_the_next_word(answered):
    def act(studio):
        for step in range(100):
            studio.tell(step / 100, f"step {step}")
        raise AssertionError

    assert answered(act, Audience(leaves_after=1)).outcome == "cancelled"


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ({"attempt_id": "a\nb"}, "invalid_request", "attempt_id must be"),
        ({"output_prefix": "../etc"}, "invalid_request", "output_prefix: '../etc' is no media key"),
        ({"storyboard_json": "x" * (1 << 21)}, "invalid_request", "storyboard_json has 2097152 characters"),
        ({"conditioning": [{"kind": 1, "key": "a"}] * 2}, "invalid_request", "FIRST_FRAME is given 2 times"),
        ({"conditioning": [{"kind": 9, "key": "a"}]}, "invalid_request", "conditioning[0].kind: there is no kind 9"),
        ({"conditioning": [{"kind": 1, "key": "a", "strength": 2}]}, "invalid_request", "conditioning[0].strength is 2"),
        ({"conditioning": [{"kind": 3, "key": "a", "at_s": float("nan")}]}, "invalid_request", "conditioning[0].at_s is nan"),
        ({"conditioning": [{"kind": 2, "key": "a"}]}, "unsupported_conditioning", "kinora-world cannot end on a picture"),
        ({"conditioning": [{"kind": 4, "key": "a"}]}, "unsupported_conditioning", "kinora-world cannot change a take"),
        ({"negative_prompt": "rain"}, "unsupported_negative_prompt", "kinora-world minds no negative prompt"),
        ({"guidance": "world"}, "unsupported_guidance", "there is no guidance 'world'; there are none"),
        ({"loras": ["ink"]}, "unsupported_lora", "there is no LoRA 'ink'"),
        ({"passes": ["albedo"]}, "invalid_passes", "there are depth, segmentation, motion, pose"),
        ({"likenesses": [{"handle": "@a"}] * 13}, "too_many_likenesses", "takes at most 12"),
    ],
)
def test_what_cannot_be_is_refused_by_name_before_the_engine_is_asked(answered, asked, code, told):
    ending = answered(raising(AssertionError()), **asked)
    assert ending.event.refusal.code == code
    assert told in ending.event.refusal.message


def test_bytes_that_are_no_request_are_refused(media):
    for message in (b"\xff\xff\xff", b"\0" * ((64 << 20) + 1)):
        assert answer(Acting(None), media, message, Audience(), lambda _: None).event.refusal.code == "invalid_request"
