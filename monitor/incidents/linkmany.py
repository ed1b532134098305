"""Reports in order of arrival -> the same reports, each incident with the id of the incident it is linked to.

The ids are those after the last report: incidents that turned out to be one have one id. So ``extract --link``
answers when its input ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rules import judge
from monitor.extract import Extractor, stream
from monitor.incidents.book import IncidentBook
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.rules import track
from monitor.incidents.subjects import split
from schemas.article import Article, UniqueArticle
from schemas.report import Report
from schemas.state import IncidentRow


def link_many(
    pairs: Sequence[tuple[Report, UniqueArticle]], policy: TrackPolicy
) -> Iterator[Report]:
    """Yield the reports with ``incident_id`` on each incident."""
    book = IncidentBook()
    last: dict[tuple[str, int], str] = {}
    for report, unique in pairs:
        for mention in split(report, unique):
            step = track(book, mention, policy)
            for key, row in step.rows:
                gone = book.get(key) if row is None else None
                if isinstance(gone, IncidentRow):
                    last |= _claims(gone)
                book.put(key, row)
    last |= _standing(book)
    for report, _ in pairs:
        yield _linked(report, last)


def _standing(book: IncidentBook) -> dict[tuple[str, int], str]:
    rows: Iterable[object] = (book.get(key) for key in book)
    return {k: v for row in rows if isinstance(row, IncidentRow) for k, v in _claims(row).items()}


def _claims(row: IncidentRow) -> dict[tuple[str, int], str]:
    return {(claim.article_id, claim.ordinal): row.incident_id for claim in row.claims}


def _linked(report: Report, ids: dict[tuple[str, int], str]) -> Report:
    incidents = tuple(
        replace(incident, incident_id=ids.get((report.id, incident.ordinal)))
        for incident in report.incidents
    )
    return replace(report, incidents=incidents)


def run(
    lines: Iterable[bytes], out: BinaryIO, extractor: Extractor, policy: TrackPolicy | None = None
) -> int:
    """Write a linked report a line for JSON lines of articles; return how many lines were no article.

    A line that is no article gives an error record in its place.
    """
    parsed = [stream.parse(line, n) for n, line in enumerate(lines, start=1) if line.strip()]
    articles = [record for record in parsed if isinstance(record, Article)]
    reports = extractor.read_many(articles)
    pairs = list(zip(reports, judged(articles), strict=True))
    linked = link_many(pairs, policy or TrackPolicy())
    for record in parsed:
        written = next(linked) if isinstance(record, Article) else record
        out.write(msgspec.json.encode(written) + b"\n")
    out.flush()
    return len(parsed) - len(articles)


def judged(articles: Iterable[Article]) -> Iterator[UniqueArticle]:
    """Yield what dedupe says of each article: copies of one wire text are of one incident."""
    book = DedupeBook()
    for article in articles:
        step = judge(book, article, DedupePolicy())
        for key, row in step.rows:
            book.put(key, row)
        yield step.outputs[0]
