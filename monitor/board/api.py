"""What the API answers to each question. ``endpoints.py`` says which paths and parameters there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from monitor.alerts.cap_xml import cap_xml
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.syndication import Channel, atom, json_feed, told_at
from monitor.board import build, evidence, exports, params, queries, shapes, sheets
from monitor.board.answers import Missing
from monitor.board.pages import incident_page
from monitor.board.pulse import Pulse
from monitor.board.queries import Filters, FoundIncident
from monitor.board.rules import Access, Identity
from monitor.board.section import Tiles
from monitor.board.store import Store
from monitor.board.summary import summary
from schemas.alert import Alert
from schemas.base import AlertId
from schemas.correction import Correction


@dataclass(slots=True, kw_only=True)
class Board:
    """What the web application works with.

    ``publish`` sends a correction to Kafka; without it, nobody can correct. ``policy`` is that of the
    alert stage. ``clock`` tells the time of a correction.
    """

    store: Store
    access: Access
    policy: AlertPolicy
    clock: Callable[[], datetime]
    publish: Callable[[Correction], Awaitable[None]] | None = None
    public_url: str | None = None
    embed: tuple[str, ...] = ()
    tiles: Tiles | None = None
    pulse: Pulse = field(default_factory=Pulse)
    streams: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question: the values of its parameters by name (each of its own type), who asks, and where we are."""

    values: dict[str, Any]
    identity: Identity
    base_url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in a form that has no room for the cursor of the page after it."""

    body: bytes
    next: str | None


_NO_INCIDENT = "No incident of this id is known here."


def filters_of(asked: Asked) -> Filters:
    """Return the filters of a question about incidents."""
    given = asked.values
    return Filters(
        text=given["q"] or "",
        kinds=given["kind"],
        types=given["type"],
        countries=given["country"],
        actors=given["actor"],
        sources=given["source"],
        least_killed=given["min_killed"],
        since=given["since"],
        until=given["until"],
        background=given["background"],
    )


def list_incidents(board: Board, asked: Asked) -> shapes.Incidents:
    """Return a page of incidents."""
    limit: int = asked.values["limit"]
    after = params.number_in(asked.values["after"])
    page = queries.incident_page(board.store, filters_of(asked), after=after, limit=limit + 1)
    following = str(page[limit - 1].num) if len(page) > limit else None
    return shapes.Incidents(items=tuple(map(build.incident_of, page[:limit])), next=following)


def incidents_geojson(board: Board, asked: Asked) -> Sheet:
    """Return a page of incidents as GeoJSON."""
    page = list_incidents(board, asked)
    return Sheet(exports.geojson(page.items), page.next)


def incidents_csv(board: Board, asked: Asked) -> Sheet:
    """Return a page of incidents as CSV."""
    page = list_incidents(board, asked)
    return Sheet("".join(exports.csv_lines(page.items)).encode(), page.next)


def incidents_jsonl(board: Board, asked: Asked) -> Sheet:
    """Return a page of incidents as JSON lines."""
    page = list_incidents(board, asked)
    return Sheet(b"".join(exports.json_lines(page.items)), page.next)


def summarise(board: Board, asked: Asked) -> shapes.Summary:
    """Return the timeline and the map of what the filters let through."""
    return summary(board.store, filters_of(asked))


def _known(board: Board, asked: Asked) -> FoundIncident:
    found = queries.one_incident(board.store, asked.values["incident_id"])
    if found is None:
        raise Missing(_NO_INCIDENT)
    return found


def show_incident(board: Board, asked: Asked) -> shapes.IncidentPage:
    """Return all that the view holds of an incident."""
    page = incident_page(board.store, asked.values["incident_id"], board.policy)
    if page is None:
        raise Missing(_NO_INCIDENT)
    return page


def incident_geojson(board: Board, asked: Asked) -> bytes:
    """Return an incident as a feature of GeoJSON."""
    return msgspec.json.encode(exports.feature_of(build.incident_of(_known(board, asked))))


def show_article(board: Board, asked: Asked) -> shapes.ArticlePage:
    """Return an article, cut where an incident's facts were read from it."""
    article_id, incident_id = asked.values["article_id"], asked.values["incident"]
    unique = queries.article(board.store, article_id)
    if unique is None:
        msg = "The text of this article is not kept here."
        raise Missing(msg)
    row = queries.row_of(board.store, incident_id) if incident_id else None
    names = (incident_id, *queries.merged_into(board.store, incident_id)) if incident_id else ()
    deltas = [kept.doc for kept in queries.history(board.store, names)] if names else []
    return evidence.page_of(
        unique,
        evidence.marks_of(article_id, row, deltas),
        evidence.quotes_of(article_id, row, deltas),
    )


def list_deltas(board: Board, asked: Asked) -> shapes.Changes:
    """Return a page of changes."""
    given, limit = asked.values, asked.values["limit"]
    page = queries.delta_page(
        board.store,
        reasons=given["reason"],
        incident=given["incident"],
        after=params.number_in(given["after"]),
        limit=limit + 1,
    )
    return shapes.Changes(items=tuple(map(build.change_of, page[:limit])), next=_next(page, limit))


def list_statements(board: Board, asked: Asked) -> shapes.Statements:
    """Return a page of statements."""
    given, limit = asked.values, asked.values["limit"]
    page = queries.statement_page(
        board.store,
        stances=given["stance"],
        official=given["official"],
        after=params.number_in(given["after"]),
        limit=limit + 1,
    )
    return shapes.Statements(items=tuple(map(build.said_of, page[:limit])), next=_next(page, limit))


def deltas_csv(board: Board, asked: Asked) -> Sheet:
    """Return a page of changes as CSV."""
    page = list_deltas(board, asked)
    return Sheet(sheets.changes(page.items), page.next)


def statements_csv(board: Board, asked: Asked) -> Sheet:
    """Return a page of statements as CSV."""
    page = list_statements(board, asked)
    return Sheet(sheets.statements(page.items), page.next)


def _next(page: tuple[queries.Kept, ...], limit: int) -> str | None:
    return str(page[limit - 1].seq) if len(page) > limit else None


def _alert_page(board: Board, asked: Asked) -> tuple[queries.Kept, ...]:
    return queries.alert_page(
        board.store,
        kinds=asked.values["kind"],
        after=params.number_in(asked.values["after"]),
        limit=asked.values["limit"] + 1,
    )


def list_alerts(board: Board, asked: Asked) -> shapes.Alerts:
    """Return a page of alerts."""
    page, limit = _alert_page(board, asked), asked.values["limit"]
    return shapes.Alerts(items=tuple(map(build.alert_of, page[:limit])), next=_next(page, limit))


def alerts_csv(board: Board, asked: Asked) -> Sheet:
    """Return a page of alerts as CSV."""
    page = list_alerts(board, asked)
    return Sheet(sheets.alerts(page.items), page.next)


def alerts_atom(board: Board, asked: Asked) -> bytes:
    """Return alerts as an Atom feed."""
    return atom(_alerts(board, asked), _channel(asked, "atom"))


def alerts_json_feed(board: Board, asked: Asked) -> bytes:
    """Return alerts as a JSON Feed."""
    return json_feed(_alerts(board, asked), _channel(asked, "jsonfeed"))


def _alerts(board: Board, asked: Asked) -> list[Alert]:
    return [kept.doc for kept in _alert_page(board, asked)[: asked.values["limit"]]]


def _channel(asked: Asked, form: str) -> Channel:
    base = asked.base_url

    def page_of(alert: Alert) -> str | None:
        return f"{base}/incidents/{alert.incident_id}" if alert.incident_id else None

    return Channel(
        title="news-monitor alerts",
        self_url=f"{base}/api/alerts?format={form}",
        home_url=f"{base}/",
        page_of=page_of,
    )


def _alert(board: Board, asked: Asked) -> queries.Kept:
    kept = queries.one_alert(board.store, asked.values["alert_id"])
    if kept is None:
        msg = "No alert of this id is known here."
        raise Missing(msg)
    return kept


def show_alert(board: Board, asked: Asked) -> Alert:
    """Return an alert as it was sent to the sinks' stage."""
    alert: Alert = _alert(board, asked).doc
    return alert


def alert_cap(board: Board, asked: Asked) -> bytes:
    """Return an alert as a CAP 1.2 message; its references are those alerts that are known here."""
    alert: Alert = _alert(board, asked).doc
    earlier = {
        AlertId(name): told_at(kept.doc)
        for name in alert.references
        if (kept := queries.one_alert(board.store, name)) is not None
    }
    web = f"{asked.base_url}/incidents/{alert.incident_id}" if alert.incident_id else None
    sender = asked.base_url.partition("://")[2]
    return cap_xml(alert, sender=sender, sent_of=earlier, web=web)


def list_tallies(board: Board, asked: Asked) -> shapes.Tallies:
    """Return a page of tallies."""
    limit: int = asked.values["limit"]
    found = queries.tally_page(board.store, after=_tally_cursor(asked), limit=limit + 1)
    series = tuple(build.tally_of(kept, points) for kept, points in found[:limit])
    if len(found) <= limit:
        return shapes.Tallies(items=series, next=None)
    last = found[limit - 1][0]
    return shapes.Tallies(items=series, next=f"{last.seq}.{last.doc.tally_id}")


def tallies_csv(board: Board, asked: Asked) -> Sheet:
    """Return a page of tallies as CSV."""
    page = list_tallies(board, asked)
    return Sheet(sheets.tallies(page.items), page.next)


def _tally_cursor(asked: Asked) -> tuple[int, str] | None:
    after: str | None = asked.values["after"]
    number = params.number_in(after)
    return None if after is None or number is None else (number, after.partition(".")[2])


def viewer(board: Board, asked: Asked) -> shapes.Viewer:
    """Return who asks and what the view is."""
    now = board.store.standing()
    may_edit = asked.identity.editor and board.publish is not None
    return shapes.Viewer(
        name=asked.identity.name, editor=may_edit, version=now.version, view=now.view
    )
