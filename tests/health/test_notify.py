"""systemd is told of readiness and life as sd_notify(3) has it, and only by the process that it started."""

import asyncio
import socket

import pytest

from monitor.notify import LOOK_S, Notifier
from monitor.web import Health


@pytest.fixture
def systemd(tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(0)
        yield sock, str(tmp_path / "notify")


async def told(environ, sock, health):
    async def check():
        return health

    task = asyncio.create_task(Notifier(environ).follow(check))
    await asyncio.wait([task], timeout=0.01)
    task.cancel()
    return sock.recv(4096).decode().split("\n")


@pytest.mark.parametrize(
    ("health", "lines"),
    [
        (Health(), ["READY=1", "WATCHDOG=1", "STATUS=ready"]),
        (Health(ready=False, why=("loading",)), ["WATCHDOG=1", "STATUS=loading"]),
        (Health(alive=False, ready=False, why=("stands still",)), ["STATUS=stands still"]),
    ],
)
async def test_what_systemd_is_told(systemd, health, lines):
    sock, path = systemd
    assert await told({"NOTIFY_SOCKET": path}, sock, health) == lines


async def test_an_abstract_socket_is_reached_too():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0news-monitor-test-notify")
        sock.settimeout(0)
        lines = await told({"NOTIFY_SOCKET": "@news-monitor-test-notify"}, sock, Health())
    assert lines[0] == "READY=1"


def test_children_inherit_nothing_and_the_watchdog_is_fed_three_times_in_its_period():
    environ = {
        "NOTIFY_SOCKET": "/run/x",
        "WATCHDOG_USEC": "60000000",
        "WATCHDOG_PID": "1",
        "A": "b",
    }
    assert Notifier(environ).every_s == 20
    assert environ == {"A": "b"}
    assert Notifier({}).every_s == LOOK_S


def test_a_socket_that_is_gone_is_nobodys_trouble(tmp_path):
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell("READY=1")
