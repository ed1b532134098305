"""Makes the attempts to deliver, outside of any stream, and sends how each ended to ``deliveries``.

Each sink has a lane of its own (``agents.lanes``), so that one that hangs delays no other. What is decided here is
decided by ``monitor.sinks.rules``; what is known of a sink survives in the topic ``sinks``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
import structlog

from agents.deliveries import WAITING, DeliveryBook, Due
from agents.fanout import as_message
from agents.lanes import Lane
from agents.leaving import LeaveOnError
from agents.tracing import NO_TRACES, Tracer
from agents.wire import Outbound, Sender, message, utc_now
from monitor import metrics
from monitor.alerts.notices import sink_disabled
from monitor.alerts.payload import body
from monitor.sinks.base import Event, SendResult, Sink
from monitor.sinks.rules import (
    MAX_LANE_PAUSE_S,
    DeliveryReason,
    Verdict,
    after_attempt,
    is_worth_writing,
    standing,
)
from schemas.delivery import Delivery
from schemas.reasons import AlertReason, Attempt
from schemas.sink import SinkState

log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 1.0
"""How long the dispatcher sleeps at most: rows may come in by other ways than it is told of."""

_STOP_S = 20.0
"""Attempts under way at a stop are awaited so long (a webhook's own time limit is 15 s)."""

_NOTICES = {
    DeliveryReason.GONE: AlertReason.SINK_GONE,
    DeliveryReason.WORN_OUT: AlertReason.SINK_WORN_OUT,
}
_IMPOSSIBLE = Verdict(outcome=Attempt.FAILED, reason=DeliveryReason.NOT_POSSIBLE)
_NOTHING = SendResult(ok=False)


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Attempts for all sinks of one worker. ``books`` gives the books whose deliveries may be tried."""

    lanes: Mapping[str, Lane]
    books: Callable[[], Iterable[DeliveryBook]]
    sender: Sender
    now: Callable[[], datetime] = utc_now
    chance: Callable[[], float] = random.random
    tracer: Tracer = NO_TRACES
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to make attempts."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Begin no more, await those under way, close the sinks."""
        if self._loop is not None:
            self._loop.cancel()
        self.forget()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_S)
        for lane in self.lanes.values():
            await lane.sink.close()

    def wake(self) -> None:
        """Look for what is due now."""
        self._wake.set()

    def forget(self) -> None:
        """Drop what is queued and not begun: partitions move, and the books will tell it again."""
        for lane in self.lanes.values():
            lane.clear()

    def part_with(self, lanes: Iterable[Lane], sinks: Iterable[Sink]) -> None:
        """End what is queued in lanes that are no longer there, and close sinks once their attempts have ended."""
        leaving = list(sinks)
        for lane in lanes:
            leaving.append(lane.sink)
            for due in lane.queued():
                self._end(due)
            metrics.retire_sink(lane.sink.name)
        if leaving:
            self._track(_closed_after(frozenset(self._tasks), leaving))

    def learn(self, state: SinkState) -> None:
        """Take what another worker or a person says of a sink, where it is news."""
        lane = self.lanes.get(state.sink)
        if lane is None:
            return
        lane.written = state
        if state.at >= lane.state.at:
            lane.state = state
            metrics.sink_disabled.labels(state.sink).set(lane.disabled)
            self.wake()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            with LeaveOnError("dispatcher"):
                self._queue_due()
                for lane in self.lanes.values():
                    self._begin(lane)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sleep_s()):
                    await self._wake.wait()

    def _queue_due(self) -> None:
        for book in self.books():
            for due in book.take_due(self.now()):
                lane = self.lanes.get(due.sink)
                if lane is not None:
                    lane.add(due)
                else:
                    self._end(due)
            requests = book.take_releases(self.now())
            if requests:
                self._track(self._send([as_message(request) for request in requests]))

    def _end(self, due: Due) -> None:
        """End a delivery that nobody can make."""
        if (delivery := _still_due(due)) is not None:
            self._track(self._send([self._ended(delivery, _IMPOSSIBLE, _NOTHING)]))

    def _begin(self, lane: Lane) -> None:
        while (due := lane.take(self.now())) is not None:
            self._track(self._attempt(lane, due))

    def _track(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _sleep_s(self) -> float:
        now = self.now()
        times = [due for book in self.books() if (due := book.next_due()) is not None]
        times += [at for lane in self.lanes.values() if (at := lane.next_at(now)) is not None]
        if not times:
            return LONGEST_SLEEP_S
        return min(max(0.0, (min(times) - now).total_seconds()), LONGEST_SLEEP_S)

    async def _send(self, messages: list[Outbound]) -> None:
        with LeaveOnError("dispatcher"):
            await self.sender.send(messages)

    async def _attempt(self, lane: Lane, due: Due) -> None:
        with LeaveOnError("attempt"):
            delivery = _still_due(due)
            if delivery is not None:
                with self.tracer.resume("attempt", due.webhook_id) as span:
                    made = await self._made(lane, delivery)
                    made[:1] = span.carried(made[:1], sink=due.sink, alert=delivery.alert_id)
                await self._send(made)
            lane.done(due)
            self.wake()

    async def _made(self, lane: Lane, delivery: Delivery) -> list[Outbound]:
        """Make an attempt where there is anything to send and somebody to take it; return what is to be written."""
        if lane.disabled:
            reason = DeliveryReason(lane.state.reason or DeliveryReason.GONE)
            verdict = Verdict(outcome=Attempt.DISABLED, reason=reason)
            return [self._ended(delivery, verdict, _NOTHING)]
        if delivery.alert is None:
            return [self._ended(delivery, _IMPOSSIBLE, _NOTHING)]
        if not delivery.attempts:
            waited = self.now() - max(delivery.first_at, delivery.next_at or delivery.first_at)
            metrics.first_attempt.labels(delivery.sink).observe(max(0.0, waited.total_seconds()))
        raw = body(delivery.alert) if delivery.body is None else delivery.body.encode()
        event = Event(webhook_id=delivery.webhook_id, alert=delivery.alert, body=raw)
        with metrics.attempt_seconds.labels(delivery.sink).time():
            result = await lane.sink.send(event, self.now())
        return self._after(lane, delivery, result)

    def _after(self, lane: Lane, delivery: Delivery, result: SendResult) -> list[Outbound]:
        now, attempts = self.now(), delivery.attempts + 1
        verdict = after_attempt(result, attempts=attempts, now=now, chance=self.chance())
        if result.retry_after_s is not None:
            lane.pause(now, timedelta(seconds=min(result.retry_after_s, MAX_LANE_PAUSE_S)))
        lane.tried(ok=result.ok)
        was_disabled = lane.disabled
        lane.state = standing(lane.state, verdict, now)
        if lane.disabled and verdict.outcome is Attempt.RETRY:
            verdict = Verdict(outcome=Attempt.DISABLED, reason=DeliveryReason(lane.state.reason))
        tried = msgspec.structs.replace(delivery, attempts=attempts)
        told = [self._ended(tried, verdict, result)]
        if lane.disabled and not was_disabled:
            told += self._notice(lane, delivery)
        if is_worth_writing(lane.written or SinkState(sink=delivery.sink, at=now), lane.state):
            lane.written = lane.state
            told.append(message("sinks", delivery.sink, lane.state))
        return told

    def _notice(self, lane: Lane, delivery: Delivery) -> list[Outbound]:
        state = lane.state
        metrics.sink_disabled.labels(state.sink).set(1)
        log.error("sink disabled", sink=state.sink, reason=state.reason, since=state.failing_since)
        reason = _NOTICES[DeliveryReason(state.reason)]
        others = [name for name, other in self.lanes.items() if not other.disabled]
        is_gone = reason is AlertReason.SINK_GONE
        step = delivery.webhook_id if is_gone else str(state.failing_since)
        notice = sink_disabled(state, reason, others, step=step)
        return [message("alerts", notice.subject, notice)] if notice else []

    def _ended(self, delivery: Delivery, verdict: Verdict, result: SendResult) -> Outbound:
        metrics.attempts.labels(delivery.sink, verdict.outcome).inc()
        told = log.info if verdict.outcome is Attempt.DELIVERED else log.warning
        told(
            "delivery attempted",
            sink=delivery.sink,
            alert=delivery.alert_id,
            outcome=verdict.outcome,
            reason=verdict.reason,
            attempts=delivery.attempts,
            status=result.status_code,
            detail=result.detail,
        )
        return as_message(
            msgspec.structs.replace(
                delivery,
                outcome=verdict.outcome,
                reason=verdict.reason,
                at=self.now(),
                next_at=verdict.next_at,
                status_code=result.status_code,
                detail=result.detail,
                attempts=max(1, delivery.attempts),
                alert=None,
                body=None,
            )
        )


async def _closed_after(work: frozenset[asyncio.Task[None]], sinks: Iterable[Sink]) -> None:
    """Close sinks when the work is done that may still use them."""
    if work:
        await asyncio.wait(work)
    for sink in sinks:
        await sink.close()


def _still_due(due: Due) -> Delivery | None:
    """Return the delivery with what is sent, ``None`` where it has ended or was tried in the meantime."""
    known = due.book.get(due.webhook_id)
    if known is None or known.outcome not in WAITING or known.attempts != due.attempts:
        return None
    return due.book.whole(due.webhook_id)
