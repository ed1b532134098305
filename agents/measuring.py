"""Brings the figures up to date that no record changes: sizes, ages, disk and memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import psutil

from agents.deliveries import DeliveryBook
from agents.service import Service, Tools
from agents.settings import Settings
from agents.wire import utc_now
from monitor import metrics
from monitor.dedupe.book import DedupeBook
from monitor.incidents.book import IncidentBook
from schemas.reasons import Attempt

EVERY_S = 10.0
"""Below the usual interval of a scrape."""


async def measuring(
    process: str, settings: Settings, look: Callable[[], None], every_s: float = EVERY_S
) -> None:
    """Measure this process and its disk, and call ``look`` for what else there is, every few seconds until cancelled."""
    while True:
        look()
        metrics.process_memory.labels(process).set(resident_bytes(psutil.Process()))
        metrics.measure_disk(settings.state_dir)
        metrics.measure_topics(settings.state_dir / "kafka" / "data")
        await asyncio.sleep(every_s)


def resident_bytes(process: psutil.Process) -> int:
    """Return the memory of a process and its children; those that end meanwhile count nothing."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += int(one.memory_info().rss)
        except psutil.Error:
            continue
    return total


def measure_stages(services: Iterable[Service], tools: Tools) -> None:
    """Measure what the stages of a worker hold in memory."""
    sinks = [sink.name for sink in tools.settings.sinks]
    for service in services:
        books = list(service.books())
        metrics.state_rows.labels(service.stage).set(sum(len(book) for book in books))
        known = [book for book in books if isinstance(book, DedupeBook)]
        if known:
            metrics.state_bytes.labels(service.stage).set(sum(book.nbytes for book in known))
        tracked = [book for book in books if isinstance(book, IncidentBook)]
        if tracked:
            metrics.incidents_open.set(sum(book.open_incidents for book in tracked))
        waiting = [book for book in books if isinstance(book, DeliveryBook)]
        if waiting:
            _measure_deliveries(waiting, sinks, utc_now())


def _measure_deliveries(books: Iterable[DeliveryBook], sinks: Iterable[str], now: datetime) -> None:
    waiting = [delivery for book in books for delivery in book.waiting()]
    for sink in sinks:
        own = [d for d in waiting if d.sink == sink]
        # What waits for a time that the receiver chose is no backlog.
        held = sum(1 for d in own if d.outcome is Attempt.HELD)
        ages = [(now - d.first_at).total_seconds() for d in own if d.outcome is not Attempt.HELD]
        metrics.pending.labels(sink).set(len(own))
        metrics.held.labels(sink).set(held)
        metrics.oldest_pending.labels(sink).set(max(ages, default=0.0))
