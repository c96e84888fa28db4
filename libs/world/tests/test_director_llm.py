"""A language model directs when it can; the code director does when it cannot."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from kinora_world.director import llm
from kinora_world.storyboard import Storyboard

GOOD = {
    "characters": [{"id": "zed", "name": "Zed"}],
    "shots": [{"duration": 4, "place": "beach", "marks": [{"character": "zed"}], "actions": [{"actor": "zed", "verb": "wave"}]}],
}
BAD_PLACE = {**GOOD, "shots": [{**GOOD["shots"][0], "place": "atlantis"}]}


def answer(content):
    return 200, json.dumps({"choices": [{"message": {"content": content if isinstance(content, str) else json.dumps(content)}}]})


@contextmanager
def model(*replies):
    """A loopback endpoint that gives these replies in turn; yields its address and what it was asked."""
    asked, left = [], list(replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            reply = left.pop(0) if left else None
            if reply is None:
                threading.Event().wait(0.6)
                reply = (200, "")
            self.send_response(reply[0])
            self.end_headers()
            self.wfile.write(reply[1].encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def directed(url, *, prompt="Maya dances in the park", timeout=5.0, **options):
    endpoint = llm.Endpoint(url, "any", key="secret", timeout=timeout)
    return llm.direct(prompt, endpoint=endpoint, seconds=4.0, width=1280, height=720, seed=3, **options)


def fell_back(done):
    return done.storyboard.characters[0].name == "Maya" and "as the built-in director's" in done.notes[-1]


def test_a_valid_storyboard_is_taken():
    with model(answer(GOOD)) as (url, asked):
        done = directed(url)
    assert (done.storyboard.characters[0].name, done.storyboard.seed, done.storyboard.duration) == ("Zed", 3, 4)
    assert asked[0]["response_format"]["json_schema"]["name"] == "storyboard"


def test_what_is_wrong_is_told_once_and_put_right():
    with model(answer(BAD_PLACE), answer(f"```json\n{json.dumps(GOOD)}\n```")) as (url, asked):
        done = directed(url)
    assert done.storyboard.shots[0].place == "beach"
    assert "unknown place 'atlantis'" in asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "reply",
    [
        answer(BAD_PLACE),
        answer("no JSON here"),
        answer("[1, 2]"),
        answer({**GOOD, "shots": []}),
        (200, "gibberish"),
        (200, "[]"),
        (500, ""),
    ],
)
def test_any_failure_falls_back_to_the_code_director(reply):
    with model(reply, reply) as (url, _):
        assert fell_back(directed(url))


def test_a_silent_endpoint_is_given_up():
    with model() as (url, _):
        assert fell_back(directed(url, timeout=0.2))


def test_nobody_there_at_all():
    assert fell_back(directed("http://127.0.0.1:9/v1"))


def test_a_storyboard_of_another_length_is_refused():
    long = {**GOOD, "shots": [{**GOOD["shots"][0], "duration": 20}] * 2}
    with model(answer(long), answer(long)) as (url, _):
        done = directed(url)
    assert fell_back(done)
    assert isinstance(done.storyboard, Storyboard)
