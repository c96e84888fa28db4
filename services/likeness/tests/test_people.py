"""Clips of people: was the person there, and what do they look like."""

import asyncio
import json

import pytest
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora_faces.likeness import Likeness
from kinora_faces.matching import SAME, distance
from kinora_faces.mesh import FaceMesh
from kinora_faces.recogniser import face_vector
from kinora_testkit.enrolment.bombs import BOMBS, film_of
from kinora_testkit.enrolment.people import picture

CHEAP_BOMBS = ("empty", "a playlist", "noise in an MP4", "huge sides that the header hides", "sound alone", "too many bytes")
MIB = 1024 * 1024


def codes(answer):
    return [reason.code for reason in answer.reasons]


async def test_who_does_what_is_asked_is_approved(ask, capture):
    answer = await ask("AnalyseClip", **await capture())
    assert (answer.outcome, codes(answer)) == (pb.OUTCOME_APPROVED, [])


async def test_a_photo_is_not(ask, capture):
    answer = await ask("AnalyseClip", **await capture("static photo"))
    assert answer.outcome in {pb.OUTCOME_RETRY, pb.OUTCOME_DECLINED}
    assert "MOVE_NOT_SEEN" in codes(answer)
    assert all(reason.advice.endswith(".") for reason in answer.reasons)


@pytest.mark.parametrize("name", CHEAP_BOMBS)
async def test_files_made_to_do_harm_get_an_answer(ask, stored, capture, name):
    make, reason = BOMBS[name]
    answer = await ask("AnalyseClip", **await capture() | {"clip_key": await stored(make())})
    assert (answer.outcome, codes(answer)) == (pb.OUTCOME_RETRY, [reason])


async def test_the_likeness_is_that_of_the_person(ask, capture):
    taken = await ask("TakeLikeness", clip_key=(await capture())["clip_key"], voice=True)
    eileen, grace = [await asyncio.to_thread(vector_of, picture(name)) for name in ("eileen", "grace")]
    assert distance(taken.vector, eileen) <= SAME < distance(taken.vector, grace)
    assert len(taken.package) <= 6 * MIB
    assert Likeness.from_bytes(taken.package).voice is not None


def vector_of(rgb):
    with FaceMesh(still=True) as mesh:
        return face_vector(rgb, mesh.find(rgb)[0])


async def test_a_clip_without_a_person_has_no_likeness(ask, stored, refused):
    with refused("NoLikeness", "clip_key", "NO_FACE"):
        await ask("TakeLikeness", clip_key=await stored(film_of()))
    with refused("NoLikeness", "clip_key", "CLIP_TOO_LARGE"):
        await ask("TakeLikeness", clip_key=await stored(bytes(41 * MIB)))


async def test_a_challenge_is_made_and_understood_again(ask, stored):
    made = await ask("MakeChallenge", language="en-GB", needs=pb.Needs(slow=True))
    assert len(made.items) in {6, 7}
    assert all(bool(item.word) != bool(item.move) and item.prompt for item in made.items)
    reveals = [item.after_s for item in made.items]
    answer = await ask("AnalyseClip", clip_key=await stored(b"no clip"), challenge_json=made.challenge_json, reveals=reveals)
    assert codes(answer) == ["NOT_A_VIDEO"]


async def test_a_language_without_a_speech_model_is_refused(ask, refused):
    with refused("BadField", "language") as told:
        await ask("MakeChallenge", language="tlh")
    assert "'tlh'" in told.value.message


NAN, ENDLESS = float("nan"), float("inf")
WRONG = [
    ("challenge_json", ""),
    ("challenge_json", "{"),
    ("challenge_json", "[]"),
    ("challenge_json", json.dumps({"language": "en", "items": [], "ends_s": 1, "window_s": 3, "needs": {}})),
    ("challenge_json", json.dumps({"language": "en", "items": [{"after_s": "soon", "word": "tiger"}], "ends_s": 1, "window_s": 3})),
    ("challenge_json", "x" * 20_000),
    ("reveals", [1.0]),
    ("reveals", [1.0, 2.0, NAN, 4.0]),
    ("reveals", [1.0, 2.0, ENDLESS, ENDLESS]),
    ("reveals", [1.0, 3.0, 2.0, 4.0]),
    ("reveals", [-1.0, 2.0, 3.0, 4.0]),
    ("received_s", NAN),
    ("typed", ["word"] * 1000),
    ("clip_key", "../etc/passwd"),
    ("clip_key", ""),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
async def test_a_wrong_field_is_named(ask, capture, refused, field, value):
    with refused("BadField", field):
        await ask("AnalyseClip", **await capture() | {field: value})


async def test_a_file_that_is_not_there_is_not_found(ask, capture, refused):
    for rpc, fields in (("AnalyseClip", await capture() | {"clip_key": "clips/none"}), ("TakeLikeness", {"clip_key": "clips/none"})):
        with refused("FileNotStored", "clip_key"):
            await ask(rpc, **fields)


async def test_only_services_may_ask(ask, refused, bob, ada):
    for rpc in ("MakeChallenge", "AnalyseClip", "TakeLikeness", "LookAt", "CutOut"):
        for who in (bob, ada):
            with refused("ServicesOnly"):
                await ask(rpc, by=who)
