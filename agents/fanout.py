"""Fans alerts out: one delivery for each sink, in its language, with the bytes that every attempt will send."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from agents.rules import QuarantineLimit
from agents.stage import StageMetrics, hold, told_of_quarantine
from agents.tracing import NO_TRACES, Span, Tracer
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
from monitor.alerts.mutes import sink_mute
from monitor.alerts.payload import HERE, Origin, body
from monitor.alerts.text import in_language
from monitor.sinks.base import SinkConfig
from monitor.sinks.rules import DeliveryReason, webhook_id
from schemas.alert import Alert
from schemas.base import Subject
from schemas.delivery import Delivery
from schemas.quarantine import Quarantined
from schemas.reasons import Attempt
from schemas.silence import Mute

NAME = "deliver"


def deliveries_of(
    alert: Alert, sinks: Iterable[SinkConfig], now: datetime, *, origin: Origin = HERE
) -> list[Delivery]:
    """Return the first record of an alert's delivery to each of the sinks; each language is written once."""
    written: dict[str, tuple[Alert, str]] = {}
    made = []
    for sink in sinks:
        language = sink.language
        if language not in written:
            told = in_language(alert, language)
            raw = body(told, origin=origin, language=language)
            written[language] = (told, raw.decode())
        made.append(_delivery_of(*written[language], sink, now))
    return made


def _delivery_of(alert: Alert, text: str, sink: SinkConfig, now: datetime) -> Delivery:
    return Delivery(
        webhook_id=webhook_id(alert.alert_id, sink.name),
        alert_id=alert.alert_id,
        sink=sink.name,
        outcome=Attempt.PENDING,
        attempts=0,
        first_at=now,
        at=now,
        next_at=now,
        # What is told together must be in one partition.
        subject=Subject(f"digest:{sink.name}") if sink.digest else alert.subject,
        alert=alert,
        body=text,
        incident_id=alert.incident_id,
    )


def as_message(delivery: Delivery) -> Outbound:
    """Return the message of a record of ``deliveries``."""
    return message("deliveries", delivery.subject, delivery)


@dataclass(slots=True, kw_only=True)
class FanningOut:
    """Takes ``alerts``: a delivery for each sink that the alert is for (all of them, where it names none).

    ``mutes`` gives the silences in force; ``origin`` says who sends. Where ``limit`` is over, it is held.
    """

    sinks: Sequence[SinkConfig]
    sender: Sender
    metrics: StageMetrics
    mutes: Callable[[], Iterable[Mute]] = tuple
    origin: Origin = HERE
    tracer: Tracer = NO_TRACES
    now: Callable[[], datetime] = utc_now
    limit: QuarantineLimit = field(default_factory=QuarantineLimit)
    held: bool = False

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Nothing is kept of a partition."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Fan out each alert, in order."""
        outputs = [output for inbound in messages for output in self._one(inbound)]
        if self.limit.is_over():
            self.held = True
            await hold(NAME, self.limit)
        await self.sender.send(outputs)
        self.metrics.sent(NAME, len(outputs))

    def _one(self, inbound: Inbound) -> Sequence[Outbound]:
        with self.tracer.span(NAME, inbound.headers) as span:
            return self._in_span(inbound, span)

    def _in_span(self, inbound: Inbound, span: Span) -> Sequence[Outbound]:
        begun = time.perf_counter()
        self.metrics.received(NAME)
        made = attempt(lambda: self._deliveries(inbound), inbound, stage=NAME)
        outcome, reason = ("passed", "") if made else ("dropped", "no_sink")
        if isinstance(made, Quarantined):
            told_of_quarantine(made)
            self.limit.failed()
            outcome, reason, made = "quarantined", made.reason, [to_quarantine(made)]
        else:
            self.limit.passed()
        self.metrics.ended(NAME, outcome, reason, time.perf_counter() - begun)
        return span.carried(made, outcome=outcome, reason=reason)

    def _deliveries(self, inbound: Inbound) -> list[Outbound]:
        alert = read(inbound, Alert)
        now = self.now()
        if alert.fetched_at is not None:
            figures.fetched_to_alert.observe(max(0.0, (now - alert.fetched_at).total_seconds()))
        wanted = [sink for sink in self.sinks if not alert.sinks or sink.name in alert.sinks]
        made = deliveries_of(alert, wanted, now, origin=self.origin)
        outputs = [as_message(self._silenced(delivery, alert)) for delivery in made]
        check_size(outputs)
        return outputs

    def _silenced(self, delivery: Delivery, alert: Alert) -> Delivery:
        mute = sink_mute(self.mutes(), alert, delivery.sink)
        if mute is None:
            return delivery
        self.metrics.decided(NAME, DeliveryReason.SILENCED)
        return replace(
            delivery,
            outcome=Attempt.SILENCED,
            reason=DeliveryReason.SILENCED,
            next_at=None,
            detail=f"silence {mute.mute_id}",
        )
