"""Which rows were seen longest ago? An order of age that costs one entry a row, however often a row is seen."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime


class Ages:
    """Keys by the time at which they were last seen, the oldest first.

    An entry is made when a key comes, and moved only when its turn comes to be looked at. So it may tell a time that
    is too early, and never one that is too late: what it gives does not depend on how often it was asked.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, str]] = []
        self._listed: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def note(self, key: str, seen_at: datetime) -> None:
        """Take a key that was seen at a time."""
        listed = self._listed.get(key)
        if listed is None or seen_at < listed:
            self._list(key, seen_at)

    def oldest(
        self, before: datetime, limit: int, seen_at: Callable[[str], datetime | None]
    ) -> tuple[str, ...]:
        """Return up to ``limit`` keys last seen before a time; ``seen_at`` tells when, ``None`` of what has gone."""
        found: list[tuple[datetime, str]] = []
        while self._entries and len(found) < limit and self._entries[0][0] < before:
            at, key = heapq.heappop(self._entries)
            if self._listed.get(key) != at or (at, key) in found[-1:]:
                continue  # Another entry stands for the key.
            now = seen_at(key)
            if now is None:
                del self._listed[key]
            elif now > at:
                self._list(key, now)
            else:
                found.append((at, key))
        for entry in found:
            heapq.heappush(self._entries, entry)
        return tuple(key for _, key in found)

    def _list(self, key: str, seen_at: datetime) -> None:
        self._listed[key] = seen_at
        heapq.heappush(self._entries, (seen_at, key))
