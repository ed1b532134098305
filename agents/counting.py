"""Keeps a stage's books in the process's Prometheus figures, and counts what the stages found."""

from __future__ import annotations

from monitor import metrics
from monitor.stage import Step
from schemas.alert import Alert
from schemas.article import UniqueArticle
from schemas.delta import Delta, IncidentSnapshot
from schemas.fingerprint import Fingerprint
from schemas.reasons import DeltaReason, Silence
from schemas.report import Count
from schemas.state import AnnouncedRow, TrackRow

UNKNOWN_COUNTRY = "ZZ"
"""As for subjects: ISO 3166-1 leaves it to users."""

_PEOPLE = frozenset({"killed", "injured"})
_SILENCES = frozenset(Silence)


class Counting:
    """``agents.stage.StageMetrics`` on top of ``monitor.metrics``."""

    def received(self, stage: str) -> None:
        """Count a record that entered."""
        metrics.stage_received.labels(stage).inc()
        metrics.stage_in_progress.labels(stage).inc()
        metrics.stage_last_item.labels(stage).set_to_current_time()

    def ended(self, stage: str, outcome: str, reason: str, seconds: float) -> None:
        """Count what became of it."""
        metrics.stage_in_progress.labels(stage).dec()
        metrics.stage_results.labels(stage, outcome, reason).inc()
        metrics.stage_seconds.labels(stage).observe(seconds)

    def decided(self, stage: str, reason: str) -> None:
        """Count one decision."""
        metrics.stage_decisions.labels(stage, reason).inc()

    def sent(self, stage: str, count: int) -> None:
        """Count records that were sent on."""
        metrics.stage_sent.labels(stage).inc(count)


def deduped(step: Step[Fingerprint, UniqueArticle]) -> Step[Fingerprint, UniqueArticle]:
    """Count what dedupe said of an article, and return it."""
    for unique in step.outputs:
        metrics.outcomes.labels(unique.outcome).inc()
    return step


def tracked(step: Step[TrackRow, Delta]) -> Step[TrackRow, Delta]:
    """Count what changed, and return it."""
    for delta in step.outputs:
        metrics.deltas.labels(delta.reason).inc()
        # What is background was known to the world before: it is no news of today.
        if delta.incident is None or delta.incident.background:
            continue
        country = country_of(delta.incident)
        if delta.reason is DeltaReason.CREATED:
            metrics.incidents.labels(country, delta.incident.kind).inc()
            _reported(country, "killed", None, delta.incident.killed)
            _reported(country, "injured", None, delta.incident.injured)
        elif delta.measure in _PEOPLE:
            _reported(country, delta.measure, delta.before, delta.after)
    return step


def decided(step: Step[AnnouncedRow, Alert]) -> Step[AnnouncedRow, Alert]:
    """Count alerts and silences, and return them."""
    for alert in step.outputs:
        country = country_of(alert.incident) if alert.incident else UNKNOWN_COUNTRY
        metrics.alerts.labels(alert.kind, country).inc()
    for reason in step.reasons:
        if reason in _SILENCES:
            metrics.silences.labels(reason).inc()
    return step


def country_of(incident: IncidentSnapshot) -> str:
    """Return the country of an incident as a label."""
    code = incident.place.country_code if incident.place else None
    return code or UNKNOWN_COUNTRY


def _reported(country: str, measure: str, before: Count | None, after: Count | None) -> None:
    step = _figure(after) - _figure(before)
    direction = "raised" if step > 0 else "lowered"
    metrics.reported.labels(country, measure, direction).inc(abs(step))


def _figure(count: Count | None) -> int:
    """Return what is known of a count: its best figure, else the lowest that is certain."""
    if count is None:
        return 0
    return count.best if count.best is not None else count.low or 0
