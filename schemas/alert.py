"""Alerts: decisions to tell people."""

from __future__ import annotations

from datetime import datetime

from schemas.base import AlertId, IncidentId, Record, Subject, TallyId
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason
from schemas.report import Count, Evidence, Statement


class FigureChange(Record, frozen=True, kw_only=True):
    """A figure before and after, as the alert tells it."""

    measure: str
    before: Count | None
    after: Count | None


class Alert(Record, frozen=True, kw_only=True, tag_field="type", tag="alert"):
    """One decision to tell people. Topic ``alerts``, keyed by ``subject``.

    ``revision`` starts at 1 for an incident and rises with each alert of it; ``references`` are the
    ids of its earlier alerts, oldest first, at most 20. ``status`` is ``actual``, ``test`` or ``system`` (about the
    monitor itself) and ``msg_type`` is ``alert``, ``update`` or ``cancel`` (CAP 1.2, sections 3.2.1). ``quote`` is
    the sentence it was read from; ``parts`` are the alerts that a digest tells together.
    """

    alert_id: AlertId
    kind: AlertKind
    reason: AlertReason
    subject: Subject
    article_id: str
    title: str
    text: str
    incident_id: IncidentId | None = None
    tally_id: TallyId | None = None
    speaker: dict[str, str | None] | None = None
    statement: Statement | None = None
    incident: IncidentSnapshot | None = None
    changes: tuple[FigureChange, ...] = ()
    sources: tuple[SourceClaim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    revision: int = 1
    references: tuple[AlertId, ...] = ()
    msg_type: str = "alert"
    status: str = "actual"
    published: datetime | None = None
    fetched_at: datetime | None = None
    watches: tuple[str, ...] = ()
    sinks: tuple[str, ...] = ()
    quote: str = ""
    parts: tuple[Alert, ...] = ()
