"""One poll of one feed: ask, read in a child process, send what is new, remember.

What was sent is remembered only after ``emit`` returned. A crash in between sends again rather than loses; later
stages know an article by its id.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import msgspec
import structlog

from monitor.children import ChildDied, ChildPool, DeadlineExceeded, OutOfMemory, TaskFailed
from monitor.feeds import rules
from monitor.feeds.answer import Answer, body_hash
from monitor.feeds.clock import Clock
from monitor.feeds.entries import Dialect, Entry, Selection
from monitor.feeds.feed import Feed
from monitor.feeds.fetch import Fetcher, Request
from monitor.feeds.fulltext import MAX_PAGES, Pages
from monitor.feeds.held import flow_of
from monitor.feeds.sighting import Sighting
from monitor.feeds.store import FeedStore
from monitor.feeds.tasks import Digest, Task
from schemas.feed import FeedState, FeedStatus, FetchResult

log = structlog.get_logger(__name__)

_digests = msgspec.json.Decoder(Digest)


Emit = Callable[[tuple[Sighting, ...]], Awaitable[None]]


class PollMetrics(Protocol):
    """What counts the poller's work."""

    def fetched(self, result: FetchResult, seconds: float, size: int) -> None:
        """Count one fetch."""
        ...

    def entries(self, *, new: int, changed: int, known: int) -> None:
        """Count the entries of one document."""
        ...

    def late(self, seconds: float) -> None:
        """Tell how long after its time a feed was polled."""
        ...

    def asked(self, *, conditional: bool) -> None:
        """Count one request."""
        ...

    def clock_ahead(self, seconds: float) -> None:
        """Tell how far a server's clock is ahead of ours."""
        ...

    def waited(self, seconds: float) -> None:
        """Tell how long a fetch waited for its host's turn."""
        ...


class NoMetrics:
    """Counts nothing."""

    def fetched(self, result: FetchResult, seconds: float, size: int) -> None:
        """Count one fetch."""

    def entries(self, *, new: int, changed: int, known: int) -> None:
        """Count the entries of one document."""

    def late(self, seconds: float) -> None:
        """Tell how long after its time a feed was polled."""

    def asked(self, *, conditional: bool) -> None:
        """Count one request."""

    def clock_ahead(self, seconds: float) -> None:
        """Tell how far a server's clock is ahead of ours."""

    def waited(self, seconds: float) -> None:
        """Tell how long a fetch waited for its host's turn."""


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Polls one feed at a time, any number at once."""

    fetcher: Fetcher
    pool: ChildPool
    store: FeedStore
    emit: Emit
    clock: Clock
    policy: rules.PollPolicy
    chance: random.Random
    metrics: PollMetrics = field(default_factory=NoMetrics)
    pages: Pages | None = None
    states: dict[str, FeedState] = field(default_factory=dict)
    _delivering: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _hurry: asyncio.Event = field(default_factory=asyncio.Event)

    async def settle(self) -> None:
        """Let all that is being sent and saved end, without waiting for pages."""
        self._hurry.set()
        await asyncio.gather(*self._delivering.values(), return_exceptions=True)
        self._hurry.clear()

    async def visit(self, feed: Feed, state: FeedState) -> FeedState:
        """Poll a feed and return its new state, which was saved after its entries were sent.

        A visit that is called off ends at once while it fetches; what it began to send is sent and saved to the end.
        """
        if feed.url in self._delivering:
            await asyncio.wait([self._delivering[feed.url]])
            return self.states.get(feed.url, state)
        answer = await self._ask(feed, state, self.clock.now())
        if answer.problem is FetchResult.HOST_WAITS:
            return await self._postponed(state)
        # The next poll is timed from here: how long a body waits to be read must not make it late.
        answered_at = self.clock.now()
        outcome, selection = await self._read(feed, state, answer)
        return await self._keep(feed, state, outcome, selection, answered_at)

    async def _postponed(self, state: FeedState) -> FeedState:
        """Wait as long as the host asked; that is no failure of this feed."""
        self.metrics.fetched(FetchResult.HOST_WAITS, 0.0, 0)
        until = self.fetcher.hosts.silent_until(self._host(state)) or self.clock.now()
        waiting = msgspec.structs.replace(state, next_at=until, not_before_at=until)
        await self.store.save(waiting)
        return waiting

    def _host(self, state: FeedState) -> str:
        return Answer(url=rules.fetch_url(state)).host

    async def _ask(self, feed: Feed, state: FeedState, now: datetime) -> Answer:
        if self.fetcher.hosts.silent_until(self._host(state)):
            return Answer(url=state.url, problem=FetchResult.HOST_WAITS)
        request = Request(
            url=feed.signed_in(rules.fetch_url(state)),
            validators=rules.validators(state, self.policy, now),
            proxy=feed.proxy,
        )
        answer = await self.fetcher.get(request)
        self.metrics.asked(conditional=request.validators is not None)
        if answer.clock_ahead_s is not None:
            self.metrics.clock_ahead(answer.clock_ahead_s)
        return answer

    async def _read(
        self, feed: Feed, state: FeedState, answer: Answer
    ) -> tuple[rules.Outcome, Selection | None]:
        if answer.problem is not None:
            return rules.Outcome(result=answer.problem, answer=answer, detail=answer.detail), None
        if answer.status == 304:  # noqa: PLR2004 -- a status
            return rules.Outcome(result=FetchResult.NOT_MODIFIED, answer=answer), None
        fresh = body_hash(answer.body)
        if fresh == state.body_hash and state.last_success_at is not None:
            same = rules.Outcome(result=FetchResult.SAME_BODY, answer=answer, body_hash=fresh)
            return same, None
        digest = await self._digest(answer, state)
        if digest.document is not None and digest.document.dialect is Dialect.SITEMAP_INDEX:
            # An index that did not change may list sitemaps that did: it is asked for and read each time.
            digest = await self._children(feed, state, digest)
            answer, fresh = replace(answer, etag=None, last_modified=None), ""
        return _outcome(answer, digest, fresh), digest.selection

    async def _digest(self, answer: Answer, state: FeedState) -> Digest:
        task = Task(
            body=answer.body,
            url=answer.url,
            content_type=answer.content_type,
            now=self.clock.now(),
            seen=state.seen,
        )
        try:
            with self.fetcher.held.holding(len(answer.body)):
                raw = await self.pool.run(
                    msgspec.msgpack.encode(task), flow=flow_of(len(answer.body))
                )
                return _digests.decode(raw)
        except DeadlineExceeded as exc:
            return Digest(problem=FetchResult.PARSE_TOO_SLOW, detail=str(exc))
        except OutOfMemory as exc:
            return Digest(problem=FetchResult.PARSE_TOO_BIG, detail=str(exc))
        except (ChildDied, TaskFailed, msgspec.DecodeError) as exc:
            return Digest(problem=FetchResult.PARSE_DIED, detail=str(exc))

    async def _children(self, feed: Feed, state: FeedState, index: Digest) -> Digest:
        """Read the newest sitemaps of an index, one after the other; what one of them lacks costs no other."""
        assert index.document is not None
        new: list[Entry] = []
        changed: list[Entry] = []
        total = 0
        for url in index.document.children:
            answer = await self.fetcher.get(Request(url=feed.signed_in(url), proxy=feed.proxy))
            if answer.problem is not None:
                continue
            part = await self._digest(answer, state)
            if part.selection is None:
                continue
            new += part.selection.new
            changed += part.selection.changed
            total += part.selection.total
            state = msgspec.structs.replace(state, seen=part.selection.seen)
        selection = Selection(new=tuple(new), changed=tuple(changed), seen=state.seen, total=total)
        return msgspec.structs.replace(index, selection=selection)

    async def _keep(
        self,
        feed: Feed,
        state: FeedState,
        outcome: rules.Outcome,
        selection: Selection | None,
        now: datetime,
    ) -> FeedState:
        """Send, then save."""
        sightings = self._sightings(feed, state, selection, outcome, now)
        done = rules.after(
            state,
            outcome,
            self.policy,
            now,
            configured_s=feed.interval_s,
            spread=self.chance.uniform(-1.0, 1.0),
        )
        self._tell(state, done, outcome)
        task = asyncio.get_running_loop().create_task(self._deliver(sightings, done))
        self._delivering[feed.url] = task
        task.add_done_callback(lambda _: self._delivering.pop(feed.url, None))
        await asyncio.shield(task)
        return self.states.get(feed.url, done)

    async def _deliver(self, sightings: tuple[Sighting, ...], done: FeedState) -> None:
        """Send what is complete at once, then, the newest first, what waits for its page, and then save.

        Of a long document the oldest entries make do with the feed's text.
        """
        pages = self.pages
        waiting = [s for s in sightings if pages and pages.wanted(s)][-MAX_PAGES:]
        late = {id(s) for s in waiting}
        if ready := tuple(s for s in sightings if id(s) not in late):
            await self.emit(ready)
        for sighting in reversed(waiting):
            await self.emit((await self._completed(sighting),))
        # In memory first: where the store fails, the entries are sent again after a restart at most.
        done = self.states[done.url] = self._with_orders(done)
        await self.store.save(done)

    def _with_orders(self, done: FeedState) -> FeedState:
        """Return the state with what the operator ordered while the poll was being made."""
        now = self.states.get(done.url)
        if now is None or (now.paused, now.removed) == (done.paused, done.removed):
            return done
        return msgspec.structs.replace(done, paused=now.paused, removed=now.removed)

    async def _completed(self, sighting: Sighting) -> Sighting:
        """Return the entry with its page, or as it is where the poller is being stopped."""
        assert self.pages is not None
        page = asyncio.ensure_future(self.pages.complete(sighting))
        hurry = asyncio.ensure_future(self._hurry.wait())
        await asyncio.wait({page, hurry}, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        if page.done():
            return page.result()
        page.cancel()
        return sighting

    def _sightings(
        self,
        feed: Feed,
        state: FeedState,
        selection: Selection | None,
        outcome: rules.Outcome,
        now: datetime,
    ) -> tuple[Sighting, ...]:
        if selection is None:
            return ()
        start = rules.cold(state)
        base = Sighting(
            feed=feed,
            entry=Entry(),
            fetched_at=now,
            title=outcome.title or state.title,
            language=outcome.language or state.language or "",
        )
        return tuple(
            replace(
                base,
                entry=entry,
                revision=changed,
                known_at_start=start and rules.known_at_start(entry.published, self.policy, now),
            )
            for changed, entries in ((False, selection.new), (True, selection.changed))
            for entry in entries
        )

    def _tell(self, before: FeedState, after: FeedState, outcome: rules.Outcome) -> None:
        answer = outcome.answer
        self.metrics.fetched(outcome.result, answer.seconds, len(answer.body))
        known = outcome.total - outcome.new - outcome.changed
        self.metrics.entries(new=outcome.new, changed=outcome.changed, known=known)
        facts = {"feed": before.url, "result": str(outcome.result), "next_at": str(after.next_at)}
        if outcome.result in rules.SUCCESSES:
            log.info("feed polled", **facts, new=outcome.new, changed=outcome.changed)
        else:
            log.warning("feed failed", **facts, detail=outcome.detail, failures=after.failures)
        if after.moved_to and after.moved_to != before.moved_to:
            log.warning("feed has moved", feed=before.url, moved_to=after.moved_to)
        if after.state == FeedStatus.PARKED and before.state != FeedStatus.PARKED:
            log.error("feed parked", feed=before.url, failures=after.failures, detail=after.detail)


def _outcome(answer: Answer, digest: Digest, fresh: str) -> rules.Outcome:
    if digest.problem is not None or digest.document is None or digest.selection is None:
        problem = digest.problem or FetchResult.NOT_A_FEED
        return rules.Outcome(result=problem, answer=answer, detail=digest.detail)
    document, selection = digest.document, digest.selection
    news = bool(selection.new or selection.changed)
    return rules.Outcome(
        result=FetchResult.NEWS if news else FetchResult.NOTHING_NEW,
        answer=answer,
        detail=document.flaw and f"flawed: {document.flaw}",
        body_hash=fresh,
        new=len(selection.new),
        changed=len(selection.changed),
        total=selection.total,
        seen=selection.seen,
        items_a_day=digest.items_a_day,
        ttl_s=document.ttl_s,
        title=document.title[:200],
        language=document.language,
        hub=document.hub,
        topic=document.topic,
    )
