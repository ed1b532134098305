"""Records of deliveries for tests."""

from datetime import UTC, datetime, timedelta

from monitor.alerts.payload import body
from monitor.sinks.base import Event
from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.reasons import AlertKind, AlertReason, Attempt

T0 = datetime(2025, 3, 1, 12, tzinfo=UTC)


def an_alert(number=1):
    return Alert(
        alert_id=f"alr-{number}",
        kind=AlertKind.ATTACK,
        reason=AlertReason.NEW_ATTACK,
        subject="country:IQ",
        article_id="a",
        title="t",
        text="t",
    )


def pending(number=1, *, attempts=0, at=T0):
    return Delivery(
        webhook_id=f"msg_{number}",
        alert_id=f"alr-{number}",
        sink="desk",
        outcome=Attempt.PENDING,
        attempts=attempts,
        first_at=at,
        at=at,
        next_at=at,
        subject="country:IQ",
        alert=an_alert(number),
    )


def attempted(outcome, attempts, number=1, *, next_at=None):
    return Delivery(
        webhook_id=f"msg_{number}",
        alert_id=f"alr-{number}",
        sink="desk",
        outcome=outcome,
        attempts=attempts,
        first_at=T0 + timedelta(hours=1),
        at=T0 + timedelta(seconds=attempts),
        next_at=next_at,
        subject="country:IQ",
    )


def event(title="Bombing in Kirkuk", **more):
    """An alert on its way to a sink."""
    fields = {
        "alert_id": "al_1",
        "kind": AlertKind.ATTACK,
        "reason": AlertReason.NEW_ATTACK,
        "subject": "country:IQ",
        "article_id": "a1",
        "title": title,
        "text": "Two killed.",
    }
    alert = Alert(**(fields | more))
    return Event(webhook_id="msg_1", alert=alert, body=body(alert))
