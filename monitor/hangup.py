"""SIGHUP: read the configuration again; or end, where the terminal that a process was started on is gone.

Until a process can heed it, the signal is blocked rather than ignored, so that one that comes early is not lost.
"""

from __future__ import annotations

import os
import signal
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STANDARD = (0, 1, 2)


def hold() -> None:
    """Let SIGHUP wait until ``heed``. Threads and processes started meanwhile never get it, which is right for them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


@contextmanager
def held() -> Iterator[None]:
    """Have a process that is started in the block begin with SIGHUP waiting: it cannot heed it yet."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heed(loop: AbstractEventLoop, *, reload: Callable[[], None], stop: Callable[[], None]) -> None:
    """Call ``reload`` at each SIGHUP from now on, ``stop`` where the terminal is gone that is there now."""
    on_terminal = _on_terminal()

    def told() -> None:
        (stop if on_terminal and not _on_terminal() else reload)()

    loop.add_signal_handler(signal.SIGHUP, told)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def _on_terminal() -> bool:
    """Return whether a standard stream is a terminal; one that has hung up is none any more."""
    return any(os.isatty(stream) for stream in _STANDARD)
