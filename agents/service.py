"""Ties a stage to Faust: an agent that takes batches, and what must happen when partitions move."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import faust

from agents.app import make_app
from agents.leaving import LeaveOnError
from agents.rows import Rows
from agents.settings import Settings
from agents.stage import Runner, Stage, StageMetrics
from agents.tracing import NO_TRACES, Tracer
from agents.wire import Inbound, Sender
from monitor import metrics
from monitor.stage import Book

BATCH = 100
"""Records taken at once at most; half a second's worth at 200 a second. Below ``ledger.SLOTS``."""
WITHIN_S = 0.03
"""How long a batch is gathered: five stages add 75 ms on average to an alert's way."""


class Taker(Protocol):
    """What works on the records of one topic."""

    @property
    def held(self) -> bool:
        """Tell whether it stopped by itself since everything fails."""

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Get ready for exactly these partitions; called before any record of them comes."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Work on records in order; when this returns they are acknowledged."""


@dataclass(slots=True, kw_only=True)
class Tools:
    """What every stage is made with. ``settings`` are those in force: what may change is to be read when it is needed."""

    settings: Settings
    sender: Sender
    rows: Rows
    metrics: StageMetrics
    tracer: Tracer = NO_TRACES


@dataclass(slots=True, kw_only=True)
class Service:
    """One stage in one worker: its Faust app and what takes its records, by topic.

    ``ready`` is true while all assigned partitions are loaded. ``last_batch_at`` is on the
    monotonic clock. ``renew`` takes new settings over. ``start`` and ``stop`` are what the stage runs beside the app; ``books`` gives what
    it holds in memory, ``details`` what /status tells of it besides.
    """

    stage: str
    app: faust.App
    takers: dict[str, Taker]
    start: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
    books: Callable[[], Sequence[Book[Any]]] = tuple
    details: Callable[[], dict[str, object]] = dict
    renew: Callable[[Settings], None] | None = None
    ready: bool = False
    assignment: dict[str, tuple[int, ...]] = field(default_factory=dict)


def make_service(
    tools: Tools, stage: str, takers: dict[str, Taker], *, batch: int = BATCH, **more: Any
) -> Service:
    """Return the service of a stage; ``takers`` are by the names of the cards' topics.

    ``more`` are fields of ``Service``: ``start`` and ``stop`` (functions of their own types).
    """
    app = make_app(tools.settings, stage)
    service = Service(stage=stage, app=app, takers=takers, **more)
    for topic, taker in takers.items():
        _add_agent(app, tools.settings, topic, taker, batch)
    _follow_partitions(service, tools.settings)
    return service


def run_stage(
    tools: Tools,
    stage: Stage[Any, Any, Any, Any],
    beside: Mapping[str, Taker] | None = None,
    **more: Any,
) -> Service:
    """Return the service of a stage with state, of whatever records; ``beside`` takes other topics' records.

    ``more`` are fields of ``Service``, as for ``make_service``.
    """
    runner = Runner(
        stage=stage,
        rows=tools.rows,
        sender=tools.sender,
        metrics=tools.metrics,
        tracer=tools.tracer,
    )
    takers = {stage.source: runner, **(beside or {})}
    return make_service(tools, stage.name, takers, books=runner.books, **more)


def _add_agent(app: faust.App, settings: Settings, topic: str, taker: Taker, batch: int) -> None:
    channel = app.topic(
        settings.kafka.topic(topic),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
    )

    async def take(stream: Any) -> None:  # faust.Stream; its interface StreamT lacks take_events
        async for events in stream.take_events(batch, within=WITHIN_S):
            with LeaveOnError(f"agent of {topic}"):
                await taker.batch([_inbound(topic, event) for event in events])

    app.agent(channel, name=f"agents.{topic}")(take)


def _inbound(topic: str, event: faust.EventT[bytes]) -> Inbound:
    message = event.message
    return Inbound(
        topic=topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=tuple(dict(message.headers or ()).items()),
    )


def _settle_memory(*, gone: bool) -> None:
    """Tell the garbage collector that what was loaded stays: a full collection of a large book takes up to a second.

    ``gone``: partitions were given up, so what stayed until now is looked through too. A rebalance that moves nothing,
    and a stage that loads after others of its process, cost no more than what is new.
    """
    if gone:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def _follow_partitions(service: Service, settings: Settings) -> None:
    """Load before records flow: Faust waits for this signal's receivers before it resumes its streams."""

    # The arguments are Faust's: the app, the partitions, the signal.
    async def revoked(*_: Any, **__: Any) -> None:
        service.ready = False

    async def complete(*_: Any, **__: Any) -> None:
        with LeaveOnError(f"loading of {service.stage}"):
            before = dict(service.assignment)
            for topic, taker in service.takers.items():
                name = settings.kafka.topic(topic)
                assignment = service.app.consumer.assignment()
                mine = tuple(sorted(tp.partition for tp in assignment if tp.topic == name))
                await taker.assigned(mine)
                service.assignment[topic] = mine
            _settle_memory(gone=any(set(p) - set(service.assignment[t]) for t, p in before.items()))
            service.ready = True
            metrics.rebalances.labels(service.stage).inc()

    service.app.on_partitions_revoked.connect(revoked)
    service.app.on_rebalance_complete.connect(complete)
