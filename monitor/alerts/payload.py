"""Make an alert's body: a CloudEvents 1.0 event in structured JSON, the same bytes for the same alert.

Nothing here reads a clock: ``time`` is when the article was fetched (published, where it was not fetched), so
that the body can be made again, byte for byte, on another machine. The schema that receivers check against is
``schemas/json/webhook.json``. Source: CloudEvents 1.0.2, JSON event format, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from monitor.alerts.cap import Graded, grade
from monitor.alerts.wording import DEFAULT
from monitor.incidents.snapshot import MEASURES
from schemas.alert import Alert
from schemas.codec import to_builtins
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason

SOURCE = "/news-monitor"
"""CloudEvents ``source`` where the configuration sets none: a URI reference, unique with ``id``."""
SCHEMA = "urn:news-monitor:schema:webhook:1"
MAX_SOURCES = 20
"""Sources listed in one body, newest last; the incident's page has them all."""

_TYPES = {
    AlertReason.NEW_ATTACK: "news.monitor.incident.created.v1",
    AlertReason.NEW_STRIKE: "news.monitor.incident.created.v1",
    AlertReason.NEW_CONDEMNATION: "news.monitor.condemnation.created.v1",
    AlertReason.MERGED: "news.monitor.incident.merged.v1",
    AlertReason.DISMISSED: "news.monitor.incident.cancelled.v1",
    AlertReason.TEST: "news.monitor.test.v1",
    AlertReason.DIGEST: "news.monitor.digest.v1",
    AlertReason.SINK_GONE: "news.monitor.sink.disabled.v1",
    AlertReason.SINK_WORN_OUT: "news.monitor.sink.disabled.v1",
}
_UPDATED = "news.monitor.incident.updated.v1"

_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who sends: CloudEvents' ``source``, a URI reference that names this monitor, and where its board is, if anywhere."""

    source: str = SOURCE
    board_url: str | None = None


HERE = Origin()


def body(alert: Alert, *, origin: Origin = HERE, language: str = DEFAULT) -> bytes:
    """Return the event's bytes: UTF-8 JSON with sorted keys.

    Args:
        alert: What is told, its headline and text in ``language``.
        origin: Who sends.
        language: Language of the headline and the text (BCP 47).
    """
    return _encoder.encode(event(alert, origin=origin, language=language))


def event(alert: Alert, *, origin: Origin = HERE, language: str = DEFAULT) -> dict[str, Any]:
    """Return the event as plain JSON values."""
    at = alert.fetched_at or alert.published
    return _without_none(
        {
            "specversion": "1.0",
            "id": alert.alert_id,
            "source": origin.source,
            "type": _TYPES.get(alert.reason, _UPDATED),
            "subject": alert.incident_id or alert.subject,
            "time": _rfc3339(at) if at else None,
            "datacontenttype": "application/json",
            "dataschema": SCHEMA,
        }
    ) | {"data": _data(alert, origin.board_url, language)}


def _data(alert: Alert, board_url: str | None, language: str) -> dict[str, Any]:
    grades = grade(alert)
    parts = [_data(part, board_url, language) for part in alert.parts]
    return ({"alerts": parts} if parts else {}) | {
        "alert_id": alert.alert_id,
        "msg_type": alert.msg_type,
        "status": alert.status,
        "kind": alert.kind,
        "reason": alert.reason,
        "revision": alert.revision,
        "references": list(alert.references),
        "language": language,
        "headline": alert.title,
        "text": alert.text,
        "article_id": alert.article_id,
        "incident_id": alert.incident_id,
        "tally_id": alert.tally_id,
        "incident": _incident(alert.incident) if alert.incident else None,
        "changes": [to_builtins(c) for c in alert.changes],
        "statement": _statement(alert),
        "severity": _graded(grades.severity),
        "certainty": _graded(grades.certainty),
        "urgency": _graded(grades.urgency),
        "sources": [_source(s) for s in alert.sources[-MAX_SOURCES:]],
        "published": _rfc3339(alert.published) if alert.published else None,
        "fetched": _rfc3339(alert.fetched_at) if alert.fetched_at else None,
        "published_to_fetched_s": _latency_s(alert),
        "watches": list(alert.watches),
        "links": _links(alert, board_url),
    }


def _incident(known: IncidentSnapshot) -> dict[str, Any]:
    plain = to_builtins(known)
    return {
        "incident_id": known.incident_id,
        "kind": known.kind,
        "event_type": known.event_type,
        "occurred": _occurred(known),
        "place": plain["place"],
        "casualties": {m: plain[m] for m in MEASURES},
        "perpetrators": plain["perpetrators"],
        "claimed_by": plain["claimed_by"],
        "targets": plain["targets"],
        "weapon": known.weapon,
        "victims": list(known.victims),
        "independent_sources": known.independent_sources,
    }


def _occurred(known: IncidentSnapshot) -> dict[str, str] | None:
    if known.date is None:
        return None
    first, last = known.date.first, known.date.last
    precision = "day" if first == last else "range"
    return {"from": first.isoformat(), "to": last.isoformat(), "precision": precision}


def _statement(alert: Alert) -> dict[str, Any] | None:
    if alert.statement is None or alert.kind is not AlertKind.CONDEMNATION:
        return None
    said = alert.statement
    return {
        "speaker": to_builtins(said.speaker),
        "official": said.official,
        "stance": said.stance,
        "target": said.target.text,
        "quote": said.quote,
    }


def _source(claim: SourceClaim) -> dict[str, Any]:
    return {
        "source": claim.source,
        "article_id": claim.article_id,
        "title": claim.title,
        "url": claim.url,
        "published": _rfc3339(claim.published) if claim.published else None,
        "quote": claim.quote,
        "independent": claim.copy_of is None,
        "copy_of": claim.copy_of,
    }


def _graded(graded: Graded) -> dict[str, str]:
    return {"value": graded.value, "rule": graded.rule}


def _latency_s(alert: Alert) -> float | None:
    if alert.published is None or alert.fetched_at is None:
        return None
    return round((alert.fetched_at - alert.published).total_seconds(), 3)


def _links(alert: Alert, board_url: str | None) -> dict[str, str]:
    if board_url is None or alert.incident_id is None:
        return {}
    base = board_url.rstrip("/")
    return {"incident": f"{base}/incidents/{alert.incident_id}"}


def _rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _without_none(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
