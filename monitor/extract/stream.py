"""Read articles as JSON lines and write one report a line, in the same order.

This is the core of ``news-monitor extract``; ``python -m monitor.extract.stream`` runs it alone.
A line that is no article gives an error record in its place, so that line N of the output always
belongs to line N of the input:

    {"id": "x-17" or null, "error": "line 17: ...", "incidents": [], "statements": [], "tallies": []}
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec

from monitor.extract.extractor import Extractor
from schemas.article import Article
from schemas.base import ArticleId, Record

# A line beyond this is no article; reading goes on with the next one.
MAX_LINE_BYTES = 16_000_000


class InputLine(Record, frozen=True, kw_only=True):
    """An article as users of the command line write it; unknown fields are ignored."""

    id: str | int | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None
    source_country: str | None = None


class ErrorLine(Record, frozen=True, kw_only=True):
    """What stands in the place of a report where a line is no article."""

    id: str | None
    error: str
    incidents: tuple[()] = ()
    statements: tuple[()] = ()
    tallies: tuple[()] = ()


def run(lines: Iterable[bytes], out: BinaryIO, extractor: Extractor) -> int:
    """Write a report or an error record for each line; return how many lines were in error."""
    errors = 0
    encoder = msgspec.json.Encoder()
    for record in _records(lines, extractor):
        errors += isinstance(record, ErrorLine)
        out.write(encoder.encode(record) + b"\n")
        out.flush()
    return errors


def _records(lines: Iterable[bytes], extractor: Extractor) -> Iterator[Any]:
    """Yield reports and error records in order; runs of good lines are read in batches."""
    waiting: list[Article] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parsed = parse(line, number)
        if isinstance(parsed, Article):
            waiting.append(parsed)
        if isinstance(parsed, ErrorLine) or len(waiting) >= BATCH_LINES:
            yield from extractor.read_many(waiting)
            waiting = []
        if isinstance(parsed, ErrorLine):
            yield parsed
    yield from extractor.read_many(waiting)


BATCH_LINES = 8


def parse(line: bytes, number: int) -> Article | ErrorLine:
    """Return the article that a line holds, or the error record that tells what is wrong with it."""
    if len(line) > MAX_LINE_BYTES:
        return ErrorLine(id=None, error=f"line {number}: longer than {MAX_LINE_BYTES} bytes")
    try:
        given = msgspec.json.decode(line.decode("utf-8", "replace"), type=InputLine)
    except msgspec.MsgspecError as error:
        return ErrorLine(id=_id_of(line), error=f"line {number}: {error}")
    return Article(
        article_id=ArticleId(str(given.id) if given.id is not None else f"line-{number}"),
        source=given.source or "",
        title=given.title or "",
        text=given.text or "",
        url=given.url,
        language=given.language,
        published=published(given.published),
        utc_offset_minutes=offset(given.published),
        source_country=given.source_country,
    )


def _id_of(line: bytes) -> str | None:
    """Return the id of a line that is JSON but no article, so that its error can be told apart."""
    try:
        raw = msgspec.json.decode(line)
    except msgspec.MsgspecError:
        return None
    found = raw.get("id") if isinstance(raw, dict) else None
    return str(found) if isinstance(found, str | int) else None


def published(given: str | None) -> datetime | None:
    """Return an ISO 8601 day or time as aware UTC; ``None`` for anything else, which is read as no date."""
    read = _iso(given)
    if read is None:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


def offset(given: str | None) -> int | None:
    """Return the offset from UTC in minutes that the time itself states, ``None`` where it states none or UTC."""
    read = _iso(given)
    away = read.utcoffset() if read is not None else None
    return int(away.total_seconds() // 60) or None if away is not None else None


def _iso(given: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(given.strip()) if given else None
    except ValueError:
        return None


def main() -> int:
    """Read articles from standard input or the file named, write reports to standard output."""
    name = sys.argv[1] if len(sys.argv) > 1 else "-"
    extractor = Extractor.load()
    if name == "-":
        return 1 if run(sys.stdin.buffer, sys.stdout.buffer, extractor) else 0
    with open(name, "rb") as lines:  # noqa: PTH123 - a path from the command line, opened as given
        return 1 if run(lines, sys.stdout.buffer, extractor) else 0


if __name__ == "__main__":
    sys.exit(main())
