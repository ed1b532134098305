"""Whose turn it is: places that are free, and those who wait for one."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(slots=True, kw_only=True, eq=False)
class Turns(Generic[P]):
    """Gives each free place to who waits longest; who comes ``behind_s`` waits as if he had come so much later.

    So small work goes before large, and large work is never kept waiting for ever. The place that was given back last
    is taken first.
    """

    _free: list[P] = field(default_factory=list)
    _waiting: list[tuple[float, int, asyncio.Future[P]]] = field(default_factory=list)
    _serial: itertools.count[int] = field(default_factory=itertools.count)

    async def take(self, behind_s: float = 0.0) -> P:
        """Wait for a place; ``give`` must follow."""
        if self._free:
            return self._free.pop()
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[P] = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + behind_s, next(self._serial), turn))
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give(turn.result())
            raise

    def take_free(self) -> list[P]:
        """Take all places that are free now."""
        taken, self._free = self._free, []
        return taken

    def give(self, place: P) -> None:
        """Give a place back."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(place)
                return
        self._free.append(place)
