"""Deltas to alerts, or to silence."""

from __future__ import annotations

from agents.counting import decided
from agents.heartbeat import arrived
from agents.ledger import Ledger
from agents.service import Service, Tools, run_stage
from agents.settings import Settings
from agents.stage import Stage
from agents.wire import message
from monitor.alerts.book import AlertBook
from monitor.alerts.rules import decide
from schemas import codec
from schemas.alert import Alert
from schemas.delta import Delta
from schemas.state import AnnouncedRow


def make_stage(settings: Settings) -> Stage[Delta, AlertBook, AnnouncedRow, Alert]:
    """Return the alert stage."""
    return Stage(
        name="alert",
        source="incident.deltas",
        kind=Delta,
        ledger=lambda partition: Ledger(
            topic="alert.rows",
            partition=partition,
            book=AlertBook(),
            row_of=lambda raw: codec.decode(raw, AnnouncedRow),
        ),
        judge=lambda book, delta, _offset: (
            arrived(delta) or decided(decide(book, delta, settings.alert))
        ),
        id_of=lambda delta: delta.delta_id,
        message_of=lambda alert: message("alerts", alert.subject, alert),
    )


def build(tools: Tools) -> Service:
    """Return the service of the stage."""
    return run_stage(tools, make_stage(tools.settings))
