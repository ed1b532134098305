"""The supervisor: children are started in order, kept running, stopped in reverse, and told apart."""

import asyncio
import sys

import pytest

from monitor import supervisor as module
from monitor.supervisor import ChildFailedError, ChildSpec, Supervisor

pytestmark = pytest.mark.slow


def spec(name, code, **more):
    return ChildSpec(name=name, argv=(sys.executable, "-uc", code), **more)


def make(tmp_path, *specs):
    lines = []

    async def on_line(name, line):
        lines.append((name, line))

    return Supervisor(specs, tmp_path / "logs", on_line), lines


async def until(condition, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  the condition is another process's
            await asyncio.sleep(0.02)


async def test_a_child_that_ends_is_started_again(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.05)
    supervisor, lines = make(tmp_path, spec("short", "print('here')"))
    running = asyncio.create_task(supervisor.run())
    await until(lambda: len(lines) >= 3)
    supervisor.stop()
    await running
    assert supervisor.children[0].starts >= 3


async def test_a_child_whose_start_cannot_help_ends_all_with_its_last_words(tmp_path):
    wait = "import time; time.sleep(60)"
    bad = "import sys; sys.stderr.write('config.toml:3: no\\n'); sys.exit(78)"
    supervisor, _ = make(tmp_path, spec("well", wait), spec("bad", bad))
    with pytest.raises(ChildFailedError, match=r"bad: config.toml:3: no"):
        await asyncio.wait_for(supervisor.run(), 20)
    assert not supervisor.children[0].running


async def test_children_are_asked_to_stop_in_reverse_order(tmp_path):
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('stopped'), sys.exit(0)))\n"
        "print('up')\nwhile True: time.sleep(0.05)"
    )
    supervisor, lines = make(tmp_path, spec("first", code), spec("second", code))
    running = asyncio.create_task(supervisor.run())
    await until(lambda: len(lines) == 2)
    supervisor.stop()
    await running
    assert lines[2:] == [("second", "stopped"), ("first", "stopped")]


async def test_the_next_child_waits_until_the_one_before_is_ready(tmp_path):
    calls = []

    async def ready():
        calls.append(1)
        return len(calls) > 3

    wait = "print('up', flush=True); import time; time.sleep(60)"
    supervisor, lines = make(tmp_path, spec("base", wait, ready=ready), spec("top", wait))
    running = asyncio.create_task(supervisor.run())
    await until(lambda: ("top", "up") in lines)
    supervisor.stop()
    await running
    assert len(calls) > 3


async def test_standard_error_is_kept_in_a_log_of_its_own(tmp_path):
    supervisor, _ = make(
        tmp_path, spec("talker", "import sys, time; sys.stderr.write('oh'); time.sleep(60)")
    )
    running = asyncio.create_task(supervisor.run())
    log = tmp_path / "logs" / "talker.log"
    await until(lambda: log.exists() and log.read_text() == "oh")
    supervisor.stop()
    await running


async def test_a_stop_while_a_child_is_being_started_ends_that_child_too(tmp_path, monkeypatch):
    """Between fork and the note of its process nobody knows of a child; it must not run on for ever."""
    start = asyncio.create_subprocess_exec

    async def stopped_meanwhile(*argv, **more):
        supervisor.stop()
        await asyncio.sleep(0.2)
        return await start(*argv, **more)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", stopped_meanwhile)
    supervisor, _ = make(tmp_path, spec("late", "import time; time.sleep(60)"))
    async with asyncio.timeout(10):
        await supervisor.run()
    assert not supervisor.children[0].running


async def test_who_takes_no_line_holds_up_that_child_and_no_stop(tmp_path):
    """A terminal that a person stopped: the child waits with its line, the rest goes on, and the end is not waited for."""
    code = "while True: print('x' * 1000)"
    taken, never = [], asyncio.Event()

    async def on_line(name, _line):
        taken.append(name)
        if name == "loud":
            await never.wait()

    specs = spec("loud", code), spec("other", "print('here')\nimport time; time.sleep(60)")
    supervisor = Supervisor(specs, tmp_path / "logs", on_line)
    running = asyncio.create_task(supervisor.run())
    await until(lambda: sorted(taken) == ["loud", "other"])
    supervisor.stop()
    await asyncio.wait_for(running, 20)


async def test_a_child_that_ends_is_started_again_though_nobody_takes_its_lines(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.05)
    supervisor = Supervisor([spec("short", "print('here')")], tmp_path / "logs", never_taken)
    running = asyncio.create_task(supervisor.run())
    await until(lambda: supervisor.children[0].starts >= 3)
    supervisor.stop()
    await asyncio.wait_for(running, 20)


async def never_taken(_name, _line):
    await asyncio.Event().wait()
