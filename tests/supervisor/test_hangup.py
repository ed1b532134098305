"""SIGHUP in real processes: none is lost that comes early, and a terminal that is gone ends what ran on it."""

import os
import pty
import signal
import subprocess
import sys

import pytest
from kafka_tools import until

pytestmark = pytest.mark.slow

PROGRAM = """
import asyncio, sys
from monitor import hangup
hangup.hold()
print("held", flush=True)
sys.stdin.readline()

async def run():
    stop = asyncio.Event()
    def reload():
        print("reloaded", flush=True)
    def end():
        open(sys.argv[1], "w").write("stopped")
        stop.set()
    hangup.heed(asyncio.get_running_loop(), reload=reload, stop=end)
    print("heeds", flush=True)
    await asyncio.wait_for(stop.wait(), 60)

asyncio.run(run())
"""


def test_one_that_comes_during_the_start_is_heeded_after_it():
    argv = [sys.executable, "-c", PROGRAM, os.devnull]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "held\n"
        child.send_signal(signal.SIGHUP)
        child.stdin.write("\n")
        child.stdin.flush()
        assert [child.stdout.readline() for _ in range(2)] == ["heeds\n", "reloaded\n"]
        child.send_signal(signal.SIGHUP)
        assert child.stdout.readline() == "reloaded\n"
        child.kill()


async def test_a_terminal_that_is_gone_ends_what_ran_on_it(tmp_path):
    ended = tmp_path / "ended"
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM, str(ended)])
    told = b""
    while b"held" not in told:
        told += os.read(terminal, 1024)
    os.write(terminal, b"\n")
    while b"heeds" not in told:
        told += os.read(terminal, 1024)
    os.kill(child, signal.SIGHUP)
    while b"reloaded" not in told:
        told += os.read(terminal, 1024)
    os.close(terminal)
    await until(ended.exists, within=20)
    assert os.waitpid(child, 0)[1] == 0  # noqa: ASYNC222  it has ended by itself
