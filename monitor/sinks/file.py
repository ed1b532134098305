"""Append alerts to a file, one JSON line each, kept to a size by rotation."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from monitor.sinks.base import Event, SendResult, SinkConfig


class FileConfig(SinkConfig):
    """A file of JSON lines."""

    type: Literal["file"] = "file"
    path: Path = Field(description="The file; its folder must exist.")
    max_bytes: int = Field(
        default=50_000_000, ge=100_000, description="Size at which it is rotated."
    )
    keep: int = Field(default=5, ge=0, le=100, description="Rotated files that are kept.")


class File:
    """A sink that writes lines."""

    def __init__(self, config: FileConfig) -> None:
        """Make the sink; the file is opened at the first alert."""
        self.name = config.name
        self._handler = _RaisingHandler(
            config.path,
            maxBytes=config.max_bytes,
            backupCount=config.keep,
            encoding="utf-8",
            delay=True,
        )
        # A thread of its own: another sink's slow ones must not keep it waiting, and lines keep their order.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=config.name)
        self._handler.setFormatter(logging.Formatter("%(message)s"))

    async def send(self, event: Event, now: datetime) -> SendResult:  # noqa: ARG002  the protocol's
        """Append the event's body."""
        record = logging.LogRecord("alerts", logging.INFO, "", 0, event.body.decode(), None, None)
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._handler.handle, record)
        except OSError as exc:
            return SendResult(ok=False, detail=f"{type(exc).__name__}: {exc.strerror}")
        return SendResult(ok=True)

    async def close(self) -> None:
        """Close the file."""
        self._thread.shutdown()
        self._handler.close()


class _RaisingHandler(logging.handlers.RotatingFileHandler):
    """Rotation as the standard library does it, with failures told instead of printed."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  the base class's
        """Let the failure reach the sink."""
        raise  # noqa: PLE0704  called inside the handler's own except clause
