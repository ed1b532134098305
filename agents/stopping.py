"""Heeds signals: ends a process in good order once it runs, at once while it still starts; reloads on SIGHUP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import structlog

from agents.leaving import leave
from monitor import hangup

log = structlog.get_logger(__name__)

STOP_S = 25.0
"""A stop in good order takes 1 to 2 s; what takes longer is ended hard, and nothing is lost by that."""
GIVE_UP_S = 5.0
"""A start that is given up has nothing to commit: what it does not clean up by then, the system does."""


def heed_signals_while_starting() -> None:
    """While modules are still imported, leave with success on SIGTERM, as nothing has begun, and let SIGHUP wait."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    hangup.hold()


async def run_until_signal(
    work: AbstractAsyncContextManager[Any], reload: Callable[[], None] | None = None
) -> None:
    """Enter ``work``, wait for SIGTERM or SIGINT, and leave it. ``reload`` is called at each SIGHUP meanwhile."""
    run = _Run(work, reload)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, run.stop)
    await run.until_stopped()
    log.info("stopped")


class _Run:
    """One run of a piece of work, from its start to its end."""

    def __init__(
        self, work: AbstractAsyncContextManager[Any], reload: Callable[[], None] | None
    ) -> None:
        self._work = work
        self._reload = reload
        self._stop = asyncio.Event()
        self._entered = False
        self._task = asyncio.create_task(self._run())

    async def until_stopped(self) -> None:
        """Return when the work has ended. What it raises is raised; a start given up raises nothing."""
        with suppress(asyncio.CancelledError):
            await self._task

    def stop(self) -> None:
        """Take a signal. The second one changes nothing."""
        if self._stop.is_set():
            return
        self._stop.set()
        log.info("stopping", started=self._entered)
        loop = asyncio.get_running_loop()
        if self._entered:
            # A batch that never ends must not keep the process: kill -9 is safe by design.
            loop.call_later(STOP_S, leave, "the stop took too long")
        else:
            loop.call_later(GIVE_UP_S, os._exit, 0)
            self._task.cancel()

    async def _run(self) -> None:
        async with self._work:
            self._entered = True
            if self._reload is not None:
                hangup.heed(asyncio.get_running_loop(), reload=self._reload, stop=self.stop)
            await self._stop.wait()
