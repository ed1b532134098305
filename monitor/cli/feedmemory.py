"""Where ``feeds`` finds what is known of feeds: a folder of ``poll``, or the running monitor's Kafka."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import InputError
from monitor.feeds.store import FILE, FeedStore, SqliteStore

if TYPE_CHECKING:
    from agents.settings import KafkaSettings
    from monitor.config import Config
    from schemas.feed import FeedState

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
    from agents.settings import from_config

    return _KafkaMemory(from_config(config).kafka)


@dataclass(frozen=True, slots=True)
class _KafkaMemory:
    """Reads and writes the topic ``feeds``; the pollers heed what others write there."""

    kafka: KafkaSettings

    async def load(self) -> dict[str, FeedState]:
        from agents import admin
        from agents.asking import asked

        return await asked(self.kafka, admin.feed_states(self.kafka))

    async def save(self, state: FeedState) -> None:
        from agents import admin
        from agents.asking import asked

        await asked(self.kafka, admin.save_feed_state(self.kafka, state))
