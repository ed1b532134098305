"""Test alerts: of each kind, with all that a true one of that kind has, and ``status`` ``test``."""

from __future__ import annotations

from datetime import datetime

from monitor.alerts.wording import wording
from monitor.incidents.ids import digest
from schemas.alert import Alert, FigureChange
from schemas.base import AlertId, IncidentId, Subject
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason, EventType, Kind, Stance
from schemas.report import Count, DayRange, Speaker, Statement, StatementTarget

KINDS = (AlertKind.ATTACK, AlertKind.STRIKE, AlertKind.CONDEMNATION, AlertKind.UPDATE)
"""Kinds of which a test alert can be made."""

_ONE, _TWO = (Count(low=n, best=n, high=n) for n in (1, 2))


def rehearsal(title: str, kind: AlertKind, sinks: tuple[str, ...], at: datetime) -> Alert:
    """Return a test alert of a kind. Nothing in it has happened, and its text says so.

    Args:
        title: What stands as its headline.
        kind: One of ``KINDS``.
        sinks: Whom it is for; empty: all.
        at: When it is made. Another time makes another alert.
    """
    number = digest("alert", title, kind, at.isoformat())
    is_statement = kind is AlertKind.CONDEMNATION
    return Alert(
        alert_id=AlertId("test-" + number),
        kind=kind,
        reason=AlertReason.TEST,
        subject=Subject("test:alert"),
        article_id="test-" + digest("article", title, at.isoformat()),
        title=title,
        text=_says("text"),
        incident_id=IncidentId("test-incident-" + number),
        incident=_incident(kind, number, at),
        statement=_statement() if is_statement else None,
        changes=(FigureChange(measure="killed", before=_ONE, after=_TWO),)
        if kind is AlertKind.UPDATE
        else (),
        sources=(SourceClaim(source=_says("source"), article_id="test", published=at),),
        status="test",
        fetched_at=at,
        published=at,
        sinks=sinks,
    )


def _says(key: str) -> str:
    return wording().say("test", key)


def _incident(kind: AlertKind, number: str, at: datetime) -> IncidentSnapshot:
    is_strike = kind is AlertKind.STRIKE
    return IncidentSnapshot(
        incident_id=IncidentId("test-incident-" + number),
        kind=Kind.STRIKE if is_strike else Kind.ATTACK,
        event_type=EventType.AIR_STRIKE if is_strike else EventType.OTHER_VIOLENCE,
        date=DayRange(first=at.date(), last=at.date()),
        killed=_TWO if kind is AlertKind.UPDATE else None,
        independent_sources=1,
    )


def _statement() -> Statement:
    return Statement(
        speaker=Speaker(name=_says("speaker")),
        official=True,
        stance=Stance.CONDEMN,
        target=StatementTarget(text=_says("target")),
    )
