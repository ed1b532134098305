"""The API's paths: parameters, forms of answers, and what answers. Routing and OpenAPI are both made from this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.alerts.cap_xml import MEDIA_TYPE as CAP
from monitor.alerts.syndication import ATOM_MEDIA_TYPE, JSON_FEED_MEDIA_TYPE
from monitor.board import api, params, shapes
from monitor.board.answers import JSON
from monitor.board.api import Asked, Board, Sheet
from monitor.board.exports import CSV_MEDIA_TYPE, GEOJSON_MEDIA_TYPE, JSONL_MEDIA_TYPE
from monitor.board.params import Param, choice, cursor, flag, moment, text, whole, words
from monitor.board.queries import MAX_PAGE
from schemas.alert import Alert
from schemas.base import Record
from schemas.reasons import AlertKind, DeltaReason, EventType, Kind, Stance

Answer = Callable[[Board, Asked], Record | Sheet | bytes]

FORMATS = {
    "json": JSON,
    "geojson": GEOJSON_MEDIA_TYPE,
    "csv": CSV_MEDIA_TYPE,
    "jsonl": JSONL_MEDIA_TYPE,
    "atom": ATOM_MEDIA_TYPE,
    "jsonfeed": JSON_FEED_MEDIA_TYPE,
    "cap": CAP,
}
"""Names of forms for ``format``, where a program cannot set ``Accept``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path that is read. ``answers`` are by media type, the first one by default; ``shape`` is that of its JSON."""

    path: str
    name: str
    about: str
    shape: type[Record]
    answers: Mapping[str, Answer]
    params: tuple[Param, ...] = ()

    @property
    def forms(self) -> Param:
        """Return the parameter that chooses the form."""
        names = [name for name, media in FORMATS.items() if media in self.answers]
        return choice("format", "The form; goes before `Accept`.", names, many=False)


_LIMIT = whole("limit", "How many at most.", least=1, most=MAX_PAGE, default=50)
_ID = r"[A-Za-z0-9_.:-]{1,100}"


def _id(name: str, about: str, place: str = "path") -> Param:
    return text(name, about, longest=100, pattern=_ID, place=place)


FILTERS = (
    text("q", "Words that all must be in headline, names, titles or quotes.", longest=200),
    choice("kind", "Attack or strike.", words(Kind)),
    choice("type", "What happened.", words(EventType)),
    text("country", "ISO 3166-1 alpha-2.", longest=2, pattern="[A-Z]{2}", many=True),
    text("actor", "A perpetrator, claimant or target by name.", longest=200, many=True),
    text("source", "An outlet by name.", longest=200, many=True),
    whole("min_killed", "Killed at least (best figure, else the lower).", least=0, most=10_000_000),
    moment("since", "Became known at or after."),
    moment("until", "Became known before."),
    flag("background", "Also background and dismissed ones.", default=False),
)

ENDPOINTS = (
    Endpoint(
        path="/api/incidents",
        name="listIncidents",
        about="Incidents, those that became known last first.",
        shape=shapes.Incidents,
        params=(*FILTERS, cursor(), _LIMIT),
        answers={
            JSON: api.list_incidents,
            GEOJSON_MEDIA_TYPE: api.incidents_geojson,
            CSV_MEDIA_TYPE: api.incidents_csv,
            JSONL_MEDIA_TYPE: api.incidents_jsonl,
        },
    ),
    Endpoint(
        path="/api/incidents/{incident_id}",
        name="showIncident",
        about="All that is known of one incident, with each change and why it alerted or did not.",
        shape=shapes.IncidentPage,
        params=(_id("incident_id", "The incident's id."),),
        answers={JSON: api.show_incident, GEOJSON_MEDIA_TYPE: api.incident_geojson},
    ),
    Endpoint(
        path="/api/articles/{article_id}",
        name="showArticle",
        about="An article, cut where facts were read from it.",
        shape=shapes.ArticlePage,
        params=(
            _id("article_id", "The article's id."),
            _id("incident", "The incident whose facts are marked.", "query"),
        ),
        answers={JSON: api.show_article},
    ),
    Endpoint(
        path="/api/summary",
        name="summarise",
        about="Days and places of what the filters let through, for a timeline and a map.",
        shape=shapes.Summary,
        params=FILTERS,
        answers={JSON: api.summarise},
    ),
    Endpoint(
        path="/api/deltas",
        name="listDeltas",
        about="Changes of what is known, newest first.",
        shape=shapes.Changes,
        params=(
            choice("reason", "Why it changed.", words(DeltaReason)),
            _id("incident", "Of one incident.", "query"),
            cursor(),
            _LIMIT,
        ),
        answers={
            JSON: api.list_deltas,
            CSV_MEDIA_TYPE: api.deltas_csv,
        },
    ),
    Endpoint(
        path="/api/statements",
        name="listStatements",
        about="Statements about incidents and classes of attacks, newest first.",
        shape=shapes.Statements,
        params=(
            choice("stance", "What it does.", words(Stance)),
            flag("official", "Only officials' (true) or others' (false)."),
            cursor(),
            _LIMIT,
        ),
        answers={
            JSON: api.list_statements,
            CSV_MEDIA_TYPE: api.statements_csv,
        },
    ),
    Endpoint(
        path="/api/tallies",
        name="listTallies",
        about="Running counts with their course, those that changed last first.",
        shape=shapes.Tallies,
        params=(cursor(), whole("limit", "How many at most.", least=1, most=50, default=20)),
        answers={
            JSON: api.list_tallies,
            CSV_MEDIA_TYPE: api.tallies_csv,
        },
    ),
    Endpoint(
        path="/api/alerts",
        name="listAlerts",
        about="Alerts that were decided, newest first; also as a feed.",
        shape=shapes.Alerts,
        params=(choice("kind", "What it announces.", words(AlertKind)), cursor(), _LIMIT),
        answers={
            JSON: api.list_alerts,
            CSV_MEDIA_TYPE: api.alerts_csv,
            ATOM_MEDIA_TYPE: api.alerts_atom,
            JSON_FEED_MEDIA_TYPE: api.alerts_json_feed,
        },
    ),
    Endpoint(
        path="/api/alerts/{alert_id}",
        name="showAlert",
        about="One alert as it was decided, or as a CAP 1.2 message.",
        shape=Alert,
        params=(_id("alert_id", "The alert's id."),),
        answers={JSON: api.show_alert, CAP: api.alert_cap},
    ),
    Endpoint(
        path="/api/viewer",
        name="viewer",
        about="Who asks, and the view's version.",
        shape=shapes.Viewer,
        answers={JSON: api.viewer},
    ),
)


def read(
    endpoint: Endpoint, path: Mapping[str, str], query: Mapping[str, list[str]]
) -> dict[str, object]:
    """Return the values of an endpoint's parameters, ``format`` among them.

    Raises:
        ParameterError: one of them is not what it must be, or is not known.
    """
    known = (*endpoint.params, endpoint.forms)
    unknown = [name for name in query if name not in {p.name for p in known if p.place == "query"}]
    if unknown:
        msg = f"no parameter is named {unknown[0][:40]!r}"
        raise params.ParameterError(msg)
    given = {p.name: [path[p.name]] if p.place == "path" else query.get(p.name, []) for p in known}
    return {p.name: p.value(given[p.name]) for p in known}
