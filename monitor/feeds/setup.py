"""Put the poller together from its parts: what ``poll`` and the poller of ``up`` share."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import msgspec

from monitor.children import ChildError, ChildPool
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.answer import Answer
from monitor.feeds.clock import Clock, SystemClock
from monitor.feeds.feed import CONTACT, FullText, WebsubSettings
from monitor.feeds.fetch import Fetcher, Limits, Request, user_agent
from monitor.feeds.fulltext import Pages
from monitor.feeds.hosts import SPACING_S, Hosts
from monitor.feeds.poller import Poller
from monitor.feeds.rules import PollPolicy
from monitor.feeds.store import FeedStore
from monitor.feeds.tasks import TARGET, Digest, Found, Task
from monitor.feeds.visit import Emit, NoMetrics, PollMetrics, Visitor
from schemas.feed import FetchResult

MAX_TRIED = 3
"""Of the feeds that a page names, so many are tried until one is a feed."""

PARSE_DEADLINE_S = 20.0
PARSE_MEMORY_BYTES = 400 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How a poller is run."""

    policy: PollPolicy = field(default_factory=PollPolicy)
    allow_private: tuple[str, ...] = ()
    contact: str = CONTACT
    proxy: str | None = field(default=None, repr=False)
    children: int = 1
    full_text: FullText = FullText.OFF
    websub: WebsubSettings | None = None
    limits: Limits = field(default_factory=Limits)
    spacing_s: float = SPACING_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What an address offers: the feed's own address, what it says, the page that named it and all that it named."""

    url: str
    digest: Digest
    named_by: str = ""
    found: tuple[Found, ...] = ()


def make_fetcher(settings: PollSettings, clock: Clock) -> Fetcher:
    """Return the fetcher that these settings ask for.

    Raises:
        ValueError: ``allow_private`` holds what is no network.
    """
    return Fetcher(
        clock=clock,
        hosts=Hosts(clock=clock, spacing_s=settings.spacing_s),
        user_agent=user_agent(version("news-monitor"), settings.contact),
        policy=AddressPolicy.of(settings.allow_private),
        limits=settings.limits,
        proxy=settings.proxy,
    )


async def preview(url: str, settings: PollSettings, clock: Clock) -> Previewed:
    """Fetch a feed, or a page and then the feed that it names first, and return what it says. Nothing is kept."""
    fetcher, pool = make_fetcher(settings, clock), make_pool(1)
    try:
        answer, digest = await _look(url, fetcher, pool, clock)
        for found in digest.found[:MAX_TRIED] if digest.problem is FetchResult.HTML_PAGE else ():
            other, told = await _look(found.url, fetcher, pool, clock)
            if told.problem is None:
                return Previewed(url=other.url, digest=told, named_by=url, found=digest.found)
        return Previewed(url=answer.url, digest=digest, found=digest.found)
    finally:
        await fetcher.aclose()
        await pool.aclose()


async def _look(url: str, fetcher: Fetcher, pool: ChildPool, clock: Clock) -> tuple[Answer, Digest]:
    answer = await fetcher.get(Request(url=url))
    if answer.problem is not None:
        return answer, Digest(problem=answer.problem, detail=answer.detail)
    task = Task(body=answer.body, url=answer.url, content_type=answer.content_type, now=clock.now())
    try:
        raw = await pool.run(msgspec.msgpack.encode(task))
    except ChildError as exc:
        return answer, Digest(problem=FetchResult.PARSE_DIED, detail=str(exc))
    return answer, msgspec.json.decode(raw, type=Digest)


def make_pool(children: int) -> ChildPool:
    """Return the processes that read feeds' bodies."""
    return ChildPool(
        target=TARGET,
        size=children,
        deadline_s=PARSE_DEADLINE_S,
        memory_bytes=PARSE_MEMORY_BYTES,
    )


@asynccontextmanager
async def open_poller(
    settings: PollSettings,
    *,
    store: FeedStore,
    emit: Emit,
    clock: Clock | None = None,
    chance: random.Random | None = None,
    metrics: PollMetrics | None = None,
) -> AsyncIterator[Poller]:
    """Give a poller that has loaded its states, and close what it holds at the end.

    Raises:
        ValueError: ``allow_private`` holds what is no network.
    """
    time = clock or SystemClock()
    fetcher = make_fetcher(settings, time)
    fetcher.hosts.waited = (metrics or NoMetrics()).waited
    pool = make_pool(settings.children)
    pages = Pages(fetcher=fetcher, pool=pool, clock=time, mode=settings.full_text)
    visitor = Visitor(
        pages=pages,
        fetcher=fetcher,
        pool=pool,
        store=store,
        emit=emit,
        clock=time,
        policy=settings.policy,
        chance=chance or random.Random(),  # noqa: S311 -- spreads polls over time, guards nothing
        metrics=metrics or NoMetrics(),
    )
    poller = Poller(visitor=visitor)
    try:
        await poller.load()
        yield poller
    finally:
        await fetcher.aclose()
        await pool.aclose()
