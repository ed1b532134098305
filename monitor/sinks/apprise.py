"""Send alerts by Apprise: Slack, Teams, Discord, Telegram, e-mail, ntfy, PagerDuty and about a hundred more by URL.

An extra: ``pip install news-monitor[apprise]``.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, Literal

from pydantic import Field, SecretStr

from monitor.sinks.base import Event, SendResult, SinkConfig


class AppriseConfig(SinkConfig):
    """Services that Apprise knows. Their URLs hold tokens, so they are secrets."""

    type: Literal["apprise"] = "apprise"
    urls: tuple[SecretStr, ...] = Field(min_length=1, description="Apprise URLs.")
    timeout_s: float = Field(default=30.0, gt=0, le=120, description="Seconds for one attempt.")


class Apprise:
    """A sink that notifies by Apprise, in threads of its own: Apprise blocks, and its threads must keep no other sink waiting."""

    def __init__(self, config: AppriseConfig, notifier: Any = None) -> None:
        """Make the sink; ``notifier`` replaces Apprise's own object in tests (any, since Apprise has no types).

        Raises:
            ImportError: Apprise is not installed.
        """
        self.name = config.name
        self._timeout_s = config.timeout_s
        self._notifier = notifier if notifier is not None else _apprise(config)
        self._threads = ThreadPoolExecutor(config.max_concurrent, thread_name_prefix=config.name)

    async def send(self, event: Event, now: datetime) -> SendResult:  # noqa: ARG002  the protocol's
        """Notify once."""
        alert = event.alert
        notify = partial(self._notifier.notify, title=alert.title, body=alert.text)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout_s):
                ok = await loop.run_in_executor(self._threads, notify)
        except TimeoutError:
            return SendResult(ok=False, detail=f"no answer within {self._timeout_s:g} s")
        except Exception as exc:  # noqa: BLE001  a hundred services' code of others, in a thread; its words may hold a token
            return SendResult(ok=False, detail=type(exc).__name__)
        return SendResult(ok=bool(ok), detail="" if ok else "a service refused or did not answer")

    async def close(self) -> None:
        """Let go of the threads; one that still waits for a service ends when that has answered."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _apprise(config: AppriseConfig) -> Any:
    import apprise  # noqa: PLC0415  an extra that most do not install

    notifier = apprise.Apprise()
    for url in config.urls:
        if not notifier.add(url.get_secret_value()):
            msg = f"sink {config.name}: Apprise does not know one of its URLs"
            raise ValueError(msg)
    return notifier
