"""bench/av: suites are laid out as their own scripts want them, films come from any engine, and broken films do not pass for good ones."""

import json
import threading
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import controls
import engines
import pytest
import suites
from kinora_media.measures import measure
from openai import OpenAI

ORDER = engines.Order(model="ltx-2", seconds=4, size="128x64", seed=7, at_once=2)


class Gateway(BaseHTTPRequestHandler):
    """Answers as the gateway does; a prompt with "fails" in it is one that the engine cannot make."""

    def do_POST(self):
        body = f"content-type: {self.headers['content-type']}\n\n".encode() + self.rfile.read(int(self.headers["content-length"]))
        parts = message_from_bytes(body, policy=HTTP).iter_parts()
        with self.server.lock:
            self.server.asked.append({part.get_param("name", header="content-disposition"): part.get_content().strip() for part in parts})
            number = len(self.server.asked)
        self._answer(self._video(number, "queued"))

    def do_GET(self):
        number = int(self.path.split("/")[3])
        if self.path.endswith("/content"):
            return self._send(b"film of " + self.server.asked[number - 1]["prompt"].encode(), "video/mp4")
        failed = "fails" in self.server.asked[number - 1]["prompt"]
        return self._answer(self._video(number, "failed" if failed else "completed"))

    def _video(self, number, status):
        error = {"code": "x", "message": "the engine cannot do this"} if status == "failed" else None
        return {"id": str(number), "object": "video", "status": status, "error": error, "model": "ltx-2", "created_at": 1, "progress": 0}

    def _answer(self, told):
        self._send(json.dumps(told).encode(), "application/json")

    def _send(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("openai-poll-after-ms", "10")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway():
    with ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        server.asked, server.lock = [], threading.Lock()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def client(gateway):
    with OpenAI(base_url=f"http://127.0.0.1:{gateway.server_port}/v1", api_key="key") as sdk:
        yield sdk


@pytest.fixture
def suite(tmp_path):
    def write(name, told):
        (tmp_path / name).write_text(told if isinstance(told, str) else json.dumps(told))
        return tmp_path / name

    return write


def names(kind, path):
    return [wanted.name for wanted in suites.read(kind, path)]


def test_a_text_file_has_a_prompt_a_line(suite):
    assert names("plain", suite("mine.txt", "A dog runs\n\n  A cat sleeps \n")) == ["001.mp4", "002.mp4"]


def test_films_for_t2av_compass_are_called_by_their_index(suite):
    told = [{"index": 12, "prompt": "Rain falls", "video_prompt": "…"}, {"index": 400, "prompt": "A choir sings"}]
    assert names("t2av-compass", suite("prompts_with_checklist.json", told)) == ["12.mp4", "400.mp4"]


def test_films_for_vbench_are_called_by_their_prompt_and_number(suite):
    told = [
        {"prompt_en": "a cat", "dimension": ["color"]},
        {"prompt_en": "a still lake", "dimension": ["temporal_flickering"]},
        {"prompt_en": "a cat", "dimension": ["object_class"]},
    ]
    found = names("vbench", suite("VBench_full_info.json", told))
    assert found[:6] == [*(f"a cat-{number}.mp4" for number in range(5)), "a still lake-0.mp4"]
    assert len(found) == 5 + 25
    assert len(names("vbench", suite("temporal_flickering.txt", "a still lake"))) == 25


@pytest.mark.parametrize(
    ("kind", "told", "why"),
    [
        ("t2av-compass", {"index": 1}, "it is no list"),
        ("t2av-compass", [{"index": 1}], "entry 0 has no prompt"),
        ("vbench", "{", "Expecting property name"),
        ("vbench", [{"prompt_en": "either/or", "dimension": []}], "no file can be called 'either/or-0.mp4'"),
        ("plain", " \n", "there is no prompt in it"),
    ],
)
def test_what_is_no_suite_is_told_with_its_place(suite, kind, told, why):
    with pytest.raises(suites.BadSuite, match=f"suite.json: .*{why}"):
        suites.read(kind, suite("suite.json", told))


def test_every_prompt_of_ours_can_be_read():
    assert len(suites.read("plain", suites.OURS)) == 12


def test_films_come_from_the_engine_with_seeds_that_are_written_down(client, gateway, tmp_path, suite):
    wanted = suites.read("vbench", suite("color.txt", "a red cat"))
    assert engines.make(client, ORDER, wanted, tmp_path / "ltx-2") == {}
    assert (tmp_path / "ltx-2" / "a red cat-3.mp4").read_bytes() == b"film of a red cat"
    assert sorted(int(asked["seed"]) for asked in gateway.asked) == [7, 8, 9, 10, 11]
    assert {(asked["model"], asked["seconds"], asked["size"]) for asked in gateway.asked} == {("ltx-2", "4", "128x64")}
    assert [film["seed"] for film in json.loads((tmp_path / "ltx-2.json").read_text())["films"]] == [7, 8, 9, 10, 11]


def test_what_was_made_is_not_made_again_and_what_failed_is_named(client, gateway, tmp_path, suite):
    wanted = suites.read("plain", suite("mine.txt", "one\ntwo fails\nthree"))
    assert engines.make(client, ORDER, wanted, tmp_path / "out") == {"002.mp4": "the engine cannot do this"}
    engines.make(client, ORDER, wanted, tmp_path / "out")
    assert [asked["prompt"] for asked in gateway.asked[3:]] == ["two fails"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_measures_tell_a_good_film_from_the_same_film_broken(tmp_path):
    good = controls.good(tmp_path)
    found = {name: measure(path) for name, path in controls.made(good, tmp_path).items()}
    again = found["encoded again"]
    assert found["sound 200 ms late"].av_offset_ms - again.av_offset_ms == pytest.approx(200, abs=15)
    assert again.av_offset_ms == pytest.approx(0, abs=42)
    assert again.longest_freeze_s < 0.5
    assert found["a third frozen"].longest_freeze_s > 1.5
    assert found["stuttering"].dead_frames > again.dead_frames + 0.1
    assert found["flickering"].flicker > 10 * again.flicker
    assert found["noise"].smoothness < again.smoothness - 0.08
    assert (found["silent"].silence, again.silence) == (1, 0)
