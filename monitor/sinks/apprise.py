"""Send alerts by Apprise: Slack, Teams, Discord, Telegram, e-mail, ntfy, PagerDuty and about a hundred more by URL.

An extra: ``pip install news-monitor[apprise]``.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, SecretStr

from monitor.sinks.base import Event, SendResult, SinkConfig


class AppriseConfig(SinkConfig):
    """Services that Apprise knows. Their URLs hold tokens, so they are secrets."""

    type: Literal["apprise"] = "apprise"
    urls: tuple[SecretStr, ...] = Field(min_length=1, description="Apprise URLs.")
    timeout_s: float = Field(default=30.0, gt=0, le=120, description="Seconds for one attempt.")


class Apprise:
    """A sink that notifies by Apprise, in a thread since Apprise blocks."""

    def __init__(self, config: AppriseConfig, notifier: Any = None) -> None:
        """Make the sink; ``notifier`` replaces Apprise's own object in tests (any, since Apprise has no types).

        Raises:
            ImportError: Apprise is not installed.
        """
        self.name = config.name
        self._timeout_s = config.timeout_s
        self._notifier = notifier if notifier is not None else _apprise(config)

    async def send(self, event: Event, now: datetime) -> SendResult:  # noqa: ARG002  the protocol's
        """Notify once."""
        alert = event.alert
        call = asyncio.to_thread(self._notifier.notify, title=alert.title, body=alert.text)
        try:
            ok = await asyncio.wait_for(call, self._timeout_s)
        except TimeoutError:
            return SendResult(ok=False, detail=f"no answer within {self._timeout_s:g} s")
        return SendResult(ok=bool(ok), detail="" if ok else "a service refused or did not answer")

    async def close(self) -> None:
        """Nothing is kept open."""


def _apprise(config: AppriseConfig) -> Any:
    import apprise  # noqa: PLC0415  an extra that most do not install

    notifier = apprise.Apprise()
    for url in config.urls:
        if not notifier.add(url.get_secret_value()):
            msg = f"sink {config.name}: Apprise does not know one of its URLs"
            raise ValueError(msg)
    return notifier
