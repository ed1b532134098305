"""Several alerts told together, as one alert of the kind ``digest``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.alerts import text
from monitor.alerts.compose import alert_id
from schemas.alert import Alert
from schemas.base import Subject
from schemas.reasons import AlertKind, AlertReason


def digest_of(alerts: Sequence[Alert], at: datetime, language: str) -> Alert:
    """Return the digest of alerts, in their order; at least one. The same alerts give the same id.

    Its time is ``at``, when they were let go. What they are about in common, it is about.
    """
    title, lines = text.digest(alerts, language)
    incidents = {alert.incident_id for alert in alerts}
    subjects = {alert.subject for alert in alerts}
    return Alert(
        alert_id=alert_id("digest", AlertReason.DIGEST, ",".join(a.alert_id for a in alerts)),
        kind=AlertKind.DIGEST,
        reason=AlertReason.DIGEST,
        subject=subjects.pop() if len(subjects) == 1 else Subject("digest"),
        article_id=alerts[-1].article_id,
        title=title,
        text=lines,
        incident_id=incidents.pop() if len(incidents) == 1 else None,
        fetched_at=at,
        published=at,
        parts=tuple(alerts),
    )
