"""Nobody waits for a terminal that takes nothing, and what it is given comes in order once it does."""

import asyncio
import io
import os

import pytest
from rich.console import Console
from stopped import terminal

from monitor.cli import up
from monitor.terminal import MOST_TEXTS, Outlet, Unhurried

SOON_S = 0.05


def test_a_stopped_terminal_gets_all_of_it_later():
    with terminal() as given:
        outlet = Outlet(given.stream)
        given.stop()
        written = [outlet.put(f"line {n}\n") for n in range(3)]
        with pytest.raises(TimeoutError):
            written[0].result(SOON_S)
        assert outlet.waiting == 3
        given.go_on()
        assert given.shown("line 2\n") == "line 0\nline 1\nline 2\n"
        written[-1].result(10)
        assert outlet.waiting == 0


def test_a_reader_that_stops_reading_gets_all_of_it_later():
    with terminal() as given:
        outlet = Outlet(given.stream)
        long = "x" * 79 + "\n"
        last = outlet.put(long * 2000 + "end")
        with pytest.raises(TimeoutError):
            last.result(SOON_S)
        assert given.shown("end") == long * 2000 + "end"
        last.result(10)


def test_a_failed_write_is_told():
    shown, number = os.pipe()
    os.close(shown)
    with os.fdopen(number, "w", encoding="utf-8") as stream:
        outlet = Outlet(stream)
        with pytest.raises(BrokenPipeError):
            outlet.put("lost").result(10)
        later = Unhurried(stream)
        later.write("lost")
        later.leave()
        with pytest.raises(BrokenPipeError):
            later.write("and told")


def test_a_stream_that_is_no_file_is_written_to():
    stream = io.StringIO()
    Outlet(stream).put("told").result(10)
    assert stream.getvalue() == "told"


def test_what_is_left_out_is_counted_and_told_once_there_is_room():
    with terminal() as given:
        stream = Unhurried(given.stream)
        given.stop()
        for n in range(MOST_TEXTS + 7):
            stream.write(f"{n}\n")
        assert stream.outlet.waiting == MOST_TEXTS
        given.go_on()
        assert given.shown(f"{MOST_TEXTS - 1}\n").endswith(f"{MOST_TEXTS - 1}\n")
        stream.leave()
        stream.write("on\n")
        assert given.shown("on\n") == "(7 lines left out: they were not taken)\non\n"


async def test_alerts_wait_for_a_stopped_terminal_and_the_rest_goes_on(monkeypatch):
    """What prints them must not hold the loop, on which children are watched and health is answered."""
    monkeypatch.setattr(up, "LOOK_S", SOON_S)
    more = up.MOST_WAITING + 5
    with terminal() as given:
        stream = Unhurried(given.stream)
        screen = up.Screen(Console(file=stream, force_terminal=True, width=60), stream.outlet)
        given.stop()
        with screen.live:
            telling = asyncio.ensure_future(alerts(screen, more))
            for _ in range(4):
                screen.show("watching")
                await asyncio.sleep(SOON_S)
            assert not telling.done()
            assert stream.outlet.waiting <= up.MOST_WAITING + 1
            given.go_on()
            told = await asyncio.to_thread(given.shown, f"alert {more - 1}\n")
            await telling
        assert [f"alert {n}\n" in told for n in range(more)] == [True] * more
        assert screen.alerts == more


async def test_alerts_of_a_worker_that_ended_are_counted_and_told(monkeypatch):
    monkeypatch.setattr(up, "LOOK_S", SOON_S)
    with terminal() as given:
        stream = Unhurried(given.stream)
        screen = up.Screen(Console(file=stream, highlight=False, width=200), stream.outlet)
        given.stop()
        await alerts(screen, up.MOST_WAITING)
        telling = asyncio.ensure_future(screen.on_line("worker", "one more"))
        await asyncio.sleep(SOON_S)
        telling.cancel()
        await asyncio.wait([telling])
        screen.show("watching")
        given.go_on()
        await asyncio.to_thread(given.shown, f"alert {up.MOST_WAITING - 1}\n")
        stream.leave()
        screen.show("watching")
        told = await asyncio.to_thread(given.shown, "\n")
        assert told.startswith("(alerts left out: 1;")


async def alerts(screen, count):
    for n in range(count):
        await screen.on_line("worker", f"alert {n}")
