"""Manners towards one host: one connection at a time, a pause between starts, and silence when it asks for it.

200 feeds of one host wait for each other here and for nobody else. Private hosts are the operator's own and have no
pause.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.feeds.clock import Clock

SPACING_S = 5.0
"""Between two starts at one public host."""

PRIVATE_PARALLEL = 32
MAX_HOSTS = 20_000
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    last_start_at: datetime = _LONG_AGO
    silent_until: datetime = _LONG_AGO
    users: int = 0
    spacing_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Hosts:
    """The queues of all hosts. ``spacing_s`` is for public ones."""

    clock: Clock
    spacing_s: float = SPACING_S
    private_parallel: int = PRIVATE_PARALLEL
    waited: Callable[[float], None] = lambda _: None
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def _host(self, name: str, private: bool) -> _Host:
        found = self._hosts.get(name)
        if found is None:
            self._forget_idle()
            places = asyncio.Semaphore(self.private_parallel if private else 1)
            found = self._hosts[name] = _Host(places)
        return found

    def _forget_idle(self) -> None:
        if len(self._hosts) < MAX_HOSTS:
            return
        now = self.clock.now()
        oldest = now - timedelta(seconds=self.spacing_s)
        for name, host in tuple(self._hosts.items()):
            if not host.users and host.last_start_at < oldest and host.silent_until < now:
                del self._hosts[name]

    @asynccontextmanager
    async def turn(self, name: str, *, private: bool) -> AsyncIterator[None]:
        """Wait for one's turn at a host, and hold it. ``waited`` is told how long that took."""
        host = self._host(name, private)
        since = self.clock.now()
        host.users += 1
        try:
            async with host.places:
                if not private:
                    await self._pause(host)
                self.waited((self.clock.now() - since).total_seconds())
                yield
        finally:
            host.users -= 1

    async def _pause(self, host: _Host) -> None:
        now = self.clock.now()
        spacing_s = max(self.spacing_s, host.spacing_s)
        wait_s = (host.last_start_at - now).total_seconds() + spacing_s
        if wait_s > 0:
            # Never longer than that: the clock may have been set back.
            await self.clock.sleep(min(wait_s, spacing_s))
        host.last_start_at = self.clock.now()

    def slow(self, name: str, spacing_s: float) -> None:
        """Leave at least so long between starts at a host: its robots.txt asks for that."""
        host = self._hosts.get(name)
        if host is not None:
            host.spacing_s = spacing_s

    def silence(self, name: str, until: datetime) -> None:
        """Start no fetch at a host before ``until``: it asked for that."""
        host = self._host(name, private=False)
        host.silent_until = max(host.silent_until, until)

    def silent_until(self, name: str) -> datetime | None:
        """Return until when a host asked for silence, ``None`` where it may be asked now."""
        host = self._hosts.get(name)
        return host.silent_until if host and host.silent_until > self.clock.now() else None
