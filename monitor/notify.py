"""Tell systemd that a process is ready, lives and stops (sd_notify(3)): a datagram to a socket.

A dozen lines instead of a dependency: ``sdnotify`` has had no release since 2017 and ``systemd-python`` is compiled
against libsystemd. Outside of systemd nothing is told.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import MutableMapping

from monitor.web import HealthCheck

SOCKET, WATCHDOG = "NOTIFY_SOCKET", "WATCHDOG_USEC"
LOOK_S = 5.0
"""How often health is looked at without a watchdog; with one, three times in its period."""


class Notifier:
    """Takes the socket and the watchdog's period out of the environment, so that children do not answer for us."""

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        self._address = environ.pop(SOCKET, "")
        period_us = environ.pop(WATCHDOG, "")
        environ.pop("WATCHDOG_PID", None)
        self.every_s = int(period_us) / 3e6 if period_us.isdigit() else LOOK_S

    def tell(self, *lines: str) -> None:
        """Send lines such as ``READY=1``; a supervisor that is gone is nobody's trouble."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            try:
                sock.connect(address)
                sock.send("\n".join(lines).encode())
            except OSError:
                return

    async def follow(self, check: HealthCheck) -> None:
        """Tell readiness once it is there, and life while there is any, until cancelled."""
        if not self._address:
            return
        while True:
            health = await check()
            status = "STATUS=" + ("ready" if health.ready else "; ".join(health.why))[:500]
            ready = ("READY=1",) if health.ready else ()
            alive = ("WATCHDOG=1",) if health.alive else ()
            self.tell(*ready, *alive, status.replace("\n", " "))
            await asyncio.sleep(self.every_s)
