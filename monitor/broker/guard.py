"""Runs one program and ends it when the process that asked for it is gone, however that went.

A script of its own, standard library only: ``python guard.py PROGRAM ARGUMENTS``. Its standard
input is a pipe that the owner holds open; at its end (the owner closed it or died) the program gets
SIGTERM and, after a while, SIGKILL. That works on every POSIX system and from any thread of the
owner. Should the guard itself be killed, Linux ends the program (PR_SET_PDEATHSIG).
Writes the program's pid to standard output and leaves with its exit status.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys

_PATIENCE_S = 20.0
_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def _die_with_guard() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for_end(child: subprocess.Popen[bytes]) -> None:
    """Return when the owner is gone, a SIGTERM came, or the program has ended."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    while child.poll() is None:
        ready, _, _ = select.select([0, readable], [], [])
        if 0 in ready and not os.read(0, 1):
            return
        if readable in ready and signal.SIGTERM in os.read(readable, 64):
            return


def _end(child: subprocess.Popen[bytes]) -> int:
    child.terminate()
    try:
        return child.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def main(command: list[str]) -> int:
    """Run ``command`` until it ends or the owner does; return its exit status."""
    child = subprocess.Popen(  # noqa: S603 - the owner says what to run
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=_die_with_guard,  # noqa: PLW1509 - this process has one thread
    )
    sys.stdout.write(f"{child.pid}\n")
    sys.stdout.flush()
    _wait_for_end(child)
    status = child.poll()
    status = _end(child) if status is None else status
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
