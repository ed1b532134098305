"""Deliveries: one alert to one sink, and how each attempt ended."""

from __future__ import annotations

from datetime import datetime

from schemas.alert import Alert
from schemas.base import AlertId, IncidentId, Record, Subject
from schemas.reasons import Attempt


class Delivery(Record, frozen=True, kw_only=True):
    """The state of one alert on its way to one sink. Topic ``deliveries``, keyed by ``subject``.

    ``subject`` is the alert's, or the sink's own where the sink gets digests. ``webhook_id`` is the same at every
    attempt; ``attempts`` counts those made; ``next_at`` is ``None`` once it has ended. ``detail`` never holds a secret
    or a full address. The first record of a delivery is ``pending`` and carries the ``alert``, in the sink's language,
    and the ``body`` that every attempt sends, whatever version of the monitor makes it; those of attempts do not.
    """

    webhook_id: str
    alert_id: AlertId
    sink: str
    outcome: Attempt
    attempts: int
    first_at: datetime
    at: datetime
    next_at: datetime | None = None
    status_code: int | None = None
    detail: str = ""
    reason: str = ""
    subject: Subject = Subject("")
    alert: Alert | None = None
    body: str | None = None
    incident_id: IncidentId | None = None
