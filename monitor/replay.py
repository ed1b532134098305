"""Play articles in order of arrival: the events that the live system gives, from the same pure functions.

``Player`` runs dedupe, extract, split, track and alert one after the other, as the agents do for each key, with
the rows in memory. Staleness and cold start are off, since an archive is all old; the ids are those
of the live system, the same every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, Protocol

import msgspec

from monitor.alerts.book import AlertBook
from monitor.alerts.policy import REPLAY, AlertPolicy
from monitor.alerts.rules import decide
from monitor.articles.normalise import ArticleError, article_from_input
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rules import judge
from monitor.extract import Extractor
from monitor.extract.policy import Policy as ExtractPolicy
from monitor.incidents.book import IncidentBook
from monitor.incidents.corrections import mention_of
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.rules import track
from monitor.incidents.subjects import split
from monitor.stage import Step
from schemas.alert import Alert
from schemas.article import Article, UniqueArticle
from schemas.codec import to_builtins
from schemas.correction import Correction
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.reasons import Outcome
from schemas.report import Report
from schemas.state import AnnouncedRow, TrackRow

BATCH = 8
"""Articles read together; the parser is faster on batches, and nothing else changes."""


class Reader(Protocol):
    """What reads articles: `monitor.extract.Extractor`, or reports made before."""

    def read_many(self, articles: Iterable[Article]) -> Iterator[Report]:
        """Yield a report for each article, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """The policies of the stages."""

    dedupe: DedupePolicy = field(default_factory=DedupePolicy)
    track: TrackPolicy = field(default_factory=TrackPolicy)
    alert: AlertPolicy = REPLAY
    extract: ExtractPolicy = field(default_factory=ExtractPolicy)


class Player:
    """The chain of stages with its books."""

    def __init__(self, reader: Reader, settings: ReplaySettings | None = None) -> None:
        """Start with empty books."""
        self._reader = reader
        self._settings = settings or ReplaySettings()
        self.seen = DedupeBook()
        self.incidents = IncidentBook()
        self.announced = AlertBook()

    def play(self, articles: Iterable[Article]) -> Iterator[dict[str, Any]]:
        """Yield the events of articles in order of arrival, as they stand in JSON."""
        rest = iter(articles)
        while batch := list(islice(rest, BATCH)):
            uniques = [self.dedupe(article) for article in batch]
            told = [unique for unique in uniques if unique.outcome is not Outcome.EXACT]
            reports = iter(self._reader.read_many([unique.article for unique in told]))
            for unique in uniques:
                yield _article_event(unique)
                if unique.outcome is not Outcome.EXACT:
                    yield from self.events(next(reports), unique)

    def dedupe(self, article: Article) -> UniqueArticle:
        """Return what dedupe says of an article, and remember it."""
        step = judge(self.seen, article, self._settings.dedupe)
        for key, row in step.rows:
            self.seen.put(key, row)
        return step.outputs[0]

    def events(self, report: Report, unique: UniqueArticle) -> Iterator[dict[str, Any]]:
        """Yield the deltas and alerts of one report."""
        for mention in split(report, unique):
            for delta in self.track(mention):
                yield to_builtins(delta)
                yield from (to_builtins(alert) for alert in self.decide(delta))

    def correct(self, correction: Correction) -> Iterator[dict[str, Any]]:
        """Yield what became of an editor's correction, then its deltas and alerts."""
        step = self.track_step(mention_of(correction))
        yield {
            "type": "correction",
            "correction_id": correction.correction_id,
            "incident_id": correction.incident_id,
            "reason": step.reasons[0],
        }
        for delta in step.outputs:
            yield to_builtins(delta)
            yield from (to_builtins(alert) for alert in self.decide(delta))

    def track(self, mention: Mention) -> tuple[Delta, ...]:
        """Return the deltas of a mention, and remember it."""
        return self.track_step(mention).outputs

    def track_step(self, mention: Mention) -> Step[TrackRow, Delta]:
        """Return what tracking decides on a mention, and remember it."""
        step = track(self.incidents, mention, self._settings.track)
        for key, row in step.rows:
            self.incidents.put(key, row)
        return step

    def decide(self, delta: Delta) -> tuple[Alert, ...]:
        """Return the alerts of a delta, and remember them."""
        return self.decide_step(delta).outputs

    def decide_step(self, delta: Delta) -> Step[AnnouncedRow, Alert]:
        """Return what the alert rules decide on a delta, and remember it."""
        step = decide(self.announced, delta, self._settings.alert)
        for key, row in step.rows:
            self.announced.put(key, row)
        return step


def run(lines: Iterable[bytes], out: BinaryIO, settings: ReplaySettings | None = None) -> int:
    """Write the events of JSON lines of articles; return how many lines were no article.

    A line that is no article gives ``{"type": "error", "line", "error"}`` in its place.
    """
    used = settings or ReplaySettings()
    player = Player(Extractor.load(used.extract), used)
    errors = 0
    for event in events_of(lines, player):
        errors += event["type"] == "error"
        out.write(msgspec.json.encode(event) + b"\n")
        out.flush()
    return errors


def events_of(lines: Iterable[bytes], player: Player) -> Iterator[dict[str, Any]]:
    """Yield the events of lines in order; articles are taken in batches up to the next line that is none."""
    waiting: list[Article] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = _read(line)
        except (msgspec.DecodeError, UnicodeError, ArticleError) as error:
            yield from player.play(waiting)
            waiting = []
            yield {"type": "error", "line": number, "error": str(error)}
            continue
        if isinstance(read, Correction):
            yield from player.play(waiting)
            waiting = []
            yield from player.correct(read)
            continue
        waiting.append(read)
        if len(waiting) >= BATCH:
            yield from player.play(waiting)
            waiting = []
    yield from player.play(waiting)


def _read(line: bytes) -> Article | Correction:
    """Return the article of a line, or an editor's correction as ``news-monitor correct list`` writes it."""
    given = msgspec.json.decode(line)
    if isinstance(given, dict) and "correction_id" in given:
        return msgspec.convert(given, Correction)
    return article_from_input(given)


def _article_event(unique: UniqueArticle) -> dict[str, Any]:
    return {
        "type": "article",
        "article_id": unique.article.article_id,
        "outcome": unique.outcome,
        "cluster_id": unique.cluster_id,
        "duplicate_of": unique.duplicate_of,
        "reason": unique.reason,
    }
