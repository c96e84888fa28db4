"""What a process writes on stderr."""

import json
import subprocess
import sys


def lines(code):
    """The log of a process that runs `code`, parsed."""
    setup = "import logging, structlog\nfrom kinora_kit import log\nlog.setup()\n"
    done = subprocess.run([sys.executable, "-c", setup + code], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_an_event_with_facts():
    (line,) = lines("log.get('test').info('video.completed', video_id='v1')")
    assert (line["event"], line["video_id"], line["level"], line["logger_name"]) == ("video.completed", "v1", "info", "test")


def test_bound_facts_are_added_and_debug_is_left_out():
    (line,) = lines("structlog.contextvars.bind_contextvars(account_id='a'); log.get('t').info('done'); log.get('t').debug('noise')")
    assert line["account_id"] == "a"


def test_libraries_come_out_the_same_way():
    assert lines("logging.getLogger('somebody').warning('careful')")[0]["event"] == "careful"


def test_a_traceback_tells_no_values():
    code = "def f(password):\n raise KeyError\ntry: f(chr(65) * 9)\nexcept KeyError: log.get('test').exception('it.failed')"
    text = json.dumps(lines(code))
    assert "KeyError" in text
    assert "A" * 9 not in text


def test_a_line_within_a_span_leads_to_its_trace():
    code = "from kinora_kit import telemetry; telemetry.setup('demo')\nwith telemetry.tracer.start_as_current_span('work'):\n"
    code += " log.get('t').info('within', traceparent=telemetry.traceparent()); logging.getLogger('library').warning('too')\n"
    within, library, outside = lines(code + "log.get('t').info('outside')")
    assert within["trace_id"] == within["traceparent"].split("-")[1] == library["trace_id"]
    assert "trace_id" not in outside
