"""Write alerts as lines on standard output: time, kind, what and where, the address of the source."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import Future
from datetime import datetime
from typing import Literal, TextIO

from monitor.alerts.printing import printable
from monitor.alerts.sources import link_of
from monitor.sinks.base import Event, SendResult, SinkConfig
from monitor.terminal import Outlet

WAIT_S = 5.0
"""How long an attempt waits for a terminal that takes nothing."""
MAX_WAITING = 64
"""Lines that wait for such a terminal; more alerts than that are tried again later without a line."""


class ConsoleConfig(SinkConfig):
    """The console."""

    type: Literal["console"] = "console"


class Console:
    """A sink that prints. A line that waits for the terminal is asked after by the next attempt, and not printed twice."""

    def __init__(
        self, config: ConsoleConfig, stream: TextIO | None = None, *, wait_s: float = WAIT_S
    ) -> None:
        """Make the sink; it writes to standard output unless given another stream."""
        self.name = config.name
        self._stream = stream
        self._wait_s = wait_s
        self._outlet: Outlet | None = None
        self._waiting: dict[str, Future[None]] = {}

    async def send(self, event: Event, now: datetime) -> SendResult:
        """Print the alert, and wait a little for the terminal to take it."""
        written = self._waiting.pop(event.webhook_id, None) or self._put(line(event, now) + "\n")
        if written is None:
            return SendResult(ok=False, detail=f"{MAX_WAITING} lines wait for the terminal")
        await asyncio.wait([asyncio.wrap_future(written)], timeout=self._wait_s)
        if not written.done():
            self._waiting[event.webhook_id] = written
            return SendResult(ok=False, detail="the terminal takes nothing")
        exc = written.exception()
        return SendResult(ok=exc is None, detail=f"{type(exc).__name__}: {exc}" if exc else "")

    def _put(self, text: str) -> Future[None] | None:
        """Give a line to the terminal, ``None`` where too many wait; what was printed and not asked after is let go of."""
        self._outlet = self._outlet or Outlet(self._stream or sys.stdout)
        if self._outlet.waiting >= MAX_WAITING:
            return None
        if len(self._waiting) >= MAX_WAITING:
            self._waiting = {k: f for k, f in self._waiting.items() if not f.done()}
        return self._outlet.put(text)

    async def close(self) -> None:
        """Leave standard output open: it is not ours."""


def line(event: Event, now: datetime) -> str:
    """Return the one line that tells an alert, printable on any terminal."""
    alert = event.alert
    mark = "TEST " if alert.status == "test" else ""
    link = link_of(alert)
    words = [f"{now:%H:%M:%S}", f"{mark}{alert.kind.upper()}", alert.title]
    words += [link] if link else []
    return printable("  ".join(words))
