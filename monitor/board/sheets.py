"""Changes, statements, tallies and alerts as CSV, one line each; a tally has one for each time that it was told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.board.exports import bounds, sheet
from monitor.board.shapes import AlertNote, Change, Said, TallySeries

_BOUNDS = ("low", "best", "high")
CHANGES = (
    "at", "delta_id", "incident_id", "tally_id", "measure", "reason", "before_low", "before_best", "before_high",
    "after_low", "after_best", "after_high", "source", "article_id", "title", "url", "quote", "merged_from",
)  # fmt: skip
STATEMENTS = (
    "at", "delta_id", "incident_id", "speaker", "role", "affiliation", "country", "official", "stance", "quote",
    "source", "article_id", "url",
)  # fmt: skip
TALLIES = (
    "at", "tally_id", "what", "victims", "area", "since", *_BOUNDS, "source", "article_id", "url", "quote",
)  # fmt: skip
ALERTS = (
    "at", "alert_id", "kind", "reason", "msg_type", "status", "incident_id", "title", "text", "watches",
)  # fmt: skip


def changes(given: Iterable[Change]) -> bytes:
    """Return changes as CSV."""
    return _file(CHANGES, map(_change, given))


def _change(one: Change) -> dict[str, object]:
    told = {name: getattr(one, name, None) for name in CHANGES}
    figures = bounds("before_", one.before) | bounds("after_", one.after)
    return told | figures | {"at": one.at.isoformat()}


def statements(given: Iterable[Said]) -> bytes:
    """Return statements as CSV."""
    return _file(STATEMENTS, map(_said, given))


def _said(one: Said) -> dict[str, object]:
    said = one.statement
    told = {name: getattr(one, name, None) for name in STATEMENTS}
    return told | {
        "at": one.at.isoformat(),
        "speaker": said.speaker.name,
        "role": said.speaker.role,
        "affiliation": said.speaker.affiliation,
        "country": said.speaker.country,
        "official": said.official,
        "stance": str(said.stance),
        "quote": said.quote,
    }


def tallies(given: Iterable[TallySeries]) -> bytes:
    """Return tallies as CSV, the course of each from its oldest point on."""
    return _file(TALLIES, (row for series in given for row in _points(series)))


def _points(series: TallySeries) -> Iterator[dict[str, object]]:
    tally = series.tally
    for point in series.points:
        yield {
            "at": point.at.isoformat(),
            "tally_id": tally.tally_id,
            "what": str(tally.what),
            "victims": tally.victims,
            "area": "; ".join(tally.area),
            "since": tally.since.isoformat() if tally.since else None,
            **bounds("", point.value),
            "source": point.source,
            "article_id": point.article_id,
            "url": point.url,
            "quote": point.quote,
        }


def alerts(given: Iterable[AlertNote]) -> bytes:
    """Return alerts as CSV."""
    return _file(ALERTS, map(_alert, given))


def _alert(one: AlertNote) -> dict[str, object]:
    told = {name: getattr(one, name) for name in ALERTS}
    return told | {"at": one.at.isoformat(), "watches": "; ".join(one.watches)}


def _file(columns: tuple[str, ...], records: Iterable[dict[str, object]]) -> bytes:
    return "".join(sheet(columns, records)).encode()
