"""Unique articles to mentions, one for each subject; read in child processes, sent in the order of arrival."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from agents.extraction import make_pool, model_version
from agents.heartbeat import subjects
from agents.provision import partitions_of
from agents.rules import BACKLOG, LIVE, QuarantineLimit
from agents.service import Service, Tools, make_service
from agents.stage import StageMetrics, hold, told_of_outcome, told_of_quarantine
from agents.tracing import NO_TRACES, Span, Tracer
from agents.wire import Inbound, Outbound, Sender, attempt, check_size, message, read, to_quarantine
from monitor import heartbeat, metrics
from monitor.children import ChildDied, ChildError, OutOfMemory
from monitor.incidents.subjects import split
from schemas import codec
from schemas.article import UniqueArticle
from schemas.base import Subject
from schemas.cards import cards
from schemas.mention import Mention
from schemas.quarantine import Quarantined
from schemas.report import Report

log = structlog.get_logger(__name__)

NAME = "extract"

_BATCH_FOR_CHILD = 16
"""Articles of a batch for each child. Between two batches Kafka is asked: with 4, 24 articles a second that needed no
reading fell behind on a busy machine, while the worker had used a third of a core. A stop waits for one batch, some 2 s."""

Ask = Callable[[bytes], Awaitable[bytes]]
"""Hands an article's message to a child and returns the report's message."""


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True, kw_only=True)
class Extracting:
    """The stage: it keeps no state, since the same article gives the same mentions again.

    ``beats`` are the subjects under which a heartbeat goes on.
    """

    ask: Ask
    sender: Sender
    metrics: StageMetrics
    beats: Sequence[Subject] = ()
    tracer: Tracer = NO_TRACES
    limit: QuarantineLimit = field(default_factory=QuarantineLimit)
    held: bool = False
    _resting: asyncio.Event = field(default_factory=_set)

    async def at_rest(self) -> None:
        """Return when no batch is in work."""
        await self._resting.wait()

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Nothing is kept of a partition."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Read all articles at once, as far as there are children, and send each once all before it are read."""
        self._resting.clear()
        try:
            await self._batch(messages)
        finally:
            self._resting.set()

    async def _batch(self, messages: Sequence[Inbound]) -> None:
        async with asyncio.TaskGroup() as group:
            waiting = deque(group.create_task(self._one(m)) for m in messages)
            while waiting:
                made = [await waiting.popleft()]
                while waiting and waiting[0].done():
                    made.append(waiting.popleft().result())
                await self._send(made)

    async def _send(self, made: Sequence[Sequence[Outbound] | Quarantined]) -> None:
        """Send what was made of articles that follow each other, while the next ones are read."""
        for failed in (m for m in made if isinstance(m, Quarantined)):
            told_of_quarantine(failed)
        if self.limit.is_over():
            self.held = True
            await hold(NAME, self.limit)
        outputs = [output for result in made for output in _outputs(result)]
        await self.sender.send(outputs)
        self.metrics.sent(NAME, len(outputs))

    async def _one(self, inbound: Inbound) -> Sequence[Outbound] | Quarantined:
        with self.tracer.span(NAME, inbound.headers) as span:
            return await self._in_span(inbound, span)

    async def _in_span(self, inbound: Inbound, span: Span) -> Sequence[Outbound] | Quarantined:
        begun = time.perf_counter()
        self.metrics.received(NAME)
        unique = attempt(lambda: read(inbound, UniqueArticle), inbound, stage=NAME)
        made = unique if isinstance(unique, Quarantined) else await self._read(inbound, unique)
        seconds = time.perf_counter() - begun
        if isinstance(made, Quarantined):
            self.limit.failed()
            self.metrics.ended(NAME, "quarantined", made.reason, seconds)
            span.carried((), outcome="quarantined", reason=made.reason)
            return made
        self.limit.passed()
        outputs, report = made
        reason = report.reason or ("" if outputs else "nothing_said")
        if report.id.startswith(heartbeat.PREFIX):
            reason = heartbeat.NAME
        outcome = "passed" if outputs else "dropped"
        self.metrics.ended(NAME, outcome, reason, seconds)
        told_of_outcome(NAME, report.id, outcome, reason)
        return span.carried(outputs, article=report.id, outcome=outcome, reason=reason)

    async def _read(
        self, inbound: Inbound, unique: UniqueArticle
    ) -> tuple[Sequence[Outbound], Report] | Quarantined:
        try:
            raw = await self._ask(codec.encode(unique.article))
        except ChildError as exc:
            return attempt(_raising(exc), inbound, stage=NAME)
        return attempt(lambda: _mentions(raw, unique, self.beats), inbound, stage=NAME)

    async def _ask(self, raw: bytes) -> bytes:
        """Ask a second child where the first one died: that may have been about the child."""
        try:
            return await self.ask(raw)
        except OutOfMemory:
            raise
        except ChildDied as exc:
            log.warning("a child died, its article is read again", error=str(exc))
            return await self.ask(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Takes the backlog: an article for each child, and then it looks whether something live is in work.

    So what is live waits for one article of the backlog at most, and the backlog moves even where
    live articles never end.
    """

    reading: Extracting
    live: Extracting
    at_once: int

    @property
    def held(self) -> bool:
        """Tell whether too much failed in a row."""
        return self.reading.held

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Nothing is kept of a partition."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Read articles while nothing live is in work."""
        for start in range(0, len(messages), self.at_once):
            await self.live.at_rest()
            await self.reading.batch(messages[start : start + self.at_once])


def _raising(exc: ChildError) -> Callable[[], tuple[Sequence[Outbound], Report]]:
    def work() -> tuple[Sequence[Outbound], Report]:
        raise exc

    return work


def _mentions(
    raw: bytes, unique: UniqueArticle, beats: Sequence[Subject]
) -> tuple[Sequence[Outbound], Report]:
    report = codec.decode(raw, Report)
    beating = heartbeat.is_heartbeat(unique.article)
    found = heartbeat.mentions(unique, beats) if beating else split(report, unique)
    outputs = [_message_of(mention) for mention in found]
    check_size(outputs)
    return outputs, report


def _message_of(mention: Mention) -> Outbound:
    return message("incident.mentions", mention.subject, mention)


def _outputs(made: Sequence[Outbound] | Quarantined) -> Sequence[Outbound]:
    return (to_quarantine(made),) if isinstance(made, Quarantined) else made


def build(tools: Tools) -> Service:
    """Return the service of the stage; its children start with it and end with it."""
    metrics.model.labels(model_version()).set(1)
    workers = tools.settings.extract.workers
    pool = make_pool(tools.settings.extract)
    partitions = partitions_of(tools.settings, cards()["incident.mentions"])
    live, backlog = (
        Extracting(
            ask=pool.run,
            sender=tools.sender,
            metrics=tools.metrics,
            beats=subjects(partitions),
            tracer=tools.tracer,
        )
        for _ in (LIVE, BACKLOG)
    )
    return make_service(
        tools,
        NAME,
        {LIVE: live, BACKLOG: Behind(reading=backlog, live=live, at_once=workers)},
        batch=_BATCH_FOR_CHILD * workers,
        start=pool.start,
        stop=pool.aclose,
    )
