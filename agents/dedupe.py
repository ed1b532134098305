"""Raw articles to unique ones: new, revision or copy; exact ones end here.

Dedupe needs no log: its rows hold the offset that made them, and its function gives the same answer to
an article that is read again. The rows are packed bytes, read in bulk: there may be 700,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import msgspec
import structlog

from agents.counting import deduped
from agents.ledger import Ledger
from agents.past import LettingIn
from agents.rules import PAST, RAW, lane_of
from agents.service import Service, Tools, run_stage
from agents.settings import Settings
from agents.stage import Stage
from agents.wire import Outbound, message
from monitor import heartbeat
from monitor.alerts.policy import AlertPolicy
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.previews import Preview, preview
from monitor.dedupe.rules import judge
from monitor.stage import Step
from schemas.article import Article, UniqueArticle
from schemas.fingerprint import Fingerprint, pack, unpack
from schemas.reasons import Outcome
from schemas.step import LoggedRow, LoggedStep

log = structlog.get_logger(__name__)

_AT_ONCE = 4096
"""Rows handed to the book together while loading."""

TIDIED_AT_ONCE = 500
"""Rows deleted with one batch of articles: some 15 ms; a day's 100,000 go with 200 batches."""

_DONE = object()


@dataclass(slots=True, kw_only=True)
class FingerprintLedger(Ledger[DedupeBook, Fingerprint]):
    """The fingerprints of one partition."""

    policy: DedupePolicy
    _today: int = 0
    _leaving: Iterator[tuple[str, Fingerprint | None]] | None = None
    _forgetting: Iterator[None] | None = None
    _waiting: list[bytes] = field(default_factory=list)
    _deleted: dict[str, None] = field(default_factory=dict)

    def load(self, key: bytes, value: bytes | None) -> None:
        """Take one record of the topic."""
        if value is None:
            self._deleted[key.decode()] = None
            return
        self._deleted.pop(key.decode(), None)
        self._waiting.append(value)
        if len(self._waiting) >= _AT_ONCE:
            self._hand_over()

    def loaded(self, source_end: int) -> None:  # noqa: ARG002 - the offsets are in the rows
        """Finish loading: forget what was deleted and is not yet compacted away."""
        self._hand_over()
        for key in self._deleted:
            self.book.put(key, None)
        self._deleted.clear()
        if self.book.skipped:
            log.warning(
                "rows of another version are left out: their articles are new to dedupe",
                topic=self.topic,
                partition=self.partition,
                records=self.book.skipped,
            )

    def take(self, step: LoggedStep, rows: Iterable[tuple[str, Fingerprint | None]]) -> None:  # noqa: ARG002
        """Put the rows of a new step into the book."""
        for key, row in rows:
            self.book.put(key, row)

    def messages(self, step: LoggedStep) -> list[Outbound]:
        """Return what writes a step: its rows, nothing else."""
        return [
            Outbound(
                topic=self.topic,
                key=row.key.encode(),
                value=bytes(row.row),
                partition=self.partition,
            )
            for row in step.rows
        ]

    def logged_rows(self, rows: Iterable[tuple[str, Fingerprint | None]]) -> tuple[LoggedRow, ...]:
        """Return rows as they are kept in memory until they are sent; dedupe deletes none in a step."""
        return tuple(
            LoggedRow(key=key, row=msgspec.Raw(self.bytes_of(row)))
            for key, row in rows
            if row is not None
        )

    def tidy(self) -> list[Outbound]:
        """Return the next part of what deletes the days that have gone, begun once a day; then forget them part by part."""
        if self._forgetting is not None:
            if next(self._forgetting, _DONE) is _DONE:
                self._forgetting = None
            return []
        if self._leaving is None:
            if self.book.today <= self._today:
                return []
            self._today = self.book.today
            self._leaving = self.book.stale(self.policy, self._today)
        part = [
            Outbound(
                topic=self.topic,
                key=key.encode(),
                value=None if row is None else self.bytes_of(row),
                partition=self.partition,
            )
            for key, row in islice(self._leaving, TIDIED_AT_ONCE)
        ]
        if len(part) < TIDIED_AT_ONCE:
            self._forgetting = self.book.forget(self.policy, self._today)
            self._leaving = None
        return part

    def _hand_over(self) -> None:
        self.book.load(self._waiting)
        self._waiting.clear()


def make_stage(settings: Settings) -> Stage[Article, DedupeBook, Fingerprint, UniqueArticle]:
    """Return the dedupe stage."""
    return Stage(
        name="dedupe",
        source=RAW,
        kind=Article,
        ledger=lambda partition: FingerprintLedger(
            topic="dedupe.fingerprints",
            partition=partition,
            book=DedupeBook(),
            row_of=unpack,
            bytes_of=pack,
            policy=settings.dedupe,
        ),
        judge=lambda book, article, offset: _judged(book, article, offset, settings.dedupe),
        ahead=lambda book, articles: [
            partial(_judged, book, article, offset, settings.dedupe, seen)
            for (article, offset), seen in zip(
                articles, preview(book, articles, settings.dedupe), strict=True
            )
        ],
        id_of=lambda article: article.article_id,
        message_of=lambda unique: _message_of(unique, settings.alert),
    )


def _judged(
    book: DedupeBook,
    article: Article,
    offset: int,
    policy: DedupePolicy,
    seen: Preview | None = None,
) -> Step[Fingerprint, UniqueArticle]:
    return heartbeat.unique(article) or deduped(
        judge(book, article, policy, offset=offset, preview=seen)
    )


def _message_of(unique: UniqueArticle, policy: AlertPolicy) -> Outbound | None:
    if unique.outcome is Outcome.EXACT:
        return None
    return message(lane_of(unique.article, policy), unique.article.article_id, unique)


def build(tools: Tools) -> Service:
    """Return the service of the stage, which lets in what is past besides."""
    beside = {PAST: LettingIn(sender=tools.sender)}
    return run_stage(tools, make_stage(tools.settings), beside)
