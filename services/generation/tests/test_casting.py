"""Cameos asked for by id, found in the words of the prompt."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_generation import direct
from kinora_generation.cameos import cast
from kinora_generation.casting import named_in
from kinora_world import director
from kinora_world.director.llm import Endpoint

HANDLES = st.from_regex(r"@[a-z0-9_]{2,10}(\.[a-z0-9_]{1,10})?", fullmatch=True)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("Rex runs in a park.", "@bob.rex runs in a park."),
        ("my dog REX runs; rex barks", "my dog @bob.rex runs; @bob.rex barks"),
        ("@bob.rex runs and Rex barks.", "@bob.rex runs and Rex barks."),
        ("@Bob.Rex runs.", "@bob.rex runs."),
        ("bob.rex runs.", "@bob.rex runs."),
        ('Dan says "Rex, come!" to Rex.', 'Dan says "Rex, come!" to @bob.rex.'),
        ("Dan says “Rex, come!”", "@bob.rex.\nDan says “Rex, come!”"),
        ("A dog runs.", "@bob.rex.\nA dog runs."),
        ("Rexford runs from T-rex and @rex and @cleo.rex.", "@bob.rex.\nRexford runs from T-rex and @rex and @cleo.rex."),
        ("Rex's ball rolls.", "@bob.rex's ball rolls."),
        ("", "@bob.rex.\n"),
    ],
)
def test_a_pet_is_called_by_its_handle_or_its_name(prompt, told):
    assert named_in(prompt, ["@bob.rex"]) == told


def test_several_who_are_not_named_begin_the_prompt():
    told = named_in("Bob walks in a park.", ["@bob", "@bob.rex", "@cleo", "@dan"])
    assert told == "@bob.rex, @cleo and @dan.\n@bob walks in a park."


def test_of_two_with_one_name_the_first_has_the_word():
    assert named_in("Rex runs.", ["@bob.rex", "@cleo.rex"]) == "@cleo.rex.\n@bob.rex runs."


def test_a_person_is_not_taken_for_their_pet():
    assert named_in("@bob.rex runs.", ["@bob"]) == "@bob.\n@bob.rex runs."


@settings(deadline=None, max_examples=50)  # the director reads its lists at the first call
@given(
    st.lists(HANDLES, min_size=1, max_size=3, unique=True),
    st.sampled_from(["", "A dog runs in a park.", "Two friends dance. Cut to a beach."]),
)
def test_who_was_asked_for_is_always_in_the_storyboard(handles, prompt):
    told = director.direct(named_in(prompt, handles), seconds=4, width=640, height=360, seed=1)
    assert set(handles) <= {member.handle for member in cast(told.storyboard.model_dump_json())}


@given(st.lists(HANDLES, max_size=3, unique=True), st.text(alphabet='ab" .@rex\n', max_size=60))
def test_what_is_said_is_left_alone(handles, prompt):
    def quoted(text):
        return re.findall(r'"[^"\n]*"', text)

    assert quoted(named_in(prompt, handles)) == quoted(prompt)


@pytest.fixture
def forgetful_model():
    """A language model that casts @cleo, whoever is asked for."""
    board = {"characters": [{"id": "a", "name": "A", "handle": "@cleo"}], "shots": [{"duration": 4, "place": "beach"}]}
    reply = json.dumps({"choices": [{"message": {"content": json.dumps(board)}}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Endpoint(f"http://127.0.0.1:{server.server_port}/v1", "any", key="", timeout=5)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("handle", "place"), [("@cleo", "beach"), ("@bob.rex", "park")])
async def test_a_model_that_forgets_somebody_does_not_direct(forgetful_model, handle, place):
    asked = {"seconds": 4, "size": (640, 360), "seed": 1, "style": None, "negative_prompt": ""}
    told = await direct.by_prompt(named_in("A dog runs in the park.", [handle]), **asked, endpoint=forgetful_model, handles=[handle])
    assert (told.storyboard.shots[0].place, told.storyboard.characters[0].handle) == (place, handle)
