"""Alerts about the monitor itself, told on the sinks that still work."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alerts import text
from monitor.alerts.compose import alert_id
from schemas.alert import Alert
from schemas.base import Subject
from schemas.reasons import AlertKind, AlertReason
from schemas.sink import SinkState


def sink_disabled(
    state: SinkState, reason: AlertReason, others: Sequence[str], *, step: str
) -> Alert | None:
    """Return the notice that a sink gets nothing any more, for the other sinks; ``None`` where there are none.

    ``step`` names what showed it. The same gives the same id, so that an attempt that a crash repeats tells it once.
    """
    if not others or state.disabled_at is None:
        return None
    title, words = text.sink_disabled(state.sink, reason)
    return Alert(
        alert_id=alert_id(f"sink:{state.sink}", reason, step),
        kind=AlertKind.NOTICE,
        reason=reason,
        subject=Subject(f"sink:{state.sink}"),
        article_id="",
        title=title,
        text=words,
        status="system",
        published=state.disabled_at,
        fetched_at=state.disabled_at,
        sinks=tuple(others),
    )
