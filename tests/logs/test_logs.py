"""A library that says the same thing thousands of times is cut short; nothing else is."""

import io
import json
import logging

import pytest
import structlog

from monitor import logs
from monitor.logs import MOST_REPEATS, REPEATS_S, Repeats


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def shown(gate, name, message, times):
    made = [
        logging.LogRecord(name, logging.ERROR, "", 0, message, (n,), None) for n in range(times)
    ]
    return [record.getMessage() for record in made if gate.filter(record)]


def test_a_wording_is_shown_a_few_times_and_then_its_number():
    clock = Clock()
    gate = Repeats(clock)
    assert len(shown(gate, "aiokafka.consumer", "no node %s", 500)) == MOST_REPEATS
    assert shown(gate, "aiokafka.consumer", "another wording %s", 1) == ["another wording 0"]
    clock.now += REPEATS_S
    left_out = 500 - MOST_REPEATS
    assert shown(gate, "aiokafka.consumer", "no node %s", 2) == [
        f"no node 0 (and {left_out} more of these)",
        "no node 1",
    ]


@pytest.mark.parametrize("name", ["agents.stage", "faust", "aio"])
def test_what_others_say_is_always_shown(name):
    assert len(shown(Repeats(Clock()), name, "worked on %s", 500)) == 500


def test_what_is_remembered_is_bounded():
    gate = Repeats(Clock())
    for number in range(5000):
        shown(gate, "aiokafka", f"wording {number} %s", 1)
    assert len(gate._seen) <= 1000


def test_the_configured_log_is_cut_short():
    out, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.configure("INFO", "json", out)
        for number in range(100):
            logging.getLogger("aiokafka").error("no node %s", number)
    finally:
        root.handlers[:], root.level = before
    lines = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    assert lines == [f"no node {n}" for n in range(MOST_REPEATS)]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("no_color", "coloured"), [(None, True), ("", True), ("1", False)])
def test_a_terminal_is_coloured_unless_its_user_wants_none(monkeypatch, no_color, coloured):
    """https://no-color.org: any value but an empty one."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    screen = Terminal()
    logs.configure("INFO", stream=screen)
    structlog.get_logger("t").warning("said")
    assert ("\x1b[" in screen.getvalue()) is coloured
