"""Alerts to sinks: one delivery for each, begun in order, tried until it has ended.

Two topics: ``alerts`` are fanned out to ``deliveries``, and ``deliveries`` holds what waits, what was
tried and how that ended. The attempts themselves are made beside the streams (``agents.dispatch``).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agents.deliveries import DeliveryBook, note
from agents.dispatch import Dispatcher, Lane
from agents.lag import lags
from agents.ledger import Ledger
from agents.service import Service, Tools, make_service
from agents.settings import Settings
from agents.stage import Runner, Stage, StageMetrics, told_of_quarantine
from agents.wire import (
    Inbound,
    Outbound,
    Sender,
    attempt,
    check_size,
    message,
    read,
    to_quarantine,
    utc_now,
)
from monitor import metrics as figures
from monitor.sinks.registry import make
from monitor.sinks.rules import webhook_id
from schemas import codec
from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.quarantine import Quarantined
from schemas.reasons import Attempt

NAME = "deliver"

DeliveryStage = Stage[Delivery, DeliveryBook, Delivery, Delivery]
DeliveryRunner = Runner[Delivery, DeliveryBook, Delivery, Delivery]


def delivery_of(alert: Alert, sink: str, now: datetime) -> Delivery:
    """Return the first record of an alert's delivery to a sink."""
    return Delivery(
        webhook_id=webhook_id(alert.alert_id, sink),
        alert_id=alert.alert_id,
        sink=sink,
        outcome=Attempt.PENDING,
        attempts=0,
        first_at=now,
        at=now,
        next_at=now,
        subject=alert.subject,
        alert=alert,
    )


@dataclass(slots=True, kw_only=True)
class FanningOut:
    """Takes ``alerts``: a delivery for each sink that the alert is for (all of them, where it names none)."""

    sinks: Sequence[str]
    sender: Sender
    metrics: StageMetrics
    held: bool = False

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Nothing is kept of a partition."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Fan out each alert, in order."""
        outputs = [output for inbound in messages for output in self._one(inbound)]
        await self.sender.send(outputs)
        self.metrics.sent(NAME, len(outputs))

    def _one(self, inbound: Inbound) -> Sequence[Outbound]:
        begun = time.perf_counter()
        self.metrics.received(NAME)
        made = attempt(lambda: self._deliveries(inbound), inbound, stage=NAME)
        outcome, reason = ("passed", "") if made else ("dropped", "no_sink")
        if isinstance(made, Quarantined):
            told_of_quarantine(made)
            outcome, reason, made = "quarantined", made.reason, [to_quarantine(made)]
        self.metrics.ended(NAME, outcome, reason, time.perf_counter() - begun)
        return made

    def _deliveries(self, inbound: Inbound) -> list[Outbound]:
        alert = read(inbound, Alert)
        now = utc_now()
        if alert.fetched_at is not None:
            figures.fetched_to_alert.observe(max(0.0, (now - alert.fetched_at).total_seconds()))
        wanted = [sink for sink in self.sinks if not alert.sinks or sink in alert.sinks]
        made = [delivery_of(alert, sink, now) for sink in wanted]
        outputs = [message("deliveries", alert.subject, delivery) for delivery in made]
        check_size(outputs)
        return outputs


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


def make_stage() -> DeliveryStage:
    """Return the stage that keeps the rows of deliveries."""
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
        judge=note,
        id_of=lambda d: f"{d.webhook_id}/{d.attempts}/{d.outcome}/{d.at.isoformat()}",
        message_of=lambda _: None,
        is_last=True,
    )


def build(tools: Tools) -> Service:
    """Return the service of the stage, with its dispatcher."""
    settings = tools.settings
    figures.initialise_sinks(tuple(sink.name for sink in settings.sinks))
    runner = Runner(stage=make_stage(), rows=tools.rows, sender=tools.sender, metrics=tools.metrics)
    delivering = Delivering(runner=runner, settings=settings)
    lanes = {
        config.name: Lane(sink=make(config), most=config.max_concurrent)
        for config in settings.sinks
    }
    dispatcher = Dispatcher(lanes=lanes, books=delivering.open_books, sender=tools.sender)
    delivering.dispatcher = dispatcher
    fanning = FanningOut(sinks=tuple(lanes), sender=tools.sender, metrics=tools.metrics)
    return make_service(
        tools,
        NAME,
        {"alerts": fanning, "deliveries": delivering},
        books=runner.books,
        start=dispatcher.start,
        stop=dispatcher.stop,
    )
