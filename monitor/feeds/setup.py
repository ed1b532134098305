"""Put the poller together from its parts: what ``poll`` and the poller of ``up`` share."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from monitor.children import ChildPool
from monitor.feeds import reading
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.clock import Clock, SystemClock
from monitor.feeds.feed import FullText
from monitor.feeds.fetch import Fetcher, Limits, user_agent
from monitor.feeds.fulltext import Pages
from monitor.feeds.hosts import SPACING_S, Hosts
from monitor.feeds.poller import Poller
from monitor.feeds.rules import PollPolicy
from monitor.feeds.store import FeedStore
from monitor.feeds.visit import Emit, NoMetrics, PollMetrics, Visitor

PARSE_DEADLINE_S = 20.0
PARSE_MEMORY_BYTES = 400 << 20
CONTACT = "https://github.com/news-monitor/news-monitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How a poller is run."""

    policy: PollPolicy = field(default_factory=PollPolicy)
    allow_private: tuple[str, ...] = ()
    contact: str = CONTACT
    proxy: str | None = None
    children: int = 1
    full_text: FullText = FullText.OFF
    limits: Limits = field(default_factory=Limits)
    spacing_s: float = SPACING_S


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


def make_pool(children: int) -> ChildPool:
    """Return the processes that read feeds' bodies."""
    return ChildPool(
        target=reading.TARGET,
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
