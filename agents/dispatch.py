"""Makes the attempts to deliver, outside of any stream, and sends how each ended to ``deliveries``.

Each sink has a lane of its own with a limit of concurrent attempts, so that one that hangs delays no
other. Among first attempts of one incident at one sink the order holds; retries wait for nobody.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import msgspec
import structlog

from agents.deliveries import DeliveryBook
from agents.leaving import LeaveOnError
from agents.wire import Sender, message, utc_now
from monitor import metrics
from monitor.alerts import payload
from monitor.sinks.base import Event, SendResult, Sink
from monitor.sinks.rules import DeliveryReason, Verdict, after_attempt
from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.reasons import Attempt

log = structlog.get_logger(__name__)

LONGEST_SLEEP_S = 1.0
"""How long the dispatcher sleeps at most: rows may come in by other ways than it is told of."""

_STOP_S = 20.0
"""Attempts under way at a stop are awaited so long (a webhook's own time limit is 15 s)."""

_LOOK_PAST = 256
"""Deliveries looked past at most for one whose incident has no first attempt under way."""


@dataclass(slots=True, kw_only=True)
class Lane:
    """One sink: what is due there, and what is under way (at most ``most`` at a time)."""

    sink: Sink
    most: int
    disabled: bool = False
    queue: deque[Delivery] = field(default_factory=deque)
    under_way: dict[str, Delivery] = field(default_factory=dict)

    def take(self) -> Delivery | None:
        """Return the next delivery to begin, ``None`` where none may begin now."""
        if len(self.under_way) >= self.most:
            return None
        busy = {incident_of(d) for d in self.under_way.values() if not d.attempts}
        for place, delivery in enumerate(islice(self.queue, _LOOK_PAST)):
            if delivery.attempts or incident_of(delivery) not in busy:
                del self.queue[place]
                return delivery
            busy.add(incident_of(delivery))
        return None


def incident_of(delivery: Delivery) -> str:
    """Return that among whose alerts the order of first attempts holds."""
    alert = delivery.alert
    return (alert.incident_id if alert else None) or delivery.subject


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Attempts for all sinks of one worker. ``books`` gives the books whose deliveries may be tried."""

    lanes: Mapping[str, Lane]
    books: Callable[[], Iterable[DeliveryBook]]
    sender: Sender
    now: Callable[[], datetime] = utc_now
    chance: Callable[[], float] = random.random
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
            lane.queue.clear()

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
            for delivery in book.take_due(self.now()):
                lane = self.lanes.get(delivery.sink)
                if lane is None:
                    self._track(self._end(delivery, _IMPOSSIBLE, SendResult(ok=False)))
                elif delivery.webhook_id not in lane.under_way:
                    lane.queue.append(delivery)

    def _begin(self, lane: Lane) -> None:
        while (delivery := lane.take()) is not None:
            lane.under_way[delivery.webhook_id] = delivery
            self._track(self._attempt(lane, delivery))

    def _track(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _sleep_s(self) -> float:
        dues = [due for book in self.books() if (due := book.next_due()) is not None]
        if not dues:
            return LONGEST_SLEEP_S
        return min(max(0.0, (min(dues) - self.now()).total_seconds()), LONGEST_SLEEP_S)

    async def _attempt(self, lane: Lane, delivery: Delivery) -> None:
        with LeaveOnError("attempt"):
            if lane.disabled:
                await self._end(delivery, _GONE, SendResult(ok=False))
            elif delivery.alert is None:
                await self._end(delivery, _IMPOSSIBLE, SendResult(ok=False))
            else:
                await self._send(lane, delivery, delivery.alert)
            del lane.under_way[delivery.webhook_id]
            self.wake()

    async def _send(self, lane: Lane, delivery: Delivery, alert: Alert) -> None:
        event = Event(webhook_id=delivery.webhook_id, alert=alert, body=payload.body(alert))
        with metrics.attempt_seconds.labels(delivery.sink).time():
            result = await lane.sink.send(event, self.now())
        attempts = delivery.attempts + 1
        verdict = after_attempt(result, attempts=attempts, now=self.now(), chance=self.chance())
        lane.disabled = lane.disabled or verdict.outcome is Attempt.DISABLED
        await self._end(msgspec.structs.replace(delivery, attempts=attempts), verdict, result)

    async def _end(self, delivery: Delivery, verdict: Verdict, result: SendResult) -> None:
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
        ended = msgspec.structs.replace(
            delivery,
            outcome=verdict.outcome,
            reason=verdict.reason,
            at=self.now(),
            next_at=verdict.next_at,
            status_code=result.status_code,
            detail=result.detail,
            attempts=max(1, delivery.attempts),
            alert=None,
        )
        await self.sender.send([message("deliveries", ended.subject, ended)])


_IMPOSSIBLE = Verdict(outcome=Attempt.FAILED, reason=DeliveryReason.NOT_POSSIBLE)
_GONE = Verdict(outcome=Attempt.DISABLED, reason=DeliveryReason.GONE)
