"""The dedupe stage as a worker runs it, Kafka apart: bytes of raw articles in, rows and unique articles out as bytes.

Records are taken in batches of the worker's size, logged and counted as there; the log goes to the null device.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from agents.counting import Counting
from agents.dedupe import make_stage
from agents.rows import Loadable
from agents.service import BATCH
from agents.stage import Runner
from agents.wire import Inbound, Outbound
from monitor import logs
from monitor.alerts.policy import AlertPolicy
from monitor.articles.normalise import article_from_input
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.previews import preview
from monitor.dedupe.rules import judge
from monitor.stage import Step
from schemas import codec
from schemas.article import UniqueArticle

POLICY = DedupePolicy()
FIRST_OFFSET = 1 << 30
"""Offsets of the articles that are judged: above those of any that are remembered."""


class Kafka:
    """Gives the rows that there are and takes all that is sent."""

    def __init__(self, rows: Sequence[bytes]) -> None:
        self._rows = rows
        self._end = len(rows)

    async def end(self, _topic: str, _partition: int) -> int:
        return self._end

    async def load(self, ledger: Loadable, *, source: str) -> int:
        assert source == "articles.raw"
        for row in self._rows:
            ledger.load(b"", row)
        ledger.position = self._end
        ledger.loaded(FIRST_OFFSET)
        return self._end

    async def send(self, messages: Sequence[Outbound]) -> list[int]:
        offsets = []
        for message in messages:
            offsets.append(self._end)
            self._end += message.partition is not None
        return offsets


@dataclass(slots=True)
class Bench:
    """The stage, and what it said of each article."""

    rows: Sequence[bytes] = ()
    said: list[UniqueArticle] = field(default_factory=list)
    _runner: Any = None
    _offset: int = FIRST_OFFSET

    def start(self) -> DedupeBook:
        """Load the rows as a worker does that gets the partition; return the book."""
        logs.configure(form="json", stream=open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stage = make_stage(SimpleNamespace(dedupe=POLICY, alert=AlertPolicy()))  # type: ignore[arg-type]
        stage = replace(stage, ahead=self._noting(stage.ahead))
        kafka: Any = Kafka(self.rows)
        self._runner = Runner(stage=stage, rows=kafka, sender=kafka, metrics=Counting())
        asyncio.run(self._runner.assigned([0]))
        gc.collect()
        gc.freeze()
        book: DedupeBook = self._runner.ledgers[0].book
        return book

    def judge(self, lines: Sequence[dict[str, str]]) -> float:
        """Have the stage work on articles; return the seconds of CPU that it took."""
        records = [self._inbound(line) for line in lines]
        begun = time.process_time()
        asyncio.run(self._all(records))
        return time.process_time() - begun

    def judge_alone(self, lines: Sequence[dict[str, str]]) -> float:
        """Judge and remember articles without reading, writing, counting and logging records: what the peers do."""
        book: DedupeBook = self._runner.ledgers[0].book
        articles = [article_from_input(line) for line in lines]
        begun = time.process_time()
        for start in range(0, len(articles), BATCH):
            some = [
                (a, FIRST_OFFSET * 2 + n)
                for n, a in enumerate(articles[start : start + BATCH], start)
            ]
            for (article, offset), seen in zip(some, preview(book, some, POLICY), strict=True):
                for key, row in judge(book, article, POLICY, offset=offset, preview=seen).rows:
                    book.put(key, row)
        return time.process_time() - begun

    async def _all(self, records: Sequence[Inbound]) -> None:
        for start in range(0, len(records), BATCH):
            await self._runner.batch(records[start : start + BATCH])

    def _inbound(self, line: dict[str, str]) -> Inbound:
        article = article_from_input(line)
        self._offset += 1
        return Inbound(
            topic="articles.raw",
            partition=0,
            offset=self._offset,
            key=article.article_id.encode(),
            value=codec.encode(article),
        )

    def _noting(self, ahead: Any) -> Any:
        """Note what is said of each article: of what is exact nothing is sent."""

        def noted(book: Any, articles: Any) -> list[Callable[[], Step[Any, UniqueArticle]]]:
            return [lambda judge=judge: self._note(judge()) for judge in ahead(book, articles)]

        return noted

    def _note(self, step: Step[Any, UniqueArticle]) -> Step[Any, UniqueArticle]:
        self.said.append(step.outputs[0])
        return step
