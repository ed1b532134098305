"""Alerts to sinks: one delivery for each, begun in order, tried until it has ended.

Two topics: ``alerts`` are fanned out to ``deliveries`` (``agents.fanout``), and ``deliveries`` holds what waits, what was
tried and how that ended. The attempts themselves are made beside the streams (``agents.dispatch``).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agents.deliveries import DeliveryBook, note
from agents.dispatch import Dispatcher
from agents.fanout import NAME, FanningOut
from agents.lag import lags
from agents.lanes import Lane
from agents.ledger import Ledger
from agents.service import Service, Tools, make_service
from agents.settings import Settings
from agents.stage import Runner, Stage
from agents.tail import Tail
from agents.tracing import NO_TRACES, Tracer
from agents.wire import Inbound
from monitor import metrics as figures
from monitor.alerts.payload import HERE, Origin
from monitor.sinks.base import Sink, SinkConfig
from monitor.sinks.registry import make
from monitor.sinks.rules import Telling
from monitor.stage import Step
from schemas import codec
from schemas.delivery import Delivery
from schemas.reasons import Attempt
from schemas.silence import Mute
from schemas.sink import SinkState

DeliveryStage = Stage[Delivery, DeliveryBook, Delivery, Delivery]
DeliveryRunner = Runner[Delivery, DeliveryBook, Delivery, Delivery]


@dataclass(slots=True, kw_only=True)
class Delivering:
    """Takes ``deliveries``: keeps the rows, and lets the dispatcher try what is due.

    A partition is open to the dispatcher once all that was in it when it was assigned has been read:
    among that may be how an attempt ended that the rows do not know of yet.
    """

    runner: DeliveryRunner
    settings: Settings
    dispatcher: Dispatcher | None = None
    _closed: dict[int, int] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Tell whether too much failed in a row."""
        return self.runner.held

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Load rows, and see up to where each partition is to be read first."""
        kafka = self.settings.kafka
        # Shut before anything is loaded: the dispatcher does not wait for us.
        self._closed = dict.fromkeys(partitions, -1)
        await self.runner.assigned(partitions)
        found = await lags(kafka, kafka.group(NAME), ("deliveries",))
        waiting = {number: lag.end for (_, number), lag in found.items() if lag.waiting}
        if self.dispatcher is not None:
            self.dispatcher.forget()
        for ledger in self.runner.ledgers.values():
            ledger.book.renew_due()
        self._closed = {p: waiting[p] for p in partitions if p in waiting}
        self._look()

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Note records in order, open partitions that have been read, and wake the dispatcher."""
        await self.runner.batch(messages)
        for inbound in messages:
            if 0 <= self._closed.get(inbound.partition, -1) <= inbound.offset + 1:
                del self._closed[inbound.partition]
        self._look()

    def open_books(self) -> Iterable[DeliveryBook]:
        """Return the books of the open partitions."""
        ledgers = self.runner.ledgers
        return [ledgers[p].book for p in sorted(ledgers) if p not in self._closed]

    def _look(self) -> None:
        if self.dispatcher is not None:
            self.dispatcher.wake()


def make_stage(
    tellings: Mapping[str, Telling] | None = None, tracer: Tracer = NO_TRACES
) -> DeliveryStage:
    """Return the stage that keeps the rows of deliveries; ``tellings`` says how each sink wants to be told."""

    def judge(book: DeliveryBook, delivery: Delivery, _offset: int) -> Step[Delivery, Delivery]:
        # The attempt is made later, beside the streams.
        tracer.keep(delivery.webhook_id)
        return note(book, delivery, tellings)

    return Stage(
        name="deliveries",
        source="deliveries",
        kind=Delivery,
        ledger=lambda partition: Ledger(
            topic="delivery.rows",
            partition=partition,
            book=DeliveryBook(),
            row_of=lambda raw: codec.decode(raw, Delivery),
        ),
        judge=judge,
        id_of=lambda d: f"{d.webhook_id}/{d.attempts}/{d.outcome}/{d.at.isoformat()}",
        message_of=lambda _: None,
        is_last=True,
    )


def telling_of(sink: SinkConfig, origin: Origin = HERE) -> Telling:
    """Return how a sink wants to be told."""
    return Telling(
        language=sink.language,
        origin=origin,
        min_interval=timedelta(seconds=sink.min_interval_s),
        digest=sink.digest.as_digest() if sink.digest else None,
        quiet_hours=sink.quiet_hours.as_quiet_hours() if sink.quiet_hours else None,
    )


def lane_of(sink: SinkConfig) -> Lane:
    """Return the lane of a sink, of which nothing is known yet."""
    return Lane(
        sink=make(sink),
        state=SinkState(sink=sink.name, at=datetime.min.replace(tzinfo=UTC)),
        most=sink.max_concurrent,
        per_second=sink.max_per_second,
    )


@dataclass(slots=True, kw_only=True)
class Receivers:
    """The sinks of a worker: how each wants to be told, and its lane."""

    origin: Origin = HERE
    tellings: dict[str, Telling] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    _configs: dict[str, SinkConfig] = field(default_factory=dict)

    def take(self, sinks: Iterable[SinkConfig]) -> tuple[list[Lane], list[Sink]]:
        """Have these sinks; return the lanes of those that are gone, and what single ones no longer send with.

        A sink that is configured otherwise keeps its lane, with what is queued there.

        Raises:
            ValueError, ImportError: one cannot be made. Nothing is changed then.
        """
        wanted = {sink.name: sink for sink in sinks}
        changed = [s for name, s in wanted.items() if s != self._configs.get(name)]
        fresh = {sink.name: lane_of(sink) for sink in changed}
        gone = [self.lanes.pop(name) for name in self.lanes.keys() - wanted.keys()]
        refitted = self.lanes.keys() & fresh.keys()
        unused = [self.lanes[name].refit(fresh[name]) for name in refitted]
        self.lanes |= {name: lane for name, lane in fresh.items() if name not in refitted}
        self._configs = wanted
        self.tellings.clear()
        self.tellings.update((n, telling_of(s, self.origin)) for n, s in wanted.items())
        figures.initialise_sinks(tuple(wanted))
        return gone, unused


def told_of_sinks(
    lanes: Mapping[str, Lane], books: Iterable[DeliveryBook]
) -> dict[str, dict[str, object]]:
    """Return how each sink stands, for people: its state, what waits for it and what is held."""
    outcomes = Counter((d.sink, d.outcome) for book in books for d in book.waiting())
    return {
        name: {
            "disabled": lane.state.reason if lane.disabled else None,
            "failing_since": since.isoformat() if (since := lane.state.failing_since) else None,
            "waiting": outcomes[name, Attempt.PENDING] + outcomes[name, Attempt.RETRY],
            "held": outcomes[name, Attempt.HELD],
            "under_way": len(lane.under_way),
        }
        for name, lane in lanes.items()
    }


def build(tools: Tools) -> Service:
    """Return the service of the stage, with its dispatcher and what it follows: silences and the states of sinks."""
    settings, kafka = tools.settings, tools.settings.kafka
    receivers = Receivers(origin=settings.origin)
    receivers.take(settings.sinks)
    runner = Runner(
        stage=make_stage(receivers.tellings, tools.tracer),
        rows=tools.rows,
        sender=tools.sender,
        metrics=tools.metrics,
        tracer=tools.tracer,
    )
    delivering = Delivering(runner=runner, settings=settings)
    lanes = receivers.lanes
    dispatcher = Dispatcher(
        lanes=lanes, books=delivering.open_books, sender=tools.sender, tracer=tools.tracer
    )
    delivering.dispatcher = dispatcher
    silences = Tail(kafka=kafka, topic="silences", kind=Mute)
    states = Tail(kafka=kafka, topic="sinks", kind=SinkState, told=dispatcher.learn)
    fanning = FanningOut(
        sinks=settings.sinks,
        sender=tools.sender,
        metrics=tools.metrics,
        mutes=silences.latest.values,
        origin=settings.origin,
        tracer=tools.tracer,
    )

    async def start() -> None:
        await asyncio.gather(silences.start(), states.start())
        await dispatcher.start()

    async def stop() -> None:
        await dispatcher.stop()
        await asyncio.gather(silences.stop(), states.stop())

    def renew(changed: Settings) -> None:
        gone, unused = receivers.take(changed.sinks)
        tools.settings = changed
        fanning.sinks = changed.sinks
        for state in states.latest.values():
            dispatcher.learn(state)
        dispatcher.part_with(gone, unused)

    return make_service(
        tools,
        NAME,
        {"alerts": fanning, "deliveries": delivering},
        books=runner.books,
        details=lambda: {"sinks": told_of_sinks(lanes, runner.books())},
        start=start,
        stop=stop,
        renew=renew,
    )
