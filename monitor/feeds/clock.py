"""Time, passed in: the system's clock, or one that tests move."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits for it."""

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The system's clock, moved by ``offset_s`` for tests of whole commands."""

    offset_s: float = 0.0

    def now(self) -> datetime:
        """Return the time, aware UTC."""
        return datetime.fromtimestamp(time.time() + self.offset_s, UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, seconds))
