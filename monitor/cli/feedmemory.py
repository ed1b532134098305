"""Where ``feeds`` finds what is known of feeds: a folder of ``poll``, or the running monitor's Kafka."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from monitor.errors import InputError
from monitor.feeds.store import FILE, FeedStore, SqliteStore

if TYPE_CHECKING:
    from monitor.config import Config
    from schemas.feed import FeedState

T = TypeVar("T")
Memory = FeedStore


def sqlite_memory(folder: Path) -> Memory:
    """Return the memory in a folder of ``poll``.

    Raises:
        InputError: there is none.
    """
    if not (folder / FILE).exists():
        msg = f"{folder} holds no state of `poll`"
        raise InputError(msg)
    return SqliteStore(folder)


def kafka_memory(config: Config) -> Memory:
    """Return the memory in the running monitor's Kafka."""
    return _KafkaMemory(config)


@dataclass(frozen=True, slots=True)
class _KafkaMemory:
    """Reads and writes the topic ``feeds``; the pollers heed what others write there."""

    config: Config

    async def load(self) -> dict[str, FeedState]:
        from agents import admin
        from agents.settings import from_config

        return await self._ask(admin.feed_states(from_config(self.config)))

    async def save(self, state: FeedState) -> None:
        from agents.feedstore import KafkaFeedStore
        from agents.scan import places_of
        from agents.settings import from_config
        from agents.wire import Sender

        kafka = from_config(self.config).kafka
        places = await self._ask(places_of(kafka, "feeds"))
        sender = Sender(kafka)
        await self._ask(sender.start())
        try:
            await self._ask(KafkaFeedStore(kafka, sender, len(places)).save(state))
        finally:
            await sender.stop()

    async def _ask(self, work: Awaitable[T]) -> T:
        from agents.asking import asked
        from agents.settings import from_config

        return await asked(from_config(self.config).kafka, work)
