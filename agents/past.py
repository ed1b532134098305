"""Lets articles of the past in where dedupe reads, a few a second, so that what is live never stands behind an archive.

Dedupe judges all in one order, that of ``articles.raw``. A new list of feeds, or an archive, brings thousands of old
articles within seconds: the poller sends them to a topic of their own, and from there they go on as they are. One that
is let in twice, after a crash, is known by its id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agents.rules import RAW
from agents.wire import Inbound, Outbound, Sender

A_SECOND = 50
"""Articles let in a second: four times of what extraction reads on a core, half of what dedupe does on a starved one."""
AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LettingIn:
    """Takes ``articles.past``."""

    sender: Sender
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    held: bool = False

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Nothing is kept of a partition."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Send records on in their order, and return when Kafka has the last."""
        for start in range(0, len(messages), AT_ONCE):
            some = messages[start : start + AT_ONCE]
            await self.sender.send([_onward(message) for message in some])
            await self.sleep(len(some) / A_SECOND)


def _onward(message: Inbound) -> Outbound:
    return Outbound(topic=RAW, key=message.key or b"", value=message.value, headers=message.headers)
