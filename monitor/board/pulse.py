"""Tells those who wait that the view has changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Pulse:
    """The version of the view as this process last saw it."""

    def __init__(self) -> None:
        """Start before any version was seen."""
        self._version: int | None = None
        self._changed = asyncio.Event()

    def beat(self, version: int) -> None:
        """Tell a version; those who wait for another one go on."""
        if version != self._version:
            self._version = version
            waiting, self._changed = self._changed, asyncio.Event()
            waiting.set()

    async def after(self, version: int, within_s: float) -> int:
        """Return the version once it is another one, or the same when the time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._version in (None, version):
                    await self._changed.wait()
        return version if self._version is None else self._version
