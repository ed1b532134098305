"""Whose turn it is: places that are free, and those who wait for one, in flows that have equal shares."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from dataclasses import dataclass, field
from typing import Generic, TypeVar

P = TypeVar("P")


@dataclass(slots=True, kw_only=True, eq=False)
class Turns(Generic[P]):
    """Gives free places to flows by turns, as much work to each (start-time fair queueing, Goyal et al. 1996).

    Within a flow those who came first go first. So who comes in a flow in which nobody waits goes next, however much waits
    in others, and no flow is kept waiting for ever. The place that was given back last is taken first.
    """

    _free: list[P] = field(default_factory=list)
    _waiting: list[tuple[int, int, asyncio.Future[P]]] = field(default_factory=list)
    _serial: itertools.count[int] = field(default_factory=itertools.count)
    _now: int = 0
    _ends: dict[int, int] = field(default_factory=dict)

    async def take(self, flow: int = 0, work: int = 1) -> P:
        """Wait for a place to do so much work of a flow; ``give`` must follow."""
        begins = max(self._now, self._ends.get(flow, 0))
        self._ends[flow] = begins + work
        if self._free:
            self._now = begins
            return self._free.pop()
        turn: asyncio.Future[P] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (begins, next(self._serial), turn))
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
            begins, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._now = begins
                turn.set_result(place)
                return
        self._free.append(place)
