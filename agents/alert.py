"""Deltas to alerts, or to silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agents.counting import decided
from agents.heartbeat import arrived
from agents.ledger import Ledger
from agents.service import Service, Tools, run_stage
from agents.settings import Settings
from agents.stage import Stage
from agents.tail import Tail
from agents.wire import message
from monitor.alerts.book import AlertBook
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.rules import decide
from schemas import codec
from schemas.alert import Alert
from schemas.delta import Delta
from schemas.silence import Mute
from schemas.state import AnnouncedRow


def make_stage(
    settings: Settings, policy: Callable[[], AlertPolicy] | None = None
) -> Stage[Delta, AlertBook, AnnouncedRow, Alert]:
    """Return the alert stage; ``policy`` gives the one in force where it may change, else it is that of the settings."""
    in_force = policy or (lambda: settings.alert)
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
            arrived(delta) or decided(decide(book, delta, in_force()))
        ),
        id_of=lambda delta: delta.delta_id,
        article_of=lambda delta: delta.article_id,
        message_of=lambda alert: (
            None if settings.silent else message("alerts", alert.subject, alert)
        ),
    )


def build(tools: Tools) -> Service:
    """Return the service of the stage, which knows all silences before it takes a record."""
    silences = Tail(kafka=tools.settings.kafka, topic="silences", kind=Mute)

    def policy() -> AlertPolicy:
        alert = tools.settings.alert
        return replace(alert, mutes=(*alert.mutes, *silences.latest.values()))

    def renew(changed: Settings) -> None:
        tools.settings = changed

    stage = make_stage(tools.settings, policy)
    return run_stage(tools, stage, start=silences.start, stop=silences.stop, renew=renew)
