"""Poll all feeds in their time: the scheduler. It knows neither Kafka nor files.

``run`` polls until it is stopped, ``run_once`` makes one round. Feeds may be added and taken away at any time
(``set_feeds``), as files change or as other pollers take their share. A feed is never polled twice at once.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from monitor.feeds import rules
from monitor.feeds.feed import Feed
from monitor.feeds.visit import Visitor
from schemas.feed import FeedState

log = structlog.get_logger(__name__)

STOP_GRACE_S = 5.0
"""A stopped poller lets fetches under way end for so long; what is being sent and saved is always ended."""

LONGEST_SLEEP_S = 60.0
"""The system's clock may be set; the poller looks at it at least so often."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

RETRY = timedelta(minutes=2)
"""After a failure of our own (the store or the receiver does not take what we give) a feed waits so long."""


@dataclass(slots=True, kw_only=True)
class Poller:
    """Polls feeds through a visitor."""

    visitor: Visitor
    _feeds: dict[str, Feed] = field(default_factory=dict)
    _queue: list[tuple[datetime, int, str]] = field(default_factory=list)
    _times: dict[str, datetime] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _serial: itertools.count[int] = field(default_factory=itertools.count)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _looked_at: datetime = _LONG_AGO

    async def load(self) -> None:
        """Take the states that the store holds."""
        self.visitor.states = await self.visitor.store.load()

    @property
    def states(self) -> dict[str, FeedState]:
        """What is known of each feed, by address."""
        return self.visitor.states

    @states.setter
    def states(self, states: dict[str, FeedState]) -> None:
        self.visitor.states = states

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds that are polled."""
        return tuple(self._feeds.values())

    @property
    def under_way(self) -> int:
        """How many polls are being made."""
        return len(self._running)

    def set_feeds(self, feeds: Iterable[Feed]) -> None:
        """Poll these feeds and no others from now on. A poll under way of a feed that is gone is called off."""
        wanted = {feed.url: feed for feed in feeds}
        for url in self._feeds.keys() - wanted.keys():
            self._times.pop(url, None)
            task = self._running.get(url)
            if task is not None:
                task.cancel()
        self._feeds = wanted
        for url in wanted:
            if url not in self._running and url not in self._times:
                self._schedule(url)
        self._changed.set()

    def update(self, state: FeedState) -> None:
        """Take a state that was changed elsewhere (paused, removed, another poller's) and heed it."""
        self.states[state.url] = state
        if state.url in self._feeds and state.url not in self._running:
            self._schedule(state.url)
        self._changed.set()

    def state(self, url: str) -> FeedState:
        """Return what is known of a feed; a new one has a state that is due at once."""
        return self.states.get(url) or FeedState(url=url)

    def stop(self) -> None:
        """End ``run`` soon."""
        self._stopping = True
        self._changed.set()

    async def run(self) -> None:
        """Poll until stopped."""
        self._stopping = False
        try:
            while not self._stopping:
                self._changed.clear()
                wait_s = self._start_due()
                await self._wait(wait_s)
        finally:
            await self._finish()

    async def run_once(self) -> None:
        """Poll each feed once whose host and server allow it now, or until stopped."""
        self._stopping = False
        now = self.visitor.clock.now()
        for url in self._feeds:
            if url not in self._running and rules.is_due(self.state(url), now, round_by_hand=True):
                self._start(url)
        while self._running and not self._stopping:
            self._changed.clear()
            await self._changed.wait()
        await self._finish()

    def overdue_s(self) -> float:
        """Return how long the feed that waits longest for its poll to begin is past its time; 0 with none overdue."""
        first = min(self._times.values(), default=None)
        if first is None:
            return 0.0
        return max(0.0, (self.visitor.clock.now() - first).total_seconds())

    def poll_soon(self, url: str) -> None:
        """Poll a feed as soon as manners allow: somebody told that it has news."""
        if url not in self._feeds or url in self._running:
            return
        state = self.state(url)
        if state.removed or state.paused:
            return
        now = self.visitor.clock.now()
        at = rules.soonest(state, self.visitor.policy, now)
        if self._times.get(url, at) >= at:
            self._put(url, at)
            self._changed.set()

    def _put(self, url: str, at: datetime) -> None:
        self._times[url] = at
        heapq.heappush(self._queue, (at, next(self._serial), url))

    def _schedule(self, url: str) -> None:
        state = self.state(url)
        if state.removed or state.paused:
            self._times.pop(url, None)
            return
        self._put(url, rules.due_at(state, self.visitor.clock.now()))

    def _start_due(self) -> float:
        """Start all polls that are due and return the seconds until the next one."""
        now = self.visitor.clock.now()
        if now < self._looked_at:
            log.warning("the clock was set back", seconds=(self._looked_at - now).total_seconds())
            for url in tuple(self._times):
                self._schedule(url)
        self._looked_at = now
        while self._queue:
            at, _, url = self._queue[0]
            if self._times.get(url) != at:
                heapq.heappop(self._queue)  # Scheduled anew since, or gone.
                continue
            if at > now:
                return min((at - now).total_seconds(), LONGEST_SLEEP_S)
            heapq.heappop(self._queue)
            self.visitor.metrics.late((now - at).total_seconds())
            self._start(url)
        return LONGEST_SLEEP_S

    def _start(self, url: str) -> None:
        self._times.pop(url, None)
        task = asyncio.get_running_loop().create_task(self._poll(self._feeds[url]))
        self._running[url] = task
        task.add_done_callback(lambda _: self._ended(url))

    def _ended(self, url: str) -> None:
        self._running.pop(url, None)
        if url in self._feeds:
            self._schedule(url)
        self._changed.set()

    async def _poll(self, feed: Feed) -> None:
        state = self.state(feed.url)
        try:
            self.states[feed.url] = await self.visitor.visit(feed, state)
        except asyncio.CancelledError:
            raise
        except Exception:
            # The one place in the poller with a broad except: a fault of ours in one poll must not end all others.
            log.exception("poll broke off", feed=feed.url)
            self._put_off(feed.url)

    def _put_off(self, url: str) -> None:
        until = self.visitor.clock.now() + RETRY
        state = self.state(url)
        later = max(until, state.next_at or until)
        self.states[url] = msgspec.structs.replace(state, next_at=later)

    async def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        sleep = loop.create_task(self.visitor.clock.sleep(seconds))
        changed = loop.create_task(self._changed.wait())
        try:
            await asyncio.wait({sleep, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            changed.cancel()

    async def _finish(self) -> None:
        tasks = tuple(self._running.values())
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.visitor.settle()
