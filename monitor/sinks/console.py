"""Write alerts as lines on standard output: time, kind, what and where, the address of the source."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Literal, TextIO

from monitor.alerts.printing import printable
from monitor.alerts.sources import link_of
from monitor.sinks.base import Event, SendResult, SinkConfig


class ConsoleConfig(SinkConfig):
    """The console."""

    type: Literal["console"] = "console"


class Console:
    """A sink that prints."""

    def __init__(self, config: ConsoleConfig, stream: TextIO | None = None) -> None:
        """Make the sink; it writes to standard output unless given another stream."""
        self.name = config.name
        self._stream = stream

    async def send(self, event: Event, now: datetime) -> SendResult:
        """Print the alert."""
        stream = self._stream or sys.stdout
        try:
            stream.write(line(event, now) + "\n")
            stream.flush()
        except (OSError, ValueError) as exc:
            return SendResult(ok=False, detail=f"{type(exc).__name__}: {exc}")
        return SendResult(ok=True)

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
