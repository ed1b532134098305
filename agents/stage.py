"""Runs a stage that keeps state over batches of records: reads, judges, logs, sends, in that order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, Protocol, TypeVar

import structlog

from agents.leaving import leave
from agents.ledger import Ledger, logged_output, outputs_of
from agents.rows import Rows
from agents.rules import QuarantineLimit
from agents.tracing import NO_TRACES, Span, Tracer
from agents.wire import Inbound, Outbound, Sender, attempt, check_size, read, to_quarantine
from monitor import heartbeat
from monitor.stage import Book, Step
from schemas.base import Record
from schemas.quarantine import Quarantined
from schemas.step import LoggedStep

log = structlog.get_logger(__name__)

In = TypeVar("In", bound=Record)
Row = TypeVar("Row", bound=Record)
Out = TypeVar("Out", bound=Record)
T = TypeVar("T")
AnyBook = TypeVar("AnyBook", bound=Book)  # type: ignore[type-arg]  # of the stage's own rows

_TELL_S = 60.0

REPEATED = "repeated"
"""Why a record is dropped that was written twice: its id was worked on before."""
REPLAYED = "replayed"
"""Why nothing is counted as passed for a record that is read again after a crash."""


class StageMetrics(Protocol):
    """Where a stage's books are kept: what enters is passed, dropped with a reason, or quarantined."""

    def received(self, stage: str) -> None:
        """Count a record that entered."""

    def ended(self, stage: str, outcome: str, reason: str, seconds: float) -> None:
        """Count what became of it: ``passed``, ``dropped`` or ``quarantined``."""

    def decided(self, stage: str, reason: str) -> None:
        """Count one decision."""

    def sent(self, stage: str, count: int) -> None:
        """Count records that were sent on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[In, AnyBook, Row, Out]):
    """A stage with state: what it reads, where its rows are, and the pure function that judges.

    ``judge`` gets the book, the record and the record's offset. ``ahead`` does what is cheaper done for a
    whole batch: it gets the book and the records with their offsets, and returns what judges each when its
    turn comes. ``message_of`` makes an output's message, ``None`` where it ends here. ``id_of`` names a
    record, so that one written twice is worked on once; ``article_of`` names the article it is of, for the
    log. ``ledger`` makes what keeps a partition, by its number. ``is_last`` is set where the rows
    themselves are what the stage makes.
    """

    name: str
    source: str
    kind: type[In]
    ledger: Callable[[int], Ledger[AnyBook, Row]]
    judge: Callable[[AnyBook, In, int], Step[Row, Out]]
    id_of: Callable[[In], str]
    message_of: Callable[[Out], Outbound | None]
    article_of: Callable[[In], str] = lambda _: ""
    ahead: (
        Callable[[AnyBook, Sequence[tuple[In, int]]], Sequence[Callable[[], Step[Row, Out]]]] | None
    ) = None
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be written for one record (named by ``record``, of ``article``), and what is counted and logged."""

    record: str = ""
    article: str = ""
    rows: Sequence[Outbound] = ()
    outputs: Sequence[Outbound] = ()
    outcome: str = "passed"
    reason: str = ""
    decisions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Ahead(Generic[In, Row, Out]):
    """A record that was read ahead, and what judges it."""

    record: In
    judge: Callable[[], Step[Row, Out]]


@dataclass(slots=True, kw_only=True)
class Runner(Generic[In, AnyBook, Row, Out]):
    """One stage in one worker."""

    stage: Stage[In, AnyBook, Row, Out]
    rows: Rows
    sender: Sender
    metrics: StageMetrics
    tracer: Tracer = NO_TRACES
    limit: QuarantineLimit = field(default_factory=QuarantineLimit)
    ledgers: dict[int, Ledger[AnyBook, Row]] = field(default_factory=dict)
    held: bool = False
    _broken: int | None = None
    _loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    def books(self) -> list[AnyBook]:
        """Return the books of the partitions that are loaded."""
        return [ledger.book for ledger in self.ledgers.values()]

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Have the ledgers of exactly these partitions, each as Kafka has it now."""
        async with self._loading:
            for gone in set(self.ledgers) - set(partitions):
                del self.ledgers[gone]
            await asyncio.gather(*(self._load(partition) for partition in partitions))

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Work on records in their order; return when all that came of them is in Kafka."""
        for partition in dict.fromkeys(m.partition for m in messages):
            if partition not in self.ledgers:
                await self._load(partition)
        waiting = list(messages)
        while waiting:
            plans = self._plans(waiting)
            if self.limit.is_over():
                self.held = True
                await hold(self.stage.name, self.limit)
            await self._write(plans)
            waiting = waiting[len(plans) :]
            if self._broken is not None:
                # The book took a row by half. Kafka has none of it.
                del self.ledgers[self._broken]
                await self._load(self._broken)
                self._broken = None

    def _plans(self, messages: Sequence[Inbound]) -> list[Plan]:
        """Return plans for records in order, up to one that broke its book."""
        begun = time.perf_counter()
        ahead = self._ahead(messages)
        share = (time.perf_counter() - begun) / len(messages)
        plans = []
        for message in messages:
            with self.tracer.span(self.stage.name, message.headers) as span:
                plan = self._plan(message, ahead.get((message.partition, message.offset)), share)
                plans.append(_traced(plan, span))
            if self._broken is not None:
                break
        return plans

    def _ahead(self, messages: Sequence[Inbound]) -> dict[tuple[int, int], _Ahead[In, Row, Out]]:
        """Return by partition and offset what was done ahead. What fails here fails again, alone, in its turn."""
        ahead: dict[tuple[int, int], _Ahead[In, Row, Out]] = {}
        look = self.stage.ahead
        if look is None:
            return ahead
        for partition, ledger in self.ledgers.items():
            new = [
                m for m in messages if m.partition == partition and not ledger.is_finished(m.offset)
            ]
            read_ones = [
                (m.offset, self._attempted(partial(read, m, self.stage.kind), m)) for m in new
            ]
            records = [(record, offset) for offset, record in read_ones if record is not None]
            judges = self._attempted(partial(look, ledger.book, records), messages[0])
            for (record, offset), judge in zip(records, judges or (), strict=False):
                ahead[partition, offset] = _Ahead(record, judge)
        return ahead

    def _attempted(self, work: Callable[[], T], message: Inbound) -> T | None:
        made = attempt(work, message, stage=self.stage.name)
        return None if isinstance(made, Quarantined) else made

    async def _load(self, partition: int) -> None:
        stage = self.stage
        old = self.ledgers.pop(partition, None)
        if old is not None and await self.rows.end(old.topic, partition) == old.position:
            # Nobody else has written there since this worker did, so what is in memory is true.
            self.ledgers[partition] = old
            return
        ledger = stage.ledger(partition)
        begun = time.monotonic()
        records = await self.rows.load(ledger, source=stage.source)
        took = round(time.monotonic() - begun, 2)
        log.info(
            "rows loaded", stage=stage.name, partition=partition, records=records, seconds=took
        )
        self.ledgers[partition] = ledger

    def _plan(self, message: Inbound, ahead: _Ahead[In, Row, Out] | None, share: float) -> Plan:
        """Return the plan for a record; ``share`` are the seconds that it had of what was done for all."""
        begun = time.perf_counter() - share
        self.metrics.received(self.stage.name)
        ledger = self.ledgers[message.partition]
        plan = self._again(ledger, message) if ledger.is_finished(message.offset) else None
        plan = plan or self._first(ledger, message, ahead)
        self.metrics.ended(self.stage.name, plan.outcome, plan.reason, time.perf_counter() - begun)
        for decision in plan.decisions:
            self.metrics.decided(self.stage.name, decision)
        if plan.outcome != "quarantined":
            told_of_outcome(
                self.stage.name, plan.record, plan.outcome, plan.reason, article=plan.article
            )
        return plan

    def _again(self, ledger: Ledger[AnyBook, Row], message: Inbound) -> Plan:
        """Return the plan for a record that was worked on before a crash."""
        step = ledger.logged(message.offset)
        if step is None:
            return Plan(outcome="dropped", reason=REPLAYED)
        # Only the highest step can lack rows in Kafka; older rows would undo those of later steps.
        rows = ledger.row_messages(step) if step.offset == ledger.high else ()
        outputs = list(outputs_of(step))
        record = step.record_id or ""
        return Plan(record=record, rows=rows, outputs=outputs, outcome="dropped", reason=REPLAYED)

    def _first(
        self, ledger: Ledger[AnyBook, Row], message: Inbound, ahead: _Ahead[In, Row, Out] | None
    ) -> Plan:
        made = attempt(lambda: self._judge(ledger, message, ahead), message, stage=self.stage.name)
        if isinstance(made, Quarantined):
            return self._quarantine(ledger, made)
        step, rows, plan = made
        if step is not None:
            taken = attempt(lambda: ledger.take(step, rows), message, stage=self.stage.name)
            if isinstance(taken, Quarantined):
                self._broken = message.partition
                return self._quarantine(ledger, taken)
        self.limit.passed()
        return plan

    def _judge(
        self, ledger: Ledger[AnyBook, Row], message: Inbound, ahead: _Ahead[In, Row, Out] | None
    ) -> tuple[LoggedStep | None, Sequence[tuple[str, Row | None]], Plan]:
        stage = self.stage
        record = ahead.record if ahead else read(message, stage.kind)
        record_id = stage.id_of(record)
        if ledger.has_seen(record_id):
            article = stage.article_of(record)
            repeated = Plan(record=record_id, article=article, outcome="dropped", reason=REPEATED)
            return None, (), repeated
        made = ahead.judge() if ahead else stage.judge(ledger.book, record, message.offset)
        outputs = [sent for output in made.outputs if (sent := stage.message_of(output))]
        reason = made.reasons[0] if made.reasons else ""
        outcome = "passed" if outputs or (stage.is_last and made.rows) else "dropped"
        plan = Plan(
            record=record_id,
            article=stage.article_of(record),
            outcome=outcome,
            reason=reason,
            decisions=made.reasons,
        )
        if not (made.rows or outputs):
            return None, (), plan
        step = LoggedStep(
            offset=message.offset,
            record_id=record_id,
            rows=ledger.logged_rows(made.rows),
            outputs=tuple(logged_output(output) for output in outputs),
        )
        written = ledger.messages(step)
        check_size([*written, *outputs])
        return step, made.rows, replace(plan, rows=written, outputs=outputs)

    def _quarantine(self, ledger: Ledger[AnyBook, Row], failed: Quarantined) -> Plan:
        told_of_quarantine(failed)
        self.limit.failed()
        aside = to_quarantine(failed)
        step = LoggedStep(offset=failed.offset, record_id=None, outputs=(logged_output(aside),))
        ledger.take(step, ())
        return Plan(
            rows=ledger.messages(step),
            outputs=[aside],
            outcome="quarantined",
            reason=failed.reason,
        )

    async def _write(self, plans: Sequence[Plan]) -> None:
        rows = [row for plan in plans for row in plan.rows]
        rows += [row for ledger in self.ledgers.values() for row in ledger.tidy()]
        outputs = [output for plan in plans for output in plan.outputs]
        offsets = await self.sender.send([*rows, *outputs])
        self._advance(rows, offsets[: len(rows)])
        self.metrics.sent(self.stage.name, len(outputs))

    def _advance(self, rows: Sequence[Outbound], offsets: Sequence[int]) -> None:
        """Note how far the topics of rows are written; a gap tells that another worker writes there too."""
        for row, offset in zip(rows, offsets, strict=True):
            assert row.partition is not None
            ledger = self.ledgers[row.partition]
            if offset != ledger.position:
                leave(
                    "another worker writes the rows of this partition",
                    stage=self.stage.name,
                    partition=row.partition,
                )
            ledger.position = offset + 1


def _traced(plan: Plan, span: Span) -> Plan:
    """Return a plan whose outputs carry on the trace, where there is one."""
    outputs = span.carried(
        plan.outputs,
        record=plan.record,
        article=plan.article or plan.record,
        outcome=plan.outcome,
        reason=str(plan.reason),
    )
    return plan if outputs is plan.outputs else replace(plan, outputs=outputs)


def told_of_outcome(
    stage: str, record: str, outcome: str, reason: str, *, article: str = ""
) -> None:
    """Log what became of a record: one line for each record and stage, with the article that it is of.

    Heartbeats come in a steady state too, which is quiet.
    """
    tell = log.debug if record.startswith(heartbeat.PREFIX) else log.info
    tell(
        "worked on",
        stage=stage,
        record=record,
        article=article or record,
        outcome=outcome,
        reason=str(reason),
    )


def told_of_quarantine(failed: Quarantined) -> None:
    """Log a record that is set aside."""
    log.warning(
        "quarantined",
        stage=failed.stage,
        topic=failed.topic,
        partition=failed.partition,
        offset=failed.offset,
        reason=failed.reason,
        error=failed.error,
    )


async def hold(stage: str, limit: QuarantineLimit) -> None:
    """Never return, and tell why every minute: what failed stays unacknowledged, and so in its topic."""
    while True:
        log.error(
            "held: too many records in a row fail, so this is not about the records",
            stage=stage,
            in_a_row=limit.in_a_row,
        )
        await asyncio.sleep(_TELL_S)
